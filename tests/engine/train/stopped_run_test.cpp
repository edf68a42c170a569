#include "engine/train/internal/checkpoint.h"
#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/stop_at.h"

#include <QTest>

#include <optional>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::StopAt;
using test::TestFolder;

namespace {

/// What the rows of a test ask of a run beside the usual.
void adjust(TrainConfig &config, std::string_view row)
{
    if (row.starts_with("sgd"))
        config.optimizer = OptimizerKind::Sgd;
    if (row == "sgd with the cosine schedule")
        config.schedule = ScheduleKind::Cosine;
    else if (row == "sgd without momentum")
        config.momentum = 0.0;
    else if (row == "everything that mixes and averages") {
        config.labelSmoothing = 0.1;
        config.mixup = 0.4;
        config.cutmix = 1.0;
        config.balance = ClassBalance::Sampling;
        config.averageDecay = 0.9;
    }
}

} // namespace

/// Runs from scratch that are stopped, and gone on with.
class StoppedRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne_data();
    void aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne();
    void stopAtStepZeroLeavesACheckpointAndNoModel();
    void aRunCanGoOnFromItsFirstStepOn();
    void stopAfterAnEpochKeepsTheBestWeights();
    void resumingWithoutACheckpointIsRefused();
    void resumingWithOtherPicturesIsRefused();
};

void StoppedRunTest::aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne_data()
{
    QTest::addColumn<int>("step"); // 4 steps make an epoch
    QTest::addColumn<Precision>("precision");
    QTest::newRow("first step, fp32") << 1 << Precision::Float32;
    QTest::newRow("within the second epoch, fp32") << 6 << Precision::Float32;
    QTest::newRow("end of an epoch, fp32") << 4 << Precision::Float32;
    QTest::newRow("within the second epoch, automatic") << 6 << Precision::Automatic;
    QTest::newRow("sgd with the cosine schedule") << 6 << Precision::Automatic;
    QTest::newRow("sgd without momentum") << 6 << Precision::Float32;
    QTest::newRow("everything that mixes and averages") << 6 << Precision::Automatic;
    QTest::newRow("last step, automatic") << 12 << Precision::Automatic;
}

void StoppedRunTest::aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne()
{
    QFETCH(int, step);
    QFETCH(Precision, precision);
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(3);
    config.precision = precision;
    adjust(config, QTest::currentDataTag());
    const auto undisturbed = train(pictures, config, outputIn(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    StopAt stop(step);
    TrainOutput output = outputIn(folder, "stopped");
    const auto stopped = train(pictures, config, output, stop.events, stop.source.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    output.resume = true;
    std::optional<int> epochsMeanwhile;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &) { epochsMeanwhile = epochsMeanwhile.value_or(readRunSummary(output.runFolder)->receipt.epochs); };
    const auto resumed = train(pictures, {}, output, events);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QCOMPARE(epochsMeanwhile.value_or(stopped->epochs), stopped->epochs); // a crash then would not take away what is known; after the last step there is no progress
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QVERIFY(resumed->seconds > stopped->seconds); // of both parts
    QCOMPARE(resumed->loaderWait->steps, undisturbed->loaderWait->steps);
    QCOMPARE(resumed->validationAccuracy, undisturbed->validationAccuracy);
    QVERIFY(readSafetensors(resumed->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
    QCOMPARE(readRun(resumed->run)->metrics.size(), readRun(undisturbed->run)->metrics.size());
}

void StoppedRunTest::stopAtStepZeroLeavesACheckpointAndNoModel()
{
    const TestFolder folder;
    std::stop_source stop;
    stop.request_stop();
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(), outputIn(folder), {}, stop.get_token());
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Stopped);
    QCOMPARE(report->epochs, 0);
    QVERIFY(report->model.empty());
    const auto run = readRun(report->run);
    QVERIFY2(run, errorText(run));
    QVERIFY(run->summary.hasCheckpoint && !run->summary.hasModel && run->metrics.empty());
}

/// It may be killed long before the first checkpoint is due.
void StoppedRunTest::aRunCanGoOnFromItsFirstStepOn()
{
    const TestFolder folder;
    TrainOutput output = outputIn(folder);
    std::optional<std::int64_t> step;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &progress) {
        if (progress.epoch == 1 && progress.step == 1 && QTest::qWaitFor([&] { return std::filesystem::exists(output.runFolder / kCheckpointFile); }))
            step = internal::readCheckpoint(output.runFolder / kCheckpointFile)->progress.step;
    };
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(1), output, events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(step, std::optional<std::int64_t>(0));
}

void StoppedRunTest::stopAfterAnEpochKeepsTheBestWeights()
{
    const TestFolder folder;
    StopAt stop(6);
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(), outputIn(folder), stop.events, stop.source.get_token());
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Stopped);
    QCOMPARE(report->epochs, 1);
    QVERIFY(!report->test); // the test pictures are for the finished model
    QVERIFY(readModel(report->model).has_value());
    QVERIFY(readModel(report->run / kBestFile)->weights == readModel(report->model)->weights);
}

void StoppedRunTest::resumingWithoutACheckpointIsRefused()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainOutput output = outputIn(folder);
    output.resume = true;
    QCOMPARE(train(pictures, scratchConfig(), output).error().code, ErrorCode::NotFound);
    QVERIFY(train(pictures, scratchConfig(1), outputIn(folder)).has_value());
    std::filesystem::remove(folder / "run" / kCheckpointFile);
    QCOMPARE(train(pictures, scratchConfig(), output).error().code, ErrorCode::NotFound);
}

void StoppedRunTest::resumingWithOtherPicturesIsRefused()
{
    const TestFolder folder;
    Snapshot pictures = drawnSnapshot(folder);
    QVERIFY(train(shared(pictures), scratchConfig(1), outputIn(folder)).has_value());
    pictures.entries.front().label = 1 - pictures.entries.front().label;
    TrainOutput output = outputIn(folder);
    output.resume = true;
    const auto report = train(shared(pictures), scratchConfig(1), output);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Completed);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::StoppedRunTest)
#include "stopped_run_test.moc"
