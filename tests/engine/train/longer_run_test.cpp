#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/stop_at.h"

#include <QTest>

#include <csignal>
#include <sys/resource.h>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::StopAt;
using test::TestFolder;

namespace {

constexpr int kStepsPerEpoch = 4;

TrainOutput longer(TrainOutput output, int epochs)
{
    output.resume = true;
    output.moreEpochs = epochs;
    return output;
}

} // namespace

class LongerRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFinishedRunGoesOnForMoreEpochs();
    void aStoppedRunAddsThemToThoseItHasLeft();
    void aLongerRunThatIsStoppedEqualsAnUndisturbedOne();
    void aRunThatEndedForWantOfPatienceGoesOnFromThere();
    void itCanBeMadeLongerTwice();
    void aRunThatIsNotMadeLongerForWantOfRoomIsAsItWas();
    void quickRunsAndNewRunsAreRefused();
    void stopTakesNoFurtherStep();
};

void LongerRunTest::aFinishedRunGoesOnForMoreEpochs()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(2), outputIn(folder));
    QVERIFY2(first, errorText(first));
    std::vector<RunMark> marks;
    TrainEvents events;
    events.onMark = [&](const RunMark &mark) { marks.push_back(mark); };
    const auto more = train(pictures, {}, longer(outputIn(folder), 3), events);
    QVERIFY2(more, errorText(more));
    QCOMPARE(more->outcome, TrainOutcome::Completed);
    QCOMPARE(more->epochs, 5);
    const RunMark expected{2 * kStepsPerEpoch, 2.0, "went on for 3 more epochs"};
    QVERIFY(marks == std::vector{expected});
    const auto record = readRun(more->run);
    QVERIFY2(record, errorText(record));
    QVERIFY(record->marks == marks);
    QCOMPARE(record->summary.receipt.config.epochs, 5);
    QVERIFY((record->summary.receipt.cycles == std::vector<ScheduleCycle>{{0, 2}, {2 * kStepsPerEpoch, 5}}));
    QCOMPARE(std::ranges::count(record->metrics, MetricSeries::TrainingLoss, &MetricPoint::series), 5 * kStepsPerEpoch);
}

void LongerRunTest::aStoppedRunAddsThemToThoseItHasLeft()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    StopAt stop(6);
    QVERIFY(train(pictures, scratchConfig(3), outputIn(folder), stop.events, stop.source.get_token()).has_value());
    const auto more = train(pictures, {}, longer(outputIn(folder), 1));
    QVERIFY2(more, errorText(more));
    QCOMPARE(more->epochs, 4);
    QVERIFY((readRunSummary(more->run)->receipt.cycles == std::vector<ScheduleCycle>{{0, 3}, {6, 4}}));
}

void LongerRunTest::aLongerRunThatIsStoppedEqualsAnUndisturbedOne()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    for (const char *name : {"undisturbed", "stopped"})
        QVERIFY(train(pictures, scratchConfig(1), outputIn(folder, name)).has_value());
    const auto undisturbed = train(pictures, {}, longer(outputIn(folder, "undisturbed"), 2));
    QVERIFY2(undisturbed, errorText(undisturbed));
    StopAt stop(7);
    const auto stopped = train(pictures, {}, longer(outputIn(folder, "stopped"), 2), stop.events, stop.source.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    const auto resumed = train(pictures, {}, longer(outputIn(folder, "stopped"), 0));
    QVERIFY2(resumed, errorText(resumed));
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QVERIFY(readSafetensors(resumed->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
    QVERIFY(readRun(resumed->run)->marks == readRun(undisturbed->run)->marks);
}

void LongerRunTest::aRunThatEndedForWantOfPatienceGoesOnFromThere()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(40);
    config.learningRate = 1e-12; // so nothing changes but the running statistics
    config.patience = 2;
    const auto ended = train(pictures, config, outputIn(folder));
    QVERIFY2(ended, errorText(ended));
    QVERIFY(ended->epochs < 38);
    const auto more = train(pictures, {}, longer(outputIn(folder), 1));
    QVERIFY2(more, errorText(more));
    QCOMPARE(more->epochs, ended->epochs + 1);
    const RunReceipt receipt = readRunSummary(more->run)->receipt;
    QCOMPARE(receipt.config.epochs, ended->epochs + 1);
    const auto saysThatItEnded = [](const std::string &note) { return note.starts_with("Training ended after"); };
    QVERIFY(std::ranges::any_of(ended->receipt.notes, saysThatItEnded));
    QVERIFY(std::ranges::none_of(receipt.notes, saysThatItEnded)); // it went on
}

void LongerRunTest::aRunThatIsNotMadeLongerForWantOfRoomIsAsItWas()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    const auto before = readRun(first->run);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit little{100'000, usual.rlim_max}; // less than the model
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
    const auto more = train(pictures, {}, longer(outputIn(folder), 2));
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    QVERIFY(!more);
    QCOMPARE(more.error().code, ErrorCode::NoSpace);
    const auto after = readRun(first->run);
    QVERIFY2(after, errorText(after));
    QCOMPARE(after->summary.receipt, before->summary.receipt);
    QVERIFY(after->metrics == before->metrics && after->marks == before->marks);
}

void LongerRunTest::itCanBeMadeLongerTwice()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    QVERIFY(train(pictures, scratchConfig(1), outputIn(folder)).has_value());
    for (const int epochs : {2, 3}) {
        const auto more = train(pictures, {}, longer(outputIn(folder), 1));
        QVERIFY2(more, errorText(more));
        QCOMPARE(more->epochs, epochs);
    }
    QCOMPARE(readRun(folder / "run")->marks.size(), 2u);
    QCOMPARE(readRunSummary(folder / "run")->receipt.cycles.size(), 3u);
}

void LongerRunTest::quickRunsAndNewRunsAreRefused()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainOutput output = outputIn(folder);
    output.moreEpochs = 2;
    QCOMPARE(train(pictures, scratchConfig(1), output).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!std::filesystem::exists(output.runFolder));
    QVERIFY(train(pictures, test::quickConfig(), outputIn(folder)).has_value());
    const auto refused = train(pictures, {}, longer(outputIn(folder), 2));
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("quick run") != std::string::npos, errorText(refused));
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Completed);
    QCOMPARE(train(pictures, {}, longer(outputIn(folder), -1)).error().code, ErrorCode::InvalidArgument);
}

void LongerRunTest::stopTakesNoFurtherStep()
{
    const TestFolder folder;
    StopAt stop(6); // asked for while the sixth is told
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(), outputIn(folder), stop.events, stop.source.get_token());
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Stopped);
    const auto run = readRun(report->run);
    QCOMPARE(std::ranges::max(run->metrics, {}, &MetricPoint::step).step, 6);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::LongerRunTest)
#include "longer_run_test.moc"
