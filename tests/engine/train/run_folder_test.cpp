#include "engine/train/run_folder.h"
#include "engine/train/internal/run_recorder.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <functional>

namespace whisker {

using internal::RunRecorder;
using test::errorText;
using test::TestFolder;

namespace {

RunReceipt receiptOf(const std::string &started)
{
    RunReceipt receipt;
    receipt.snapshotDigest = "0123456789abcdef0123456789abcdef";
    receipt.classes = {"cat", "dog"};
    receipt.trainImages = 320;
    receipt.versions = {{"whisker", "0.1.0"}};
    receipt.started = started;
    return receipt;
}

RunRecorder begun(const std::filesystem::path &folder, const TrainEvents &events = {}, bool goOn = false)
{
    return *RunRecorder::begin(folder, receiptOf("2025-01-01T00:00:00Z"), events, goOn);
}

} // namespace

class RunFolderTest : public QObject {
    Q_OBJECT

    static void leavesOnlyStopped(const std::function<Result<void>(const std::filesystem::path &)> &leave, const std::function<void(RunReceipt &)> &left);

private Q_SLOTS:
    void aReceiptSurvivesJson();
    void aRunUnderWayIsSeenToBeAndNeitherTakenNorDeleted();
    void aFolderThatIsNoRunIsNotDeleted();
    void whatOlderWhiskersDidNotWriteIsNotKnown();
    void theMemoryInUseIsToldAndItsPeakKept();
    void aNewerReceiptIsRefused();
    void everyPointIsKeptInOrder();
    void aTornLastLineIsIgnoredAndWrittenAround();
    void pointsThatAResumedRunTookAgainStandOnce();
    void marksAreKeptWithThePointsAndOnce();
    void aFullDiskIsToldOnceAndTrainingGoesOn();
    void aNewRunRemovesWhatAnEarlierOneLeft();
    void aStoppedRunThatNobodySawStopIsLeftUnfinished();
    void onlyAStoppedRunIsLeftPaused();
    void aRunThatGoesOnKeepsItsNotesAndTellsThemAnew();
    void whatMattersOnlyMeanwhileIsToldOnceAndNotKept();
    void runsAreListedNewestFirstWithoutWhatIsNoRun();
    void aTakenNameGetsANumber();
    void aFolderThatCannotBeMadeIsAnError();
};

void RunFolderTest::aReceiptSurvivesJson()
{
    RunReceipt receipt = receiptOf("2025-01-01T00:00:00Z");
    receipt.status = RunStatus::Diverged;
    receipt.message = "The loss stopped being a number.";
    receipt.validationAccuracy = 0.1;
    receipt.testCorrect = 9;
    receipt.testTotal = 10;
    receipt.notes = {"one", "two"};
    receipt.cycles = {{0, 3}, {12, 23}};
    receipt.repeats = "2025-03-09-140559-scratch";
    receipt.peakMemoryBytes = 1'900'000'000;
    receipt.loaderWait = LoaderWait{200, 7, 0.021};
    const auto read = runReceiptFromJson(toJson(receipt));
    QVERIFY2(read, errorText(read));
    QVERIFY(*read == receipt);
}

void RunFolderTest::whatOlderWhiskersDidNotWriteIsNotKnown()
{
    std::string json = toJson(receiptOf("2025-01-01T00:00:00Z"));
    for (const std::string line : {"\"peak_memory_bytes\": null,", "\"loader\": null,", "\"repeats\": \"\","}) {
        const auto place = json.find(line);
        QVERIFY(place != std::string::npos);
        json.erase(place, line.size());
    }
    const auto read = runReceiptFromJson(json);
    QVERIFY2(read, errorText(read));
    QVERIFY(!read->peakMemoryBytes);
    QVERIFY(!read->loaderWait);
    QVERIFY(read->repeats.empty());
}

void RunFolderTest::theMemoryInUseIsToldAndItsPeakKept()
{
    const TestFolder folder;
    std::optional<MemoryUse> told;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &progress) { told = progress.memory; };
    RunRecorder recorder = begun(folder / "run", events);
    recorder.progress({});
    QVERIFY(told.has_value());
    QVERIFY(told->used > 1'000'000 && told->used < told->all);
    QVERIFY(!told->ofGpu);
    recorder.takePeakMemory();
    QVERIFY(recorder.saveReceipt().has_value());
    QVERIFY(readRun(folder / "run")->summary.receipt.peakMemoryBytes.value_or(0) >= told->used);
}

void RunFolderTest::aNewerReceiptIsRefused()
{
    QCOMPARE(runReceiptFromJson(R"({"format":99})").error().code, ErrorCode::NewerVersion);
    QCOMPARE(runReceiptFromJson("{}").error().code, ErrorCode::BadFormat);
}

void RunFolderTest::everyPointIsKeptInOrder()
{
    const TestFolder folder;
    std::vector<MetricPoint> told;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) { told.push_back(point); };
    RunRecorder recorder = begun(folder / "run", events);
    for (int step = 1; step <= 100; ++step)
        recorder.metric({MetricSeries::TrainingLoss, step, step / 10.0, 1.0 / step});
    const auto run = readRun(folder / "run");
    QVERIFY2(run, errorText(run));
    QCOMPARE(told.size(), 100u);
    QVERIFY(run->metrics == told);
}

void RunFolderTest::aTornLastLineIsIgnoredAndWrittenAround()
{
    const TestFolder folder;
    begun(folder / "run").metric({MetricSeries::TrainingLoss, 1, 0.5, 0.7});
    const auto file = folder / "run" / kMetricsFile;
    folder.write(file.lexically_relative(folder.path()), test::fileBytes(file) + R"({"series":"training_lo)");
    QCOMPARE(readRun(folder / "run")->metrics.size(), 1u);
    begun(folder / "run", {}, true).metric({MetricSeries::TrainingLoss, 2, 1.0, 0.6});
    const auto run = readRun(folder / "run");
    QVERIFY2(run, errorText(run));
    QCOMPARE(run->metrics.size(), 2u);
    QCOMPARE(run->metrics[1].step, 2);
}

void RunFolderTest::pointsThatAResumedRunTookAgainStandOnce()
{
    const TestFolder folder;
    RunRecorder recorder = begun(folder / "run");
    for (const int step : {1, 2, 3, 2, 3, 4})
        recorder.metric({MetricSeries::TrainingLoss, step, 0.0, 1.0});
    QCOMPARE(readRun(folder / "run")->metrics.size(), 4u);
}

void RunFolderTest::marksAreKeptWithThePointsAndOnce()
{
    const TestFolder folder;
    std::vector<RunMark> told;
    TrainEvents events;
    events.onMark = [&](const RunMark &mark) { told.push_back(mark); };
    const RunMark longer{4, 1.0, "went on for 20 more epochs"}, smaller{7, 1.75, "batch halved"};
    {
        RunRecorder recorder = begun(folder / "run", events);
        recorder.metric({MetricSeries::TrainingLoss, 4, 1.0, 0.7});
        recorder.mark(longer);
        recorder.mark(smaller);
        recorder.mark(smaller); // as a resumed run does
    }
    const auto file = folder / "run" / kMetricsFile;
    folder.write(file.lexically_relative(folder.path()), test::fileBytes(file) + R"({"mark":"torn","step":9,"epo)");
    const auto run = readRun(folder / "run");
    QVERIFY2(run, errorText(run));
    QCOMPARE(told.size(), 3u);
    QVERIFY((run->marks == std::vector<RunMark>{longer, smaller}));
    QCOMPARE(run->metrics.size(), 1u); // where an older Whisker sees no mark
}

void RunFolderTest::aFullDiskIsToldOnceAndTrainingGoesOn()
{
    const TestFolder folder;
    std::filesystem::create_directory(folder / "run");
    std::filesystem::create_symlink("/dev/full", folder / "run" / kMetricsFile);
    std::vector<std::string> notes;
    int told = 0;
    TrainEvents events;
    events.onNote = [&](const std::string &note) { notes.push_back(note); };
    events.onMetric = [&](const MetricPoint &) { ++told; };
    RunRecorder recorder = begun(folder / "run", events, true);
    recorder.metric({MetricSeries::TrainingLoss, 1, 0.0, 1.0});
    recorder.metric({MetricSeries::TrainingLoss, 2, 0.0, 1.0});
    QCOMPARE(told, 2);
    QCOMPARE(notes.size(), 1u);
    QVERIFY(notes[0].find(kMetricsFile) != std::string::npos);
}

void RunFolderTest::aNewRunRemovesWhatAnEarlierOneLeft()
{
    const TestFolder folder;
    begun(folder / "run").metric({MetricSeries::TrainingLoss, 1, 0.0, 1.0});
    folder.write("run/checkpoint.safetensors", "old");
    folder.write("run/notes.txt", "mine");
    begun(folder / "run");
    const auto run = readRun(folder / "run");
    QVERIFY2(run, errorText(run));
    QVERIFY(run->metrics.empty() && !run->summary.hasCheckpoint);
    QVERIFY(std::filesystem::exists(folder / "run/notes.txt"));
}

/// Of runs that ended in each way `leave` makes `left` of a stopped one alone, and only where there is something to go on from.
void RunFolderTest::leavesOnlyStopped(const std::function<Result<void>(const std::filesystem::path &)> &leave, const std::function<void(RunReceipt &)> &left)
{
    const TestFolder folder;
    for (const RunStatus status : {RunStatus::Stopped, RunStatus::Completed, RunStatus::Diverged}) {
        const std::filesystem::path run = folder / std::string(runStatusName(status));
        RunReceipt receipt = receiptOf("2025-01-01T00:00:00Z");
        receipt.status = status;
        receipt.finished = "2025-01-01T00:10:00Z";
        receipt.epochs = 7;
        receipt.config.mode = TrainMode::Scratch;
        folder.write(run / kReceiptFile, toJson(receipt));
        QVERIFY(leave(run));
        QCOMPARE(readRunSummary(run)->receipt, receipt);
        folder.write(run / kCheckpointFile, "weights");
        QVERIFY(leave(run));
        if (status == RunStatus::Stopped)
            left(receipt);
        QCOMPARE(readRunSummary(run)->receipt, receipt);
    }
    QCOMPARE(leave(folder / "gone").error().code, ErrorCode::NotFound);
}

void RunFolderTest::aStoppedRunThatNobodySawStopIsLeftUnfinished()
{
    leavesOnlyStopped(&leaveUnfinished, [](RunReceipt &receipt) {
        receipt.status = RunStatus::Unfinished;
        receipt.finished.clear();
    });
}

void RunFolderTest::onlyAStoppedRunIsLeftPaused()
{
    leavesOnlyStopped(&leavePaused, [](RunReceipt &receipt) { receipt.paused = true; }); // stopped to who knows no pause
    RunReceipt receipt = receiptOf("2025-01-01T00:00:00Z");
    receipt.status = RunStatus::Stopped;
    QCOMPARE(statusWord(receipt), "stopped");
    receipt.paused = true;
    QCOMPARE(statusWord(receipt), "paused");
    receipt.status = RunStatus::Unfinished; // a pause that was gone on with, and broken off
    QVERIFY(!runReceiptFromJson(toJson(receipt))->paused);
}

void RunFolderTest::aRunThatGoesOnKeepsItsNotesAndTellsThemAnew()
{
    const TestFolder folder;
    RunReceipt receipt = receiptOf("2025-01-01T00:00:00Z");
    receipt.notes = {"The disk is nearly full."};
    int told = 0;
    TrainEvents events;
    events.onNote = [&](const std::string &) { ++told; };
    auto recorder = *RunRecorder::begin(folder / "run", receipt, events, true);
    for (int i = 0; i < 3; ++i)
        recorder.note(receipt.notes.front());
    QCOMPARE(told, 1);
    QCOMPARE(recorder.receipt().notes.size(), 1u);
    recorder.noteEnd("Training ended.");
    recorder.note("The disk is full.");
    const std::vector<std::string> ordered{"The disk is nearly full.", "The disk is full.", "Training ended."}; // how it ended comes last
    QVERIFY(recorder.receipt().notes == ordered);
    QCOMPARE(recorder.receipt().endingNotes, 1u);
    QCOMPARE(runReceiptFromJson(toJson(recorder.receipt()))->endingNotes, 1u);
}

void RunFolderTest::whatMattersOnlyMeanwhileIsToldOnceAndNotKept()
{
    const TestFolder folder;
    int told = 0;
    TrainEvents events;
    events.onNote = [&](const std::string &) { ++told; };
    RunRecorder recorder = begun(folder / "run", events);
    recorder.warn("There is no room for a checkpoint.");
    recorder.warn("There is no room for a checkpoint.");
    QCOMPARE(told, 1);
    QVERIFY(recorder.receipt().notes.empty());
    recorder.note("There is no room for a checkpoint."); // where it turns out to matter
    QCOMPARE(told, 1);
    QCOMPARE(recorder.receipt().notes.size(), 1u);
}

void RunFolderTest::runsAreListedNewestFirstWithoutWhatIsNoRun()
{
    const TestFolder folder;
    folder.write("old/receipt.json", toJson(receiptOf("2024-05-01T00:00:00Z")));
    folder.write("new/receipt.json", toJson(receiptOf("2025-05-01T00:00:00Z")));
    folder.write("broken/receipt.json", "{");
    folder.write("readme.txt", "no run");
    const auto runs = listRuns(folder.path());
    QCOMPARE(runs.size(), 2u);
    QCOMPARE(runs[0].folder.filename().string(), "new");
    QVERIFY(listRuns(folder / "nowhere").empty());
    QVERIFY(newestModel(runs).empty());
}

void RunFolderTest::aRunUnderWayIsSeenToBeAndNeitherTakenNorDeleted()
{
    const TestFolder folder;
    {
        const RunRecorder recorder = begun(folder / "run");
        QVERIFY(readRunSummary(folder / "run")->underWay);
        const auto second = RunRecorder::begin(folder / "run", receiptOf("2025-01-02T00:00:00Z"), {}, true);
        QVERIFY(!second);
        QVERIFY(second.error().message.find("another window") != std::string::npos);
        QCOMPARE(removeRun(folder / "run").error().code, ErrorCode::InvalidArgument);
    }
    QVERIFY(!readRunSummary(folder / "run")->underWay);
    QVERIFY(removeRun(folder / "run"));
    QVERIFY(!std::filesystem::exists(folder / "run"));
}

void RunFolderTest::aFolderThatIsNoRunIsNotDeleted()
{
    const TestFolder folder;
    const auto file = folder.write("pictures/model.safetensors", "somebody else's");
    QVERIFY(!removeRun(folder / "pictures"));
    QVERIFY(std::filesystem::exists(file));
}

void RunFolderTest::aTakenNameGetsANumber()
{
    const TestFolder folder;
    const auto now = std::chrono::system_clock::now();
    const auto first = newRunFolder(folder.path(), TrainMode::Quick, now);
    QVERIFY(first.filename().string().ends_with("-quick"));
    std::filesystem::create_directory(first);
    QCOMPARE(newRunFolder(folder.path(), TrainMode::Quick, now).string(), first.string() + "-2");
}

void RunFolderTest::aFolderThatCannotBeMadeIsAnError()
{
    const TestFolder folder;
    folder.write("file", "in the way");
    const auto recorder = RunRecorder::begin(folder / "file" / "run", {}, {}, false);
    QVERIFY(!recorder);
    QVERIFY(recorder.error().message.find("run") != std::string::npos);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::RunFolderTest)
#include "run_folder_test.moc"
