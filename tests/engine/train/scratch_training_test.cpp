#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <cmath>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

class ScratchTrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSmallNetLearnsColours();
    void theSameSeedGivesTheSameWeightsWithAnyNumberOfLoaders();
    void anotherSeedGivesOtherWeights();
    void itIsSaidHowOftenTheTrainerWaitedForPictures();
    void theTimeLeftIsSaidFromTheSecondStepOn();
    void everyStepIsOnTheCurve();
    void aLearningRateThatMakesNoNumbersIsStoppedWithAdvice();
    void unreadablePicturesAreSkippedAndNamed();
    void aClassThatLosesAllItsPicturesIsSaid();
    void aBatchLargerThanTheDataIsMadeSmaller();
};

void ScratchTrainingTest::theSmallNetLearnsColours()
{
    const TestFolder folder;
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(6), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QCOMPARE(report->epochs, 6);
    QCOMPARE(report->test->total, 8u);
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
    QVERIFY(report->imagesPerSecond > 0.0);
    QVERIFY(report->receipt.peakMemoryBytes.value_or(0) > 10'000'000);
    QVERIFY(readModel(report->model).has_value());
}

void ScratchTrainingTest::theSameSeedGivesTheSameWeightsWithAnyNumberOfLoaders()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(2);
    config.loaderThreads = 1;
    const auto one = train(pictures, config, outputIn(folder, "one"));
    QVERIFY2(one, errorText(one));
    config.loaderThreads = 4;
    const auto four = train(pictures, config, outputIn(folder, "four"));
    QVERIFY2(four, errorText(four));
    QVERIFY(readModel(one->model)->weights == readModel(four->model)->weights);
}

void ScratchTrainingTest::anotherSeedGivesOtherWeights()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(1);
    const auto zero = train(pictures, config, outputIn(folder, "zero"));
    config.seed = 1;
    const auto one = train(pictures, config, outputIn(folder, "one"));
    QVERIFY(zero && one);
    QVERIFY(readModel(zero->model)->weights != readModel(one->model)->weights);
}

void ScratchTrainingTest::itIsSaidHowOftenTheTrainerWaitedForPictures()
{
    const TestFolder folder;
    TrainEvents events;
    std::vector<LoaderWait> told;
    events.onProgress = [&](const TrainProgress &progress) { told.push_back(progress.loaderWait.value_or(LoaderWait{})); };
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(3), outputIn(folder), events);
    QVERIFY2(report, errorText(report));
    QVERIFY(report->loaderWait.has_value());
    QCOMPARE(report->loaderWait->steps, static_cast<std::int64_t>(told.size()));
    for (std::size_t step = 0; step < told.size(); ++step) {
        QCOMPARE(told[step].steps, static_cast<std::int64_t>(step + 1));
        QVERIFY(told[step].waits >= (step > 0 ? told[step - 1].waits : 0) && told[step].waits <= told[step].steps);
        QVERIFY(told[step].share >= 0.0 && told[step].share <= 1.0);
    }
    QCOMPARE(*report->loaderWait, told.back());
    QCOMPARE(readRun(report->run)->summary.receipt.loaderWait, report->loaderWait);
}

void ScratchTrainingTest::theTimeLeftIsSaidFromTheSecondStepOn()
{
    const TestFolder folder;
    TrainEvents events;
    std::vector<std::optional<TimeLeft>> told;
    events.onProgress = [&](const TrainProgress &progress) { told.push_back(progress.left); };
    QVERIFY(train(shared(drawnSnapshot(folder)), scratchConfig(3), outputIn(folder), events).has_value());
    QVERIFY(told.size() > 4);
    QVERIFY(!told[0]);
    for (std::size_t step = 1; step < told.size(); ++step) {
        QVERIFY(told[step].has_value());
        QVERIFY(0.0 < told[step]->least && told[step]->least <= told[step]->likely && told[step]->likely <= told[step]->most);
    }
}

void ScratchTrainingTest::everyStepIsOnTheCurve()
{
    const TestFolder folder;
    std::vector<std::int64_t> steps;
    std::vector<TrainProgress> progress;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.series == MetricSeries::TrainingLoss)
            steps.push_back(point.step);
    };
    events.onProgress = [&](const TrainProgress &now) { progress.push_back(now); };
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(2), outputIn(folder), events);
    QVERIFY2(report, errorText(report));
    QVERIFY((steps == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
    QCOMPARE(progress.size(), 8u);
    QCOMPARE(progress.back().epoch, 2);
    QCOMPARE(progress.back().step, 4);
    QCOMPARE(progress.front().bestEpoch, 0);
    QCOMPARE(progress.back().bestEpoch, 1); // there is no other yet
    QVERIFY(progress.back().device.starts_with("CPU"));
}

void ScratchTrainingTest::aLearningRateThatMakesNoNumbersIsStoppedWithAdvice()
{
    const TestFolder folder;
    TrainConfig config = scratchConfig(30);
    config.learningRate = 1e6;
    config.weightDecay = 1.0;
    const auto report = train(shared(drawnSnapshot(folder)), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Diverged);
    QVERIFY(report->receipt.notes.back().find("lower learning rate") != std::string::npos);
    QCOMPARE(readRunSummary(report->run)->receipt.status, RunStatus::Diverged);
    QCOMPARE(report->model.empty(), report->bestEpoch == 0);
    if (report->model.empty())
        return;
    const auto model = readModel(report->model);
    for (const auto &[name, tensor] : model->weights)
        QVERIFY2(std::ranges::all_of(tensor.floats(), [](float value) { return std::isfinite(value); }), name.c_str());
}

void ScratchTrainingTest::unreadablePicturesAreSkippedAndNamed()
{
    const TestFolder folder;
    Snapshot pictures = drawnSnapshot(folder);
    test::addPicture(pictures, folder.write("red/broken.jpg", "no picture"), 0, Split::Train);
    test::addPicture(pictures, folder.write("blue/broken.jpg", "no picture either"), 1, Split::Validation);
    sortEntries(pictures);
    const auto report = train(shared(pictures), scratchConfig(4), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->skipped.size(), 2u);
    QCOMPARE(report->images, 32u);
}

void ScratchTrainingTest::aClassThatLosesAllItsPicturesIsSaid()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    std::filesystem::remove_all(folder / "blue");
    const auto report = train(pictures, scratchConfig(), outputIn(folder));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY(report.error().message.find("blue") != std::string::npos);
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Failed);
}

void ScratchTrainingTest::aBatchLargerThanTheDataIsMadeSmaller()
{
    const TestFolder folder;
    TrainConfig config = scratchConfig(1);
    config.batch = 512;
    const auto report = train(shared(drawnSnapshot(folder)), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(readRun(report->run)->metrics.front().step, 1);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ScratchTrainingTest)
#include "scratch_training_test.moc"
