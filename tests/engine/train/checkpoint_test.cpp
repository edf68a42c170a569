#include "engine/train/internal/checkpoint_saver.h"
#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/support/failing_disk.h"

#include <QTest>

#include <cerrno>
#include <fstream>

namespace whisker {

using internal::Checkpoint;
using internal::CheckpointPace;
using internal::CheckpointSaver;
using internal::readCheckpoint;
using internal::readCheckpointOf;
using internal::RunRecorder;
using test::drawnSnapshot;
using test::errorText;
using test::FailingDisk;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

Checkpoint checkpointAt(std::int64_t step)
{
    Checkpoint checkpoint{"digest", "small", {}, {}};
    checkpoint.progress.step = step;
    const std::vector<float> values(100, static_cast<float>(step));
    checkpoint.weights.set("weight", WeightTensor::fromFloats({100}, values));
    return checkpoint;
}

void save(const std::filesystem::path &folder, std::initializer_list<std::int64_t> steps)
{
    RunRecorder recorder = *RunRecorder::begin(folder, {}, {}, true);
    CheckpointSaver saver(recorder);
    for (const std::int64_t step : steps)
        saver.save(std::nullopt, checkpointAt(step));
    saver.wait();
}

/// One bit of the last tensor is another.
void damage(const std::filesystem::path &file)
{
    std::string bytes = test::fileBytes(file);
    bytes[bytes.size() - 9] = static_cast<char>(bytes[bytes.size() - 9] ^ 1);
    std::ofstream(file, std::ios::binary) << bytes;
}

/// Also while somebody writes into it.
void removeAll(const std::filesystem::path &folder)
{
    while (std::filesystem::exists(folder)) {
        std::error_code again;
        std::filesystem::remove_all(folder, again);
    }
}

bool anyContains(const std::vector<std::string> &sentences, const std::string &words)
{
    return std::ranges::any_of(sentences, [&](const std::string &sentence) { return sentence.find(words) != std::string::npos; });
}

} // namespace

class CheckpointTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLastTwoAreKept();
    void aDamagedNewestGivesWayToTheOneBefore_data();
    void aDamagedNewestGivesWayToTheOneBefore();
    void aNewerVersionAndOtherDataAreNoDamage();
    void copyingTakesAHundredthOfTheTimeAtMost();
    void aRunGoesOnFromTheOneBeforeAndEndsAsUndisturbed();
    void aFullDiskIsSaidTheLastGoodOneStaysAndTrainingGoesOn();
    void aFullDiskToTheEndLeavesTheLastGoodOne();
    void aRunFolderDeletedMeanwhileStillGetsItsModel();
};

void CheckpointTest::theLastTwoAreKept()
{
    const TestFolder folder;
    save(folder / "run", {1, 2, 3});
    QCOMPARE(readCheckpoint(folder / "run" / kCheckpointFile)->progress.step, 3);
    QCOMPARE(readCheckpoint(folder / "run" / kPreviousCheckpointFile)->progress.step, 2);
    QCOMPARE(readCheckpointOf(folder / "run", "digest", "small")->checkpoint.progress.step, 3);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(folder / "run"))
        ++files;
    QCOMPARE(files, 4u); // and receipt and metrics
}

void CheckpointTest::aDamagedNewestGivesWayToTheOneBefore_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"a bit", "cut off", "empty", "gone"})
        QTest::newRow(how) << how;
}

void CheckpointTest::aDamagedNewestGivesWayToTheOneBefore()
{
    QFETCH(QString, how);
    const TestFolder folder;
    save(folder / "run", {1, 2});
    const auto newest = folder / "run" / kCheckpointFile;
    if (how == "a bit")
        damage(newest);
    else if (how == "gone")
        std::filesystem::remove(newest);
    else
        std::filesystem::resize_file(newest, how == "empty" ? 0 : std::filesystem::file_size(newest) / 2);
    const auto found = readCheckpointOf(folder / "run", "digest", "small");
    QVERIFY2(found, errorText(found));
    QCOMPARE(found->checkpoint.progress.step, 1);
    QCOMPARE(found->note.empty(), how == "gone"); // of two names it had only one when it was interrupted
    QVERIFY(readCheckpointOf(folder / "run", "digest", "small")->checkpoint.weights == checkpointAt(1).weights);
    damage(folder / "run" / kPreviousCheckpointFile);
    QVERIFY(!readCheckpointOf(folder / "run", "digest", "small"));
}

void CheckpointTest::aNewerVersionAndOtherDataAreNoDamage()
{
    const TestFolder folder;
    save(folder / "run", {1, 2});
    QCOMPARE(readCheckpointOf(folder / "run", "other", "small").error().code, ErrorCode::InvalidArgument);
    const auto refused = readCheckpointOf(folder / "run", "digest", "resnet18");
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(refused.error().message.find("small") != std::string::npos, errorText(refused));
    const SafetensorsMetadata newer{{"whisker_checkpoint", R"({"format":99})"}};
    QVERIFY(writeSafetensors(folder / "run" / kCheckpointFile, {}, newer).has_value());
    const auto update = readCheckpointOf(folder / "run", "digest", "small");
    QCOMPARE(update.error().code, ErrorCode::NewerVersion);
    QVERIFY2(update.error().message.find("update Whisker") != std::string::npos, errorText(update));
}

void CheckpointTest::copyingTakesAHundredthOfTheTimeAtMost()
{
    CheckpointPace pace(std::chrono::hours(1));
    QVERIFY(!pace.isDue());
    pace.epochEnded();
    QVERIFY(pace.isDue());
    pace.copied(0.0);
    QVERIFY(!pace.isDue());
    pace.epochEnded();
    QVERIFY(pace.isDue());
    pace.copied(100.0); // next one in 10,000 seconds
    pace.epochEnded();
    QVERIFY(!pace.isDue());
    QCOMPARE(pace.copySeconds(), 100.0);
    QVERIFY(CheckpointPace(std::chrono::milliseconds(0)).isDue()); // so much time has gone by
}

void CheckpointTest::aRunGoesOnFromTheOneBeforeAndEndsAsUndisturbed()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto undisturbed = train(pictures, scratchConfig(4), outputIn(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    std::stop_source stop;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.step >= 10)
            stop.request_stop();
    };
    TrainOutput output = outputIn(folder);
    QVERIFY(train(pictures, scratchConfig(4), output, events, stop.get_token()).has_value());
    QVERIFY(std::filesystem::exists(output.runFolder / kPreviousCheckpointFile));
    damage(output.runFolder / kCheckpointFile);
    output.resume = true;
    const auto resumed = train(pictures, {}, output);
    QVERIFY2(resumed, errorText(resumed));
    QVERIFY(anyContains(resumed->receipt.notes, "damaged"));
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QVERIFY(readCheckpoint(output.runFolder / kCheckpointFile)->weights == readCheckpoint(undisturbed->run / kCheckpointFile)->weights);
}

void CheckpointTest::aFullDiskIsSaidTheLastGoodOneStaysAndTrainingGoesOn()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    std::filesystem::create_directory(folder / "run");
    FailingDisk disk(folder / "run");
    TrainEvents events;
    std::int64_t lastGood = -1;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.series == MetricSeries::TrainingLoss && point.step == 10)
            disk.failAt(disk.operations() + 1, FailingDisk::Failure::FromThenOn, ENOSPC);
    };
    events.onNote = [&](const std::string &note) {
        if (note.find("last checkpoint that was written") == std::string::npos)
            return;
        const auto found = readCheckpointOf(folder / "run", pictures->digest(), "small");
        lastGood = found ? found->checkpoint.progress.step : -1;
        disk.repair();
    };
    const auto report = train(pictures, scratchConfig(40), {folder / "run"}, events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QVERIFY2(lastGood == 0 || lastGood == 4 || lastGood == 8, qPrintable(QString::number(lastGood)));
    QCOMPARE(readCheckpoint(folder / "run" / kCheckpointFile)->progress.step, 160);
    const auto undisturbed = train(pictures, scratchConfig(40), outputIn(folder, "undisturbed"));
    QVERIFY(readModel(report->model)->weights == readModel(undisturbed->model)->weights);
}

void CheckpointTest::aFullDiskToTheEndLeavesTheLastGoodOne()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    {
        std::filesystem::create_directory(folder / "run");
        FailingDisk disk(folder / "run");
        TrainEvents events;
        events.onMetric = [&](const MetricPoint &point) {
            if (point.series == MetricSeries::TrainingLoss && point.step == 10)
                disk.failAt(disk.operations() + 1, FailingDisk::Failure::FromThenOn, ENOSPC);
        };
        const auto report = train(pictures, scratchConfig(3), {folder / "run"}, events);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::NoSpace);
    }
    TrainOutput output = outputIn(folder);
    output.resume = true;
    const auto resumed = train(pictures, {}, output); // as soon as there is room
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    const auto undisturbed = train(pictures, scratchConfig(3), outputIn(folder, "undisturbed"));
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
}

void CheckpointTest::aRunFolderDeletedMeanwhileStillGetsItsModel()
{
    const TestFolder folder;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.series == MetricSeries::TrainingLoss && point.step == 6)
            removeAll(folder / "run");
    };
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(3), outputIn(folder), events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QVERIFY(anyContains(report->receipt.notes, "was deleted while the run went on"));
    QVERIFY(readModel(folder / "run" / kModelFile).has_value());
    QVERIFY(readModel(report->model).has_value());
    const auto run = readRun(folder / "run");
    QVERIFY2(run, errorText(run));
    QCOMPARE(run->summary.receipt.status, RunStatus::Completed);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::CheckpointTest)
#include "checkpoint_test.moc"
