#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/metered_memory.h"
#include "tests/engine/train/refused_memory.h"

#include <QTest>

#include <map>

namespace whisker {

using test::errorText;
using test::outputIn;
using test::quickConfig;
using test::shared;
using test::TestFolder;

class QuickTrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFewPhotographsMakeAModelThatKnowsUnseenOnes();
    void theGreaterNetworksLearnAtTheirOwnSizes_data();
    void theGreaterNetworksLearnAtTheirOwnSizes();
    void theSecondRunDecodesNothingAndIsEqual();
    void theCurveHasEveryIterationAndReachesTheRunFolder();
    void anUnreadablePictureIsSkippedAndNamed();
    void whereMemoryRunsOutNoPictureIsLeftOutForIt();
    void whereMemoryDoesNotSufficeToDecodeAPictureItIsTriedAgain();
    void aPictureThatChangedIsLeftOutAndNothingIsKeptOfIt();
    void stopBeforeTheBeginningLeavesNoModel();
    void stopWhileFeaturesAreComputedKeepsThem();
    void withoutValidationItStillWorksAndSaysSo();
    void dataThatCannotBeLearntFromIsRefused_data();
    void dataThatCannotBeLearntFromIsRefused();
    void missingWeightsAreNamedWithWhatToRun();
    void anUnwritableCacheCostsOnlyTime();
    void aModelThatCannotBeWrittenLeavesNoHalfOne();
    void aGpuThatIsNotThereIsRefused();

private:
    /// Computes features once for all: each test has the cache of the others, except where it says otherwise.
    TestFolder m_shared;
    TrainOutput output(const TestFolder &folder, const std::string &run = "run") const
    {
        TrainOutput target = outputIn(folder, run);
        target.cacheFolder = m_shared / "cache";
        return target;
    }
};

void QuickTrainingTest::aFewPhotographsMakeAModelThatKnowsUnseenOnes()
{
    const TestFolder folder;
    const auto report = train(shared(test::photographSnapshot({8, 4, 4})), quickConfig(), output(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QCOMPARE(report->images, 32u);
    QVERIFY(report->test.has_value());
    QCOMPARE(report->test->total, 8u);
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
    QVERIFY2(report->validationAccuracy.value_or(0.0) >= 0.75, qPrintable(QString::number(report->validationAccuracy.value_or(-1.0))));
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QVERIFY(model->classes == report->classes);
    const auto run = readRunSummary(report->run);
    QVERIFY2(run, errorText(run));
    QCOMPARE(run->receipt.status, RunStatus::Completed);
    QVERIFY(run->hasModel);
}

void QuickTrainingTest::theGreaterNetworksLearnAtTheirOwnSizes_data()
{
    QTest::addColumn<int>("sizePx");
    QTest::newRow("lite1") << 240;
    QTest::newRow("lite2") << 260;
}

void QuickTrainingTest::theGreaterNetworksLearnAtTheirOwnSizes()
{
    QFETCH(int, sizePx);
    const TestFolder folder;
    TrainConfig config = quickConfig();
    config.architecture = QTest::currentDataTag();
    const auto report = train(shared(test::photographSnapshot({8, 4, 4})), config, output(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->architecture, QTest::currentDataTag());
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QCOMPARE(model->preprocessing.sizePx, sizePx);
}

void QuickTrainingTest::theSecondRunDecodesNothingAndIsEqual()
{
    const TestFolder folder;
    Snapshot pictures = test::photographSnapshot({8, 4, 4});
    const auto first = train(shared(pictures), quickConfig(), output(folder, "first"));
    QVERIFY2(first, errorText(first));
    for (SnapshotEntry &entry : pictures.entries)
        entry.file = folder / "gone.jpg"; // whoever decoded one now would fail
    const auto second = train(shared(pictures), quickConfig(), output(folder, "second"));
    QVERIFY2(second, errorText(second));
    QCOMPARE(second->skipped.size(), 0u);
    QCOMPARE(second->imagesPerSecond, 0.0);
    QVERIFY(readModel(first->model)->weights == readModel(second->model)->weights);
}

void QuickTrainingTest::theCurveHasEveryIterationAndReachesTheRunFolder()
{
    const TestFolder folder;
    std::map<MetricSeries, std::vector<double>> curves;
    std::vector<TrainStage> stages;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) { curves[point.series].push_back(point.value); };
    events.onStage = [&](const StageChange &change) { stages.push_back(change.stage); };
    const auto report = train(shared(test::photographSnapshot({8, 4, 4})), quickConfig(), output(folder), events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(curves.size(), 4u);
    for (const auto &[series, values] : curves)
        QCOMPARE(values.size(), static_cast<std::size_t>(report->epochs));
    QVERIFY(curves[MetricSeries::TrainingLoss].back() < curves[MetricSeries::TrainingLoss].front());
    QVERIFY((stages == std::vector{TrainStage::Preparing, TrainStage::Training, TrainStage::Testing, TrainStage::Finished}));
    QCOMPARE(readRun(report->run)->metrics.size(), 4u * static_cast<std::size_t>(report->epochs));
}

void QuickTrainingTest::anUnreadablePictureIsSkippedAndNamed()
{
    const TestFolder folder;
    Snapshot pictures = test::photographSnapshot({8, 4, 4});
    test::addPicture(pictures, folder.write("cat/broken.jpg", "no picture at all"), 0, Split::Train);
    sortEntries(pictures);
    std::vector<SkippedFile> told;
    TrainEvents events;
    events.onSkipped = [&](const SkippedFile &file) { told.push_back(file); };
    const auto report = train(shared(pictures), quickConfig(), output(folder), events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->images, 32u);
    QCOMPARE(told.size(), 1u);
    QCOMPARE(told[0].file.filename().string(), "broken.jpg");
    QVERIFY(report->skipped == told);
}

void QuickTrainingTest::whereMemoryRunsOutNoPictureIsLeftOutForIt()
{
    const TestFolder folder;
    const auto pictures = shared(test::photographSnapshot({8, 4, 4}));
    TrainOutput target = output(folder);
    target.cacheFolder = folder / "cache"; // that knows none of them
    auto &memory = test::MeteredMemory::installed();
    memory.refuseToOthers(1);
    const auto failed = train(pictures, quickConfig(), target);
    memory.refuseToOthers(0);
    QVERIFY(!failed);
    QVERIFY2(failed.error().message.contains("not enough memory"), failed.error().message.c_str());
    const auto report = train(pictures, quickConfig(), target);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->images, 32u);
    QVERIFY(report->skipped.empty());
}

void QuickTrainingTest::whereMemoryDoesNotSufficeToDecodeAPictureItIsTriedAgain()
{
    const TestFolder folder;
    const auto pictures = shared(test::photographSnapshot({8, 4, 4}));
    test::refusedMemory.bytes = std::filesystem::file_size(pictures->entries.front().file);
    test::refusedMemory.blocks = 1;
    const auto report = train(pictures, quickConfig(), outputIn(folder)); // whose cache knows none of them
    QCOMPARE(test::refusedMemory.blocks.exchange(0), 0);
    QVERIFY2(report, errorText(report));
    QVERIFY(report->skipped.empty());
    const auto undisturbed = train(pictures, quickConfig(), output(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    QVERIFY(readModel(report->model)->weights == readModel(undisturbed->model)->weights);
}

void QuickTrainingTest::aPictureThatChangedIsLeftOutAndNothingIsKeptOfIt()
{
    const TestFolder folder;
    Snapshot pictures = test::photographSnapshot({8, 4, 4});
    const auto file = folder.write("cat/changed.ppm", test::drawnPicture(0, 1));
    test::addPicture(pictures, file, 0, Split::Train);
    sortEntries(pictures);
    folder.write(file, test::drawnPicture(1, 2));
    const auto without = train(shared(pictures), quickConfig(), output(folder, "without"));
    QVERIFY2(without, errorText(without));
    QCOMPARE(without->skipped.size(), 1u);
    QVERIFY2(without->skipped[0].reason.contains("changed.ppm has changed"), without->skipped[0].reason.c_str());
    folder.write(file, test::drawnPicture(0, 1));
    const auto with = train(shared(pictures), quickConfig(), output(folder, "with")), anew = train(shared(pictures), quickConfig(), outputIn(folder, "anew"));
    QVERIFY2(with, errorText(with));
    QCOMPARE(with->images, 33u);
    QVERIFY(readModel(with->model)->weights == readModel(anew->model)->weights);
}

void QuickTrainingTest::stopBeforeTheBeginningLeavesNoModel()
{
    const TestFolder folder;
    std::stop_source stop;
    stop.request_stop();
    const auto report = train(shared(test::photographSnapshot({8, 4, 4})), quickConfig(), output(folder), {}, stop.get_token());
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Stopped);
    QVERIFY(report->model.empty());
    QVERIFY(!std::filesystem::exists(folder / "run.safetensors"));
    QCOMPARE(readRunSummary(report->run)->receipt.status, RunStatus::Stopped);
}

void QuickTrainingTest::stopWhileFeaturesAreComputedKeepsThem()
{
    const TestFolder folder;
    std::stop_source stop;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &) { stop.request_stop(); };
    const auto pictures = shared(test::photographSnapshot({8, 4, 4}));
    const TrainOutput own = outputIn(folder); // a cache of its own, so that there is something to compute
    const auto stopped = train(pictures, quickConfig(), own, events, stop.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    int computed = 0;
    TrainEvents counting;
    counting.onProgress = [&](const TrainProgress &progress) { computed += progress.stage == TrainStage::Preparing ? 1 : 0; };
    const auto again = train(pictures, quickConfig(), own, counting);
    QVERIFY2(again, errorText(again));
    QVERIFY2(computed < 32, qPrintable(QString::number(computed)));
}

void QuickTrainingTest::withoutValidationItStillWorksAndSaysSo()
{
    const TestFolder folder;
    const auto report = train(shared(test::photographSnapshot({2, 0, 0})), quickConfig(), output(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY(!report->validationAccuracy && !report->test);
    QCOMPARE(report->receipt.notes.size(), 1u);
    QVERIFY(!report->model.empty());
}

void QuickTrainingTest::dataThatCannotBeLearntFromIsRefused_data()
{
    QTest::addColumn<int>("reds");
    QTest::addColumn<int>("blues");
    QTest::newRow("nothing") << 0 << 0;
    QTest::newRow("one class") << 4 << 0;
    QTest::newRow("a class with one picture") << 4 << 1;
    QTest::newRow("three pictures") << 2 << 1;
}

void QuickTrainingTest::dataThatCannotBeLearntFromIsRefused()
{
    QFETCH(int, reds);
    QFETCH(int, blues);
    const TestFolder folder;
    Snapshot pictures;
    for (int label = 0; label < 2; ++label) {
        const int count = label == 0 ? reds : blues;
        if (count > 0)
            pictures.classes.push_back(label == 0 ? "red" : "blue");
        for (int i = 0; i < count; ++i)
            test::addPicture(pictures, folder.write(std::to_string(label) + std::to_string(i) + ".ppm", test::drawnPicture(label, static_cast<std::uint64_t>(i))), label,
                             Split::Train);
    }
    const auto report = train(shared(pictures), quickConfig(), output(folder));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!std::filesystem::exists(folder / "run"));
}

void QuickTrainingTest::missingWeightsAreNamedWithWhatToRun()
{
    const TestFolder folder;
    const QByteArray resources = qgetenv("WHISKER_RESOURCES");
    qputenv("WHISKER_RESOURCES", folder.path().c_str());
    const auto report = train(shared(test::photographSnapshot({2, 0, 0})), quickConfig(), output(folder));
    qputenv("WHISKER_RESOURCES", resources);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::NotFound);
    QVERIFY(report.error().message.find("lite0.safetensors") != std::string::npos);
    QVERIFY(report.error().message.find("packaging/setup.sh") != std::string::npos);
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Failed);
}

void QuickTrainingTest::anUnwritableCacheCostsOnlyTime()
{
    const TestFolder folder;
    TrainOutput target = outputIn(folder);
    target.cacheFolder = folder.write("file", "in the way");
    std::vector<std::string> told;
    TrainEvents events;
    events.onNote = [&](const std::string &note) { told.push_back(note); };
    const auto report = train(shared(test::photographSnapshot({2, 0, 0})), quickConfig(), target, events);
    QVERIFY2(report, errorText(report));
    const auto isOfCache = [](const std::string &note) { return note.find("will have to compute the features again") != std::string::npos; };
    QVERIFY2(told.front().find("file") != std::string::npos && isOfCache(told.front()), told.front().c_str());
    QVERIFY(std::ranges::none_of(report->receipt.notes, isOfCache)); // what was learnt is the same
}

void QuickTrainingTest::aModelThatCannotBeWrittenLeavesNoHalfOne()
{
    const TestFolder folder;
    TrainOutput target = output(folder);
    target.modelFile = folder / "nowhere" / "model.safetensors";
    const auto report = train(shared(test::photographSnapshot({2, 0, 0})), quickConfig(), target);
    QVERIFY(!report);
    QVERIFY(report.error().message.find("nowhere") != std::string::npos);
    QVERIFY(readModel(folder / "run" / kModelFile).has_value());
}

void QuickTrainingTest::aGpuThatIsNotThereIsRefused()
{
    const TestFolder folder;
    TrainConfig config = quickConfig();
    config.device = "cuda:63";
    const auto report = train(shared(test::photographSnapshot({2, 0, 0})), config, output(folder));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Unsupported);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::QuickTrainingTest)
#include "quick_training_test.moc"
