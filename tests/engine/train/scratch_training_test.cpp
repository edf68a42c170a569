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

namespace {

/// Stops a run as soon as `step` steps are done.
struct StopAt {
    explicit StopAt(std::int64_t step)
    {
        events.onMetric = [this, step](const MetricPoint &point) {
            if (point.step >= step)
                source.request_stop();
        };
    }
    std::stop_source source;
    TrainEvents events;
};

/// What the rows of a test ask of a run beside the usual.
void adjust(TrainConfig &config, std::string_view row)
{
    if (row.starts_with("sgd"))
        config.optimizer = OptimizerKind::Sgd;
    if (row == "sgd with the cosine schedule")
        config.schedule = ScheduleKind::Cosine;
    else if (row == "sgd without momentum")
        config.momentum = 0.0;
}

std::vector<double> learningRates(const std::filesystem::path &run)
{
    std::vector<double> rates;
    for (const MetricPoint &point : readRun(run)->metrics) {
        if (point.series == MetricSeries::LearningRate)
            rates.push_back(point.value);
    }
    return rates;
}

} // namespace

class ScratchTrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSmallNetLearnsColours();
    void theSameSeedGivesTheSameWeightsWithAnyNumberOfLoaders();
    void anotherSeedGivesOtherWeights();
    void aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne_data();
    void aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne();
    void stopAtStepZeroLeavesACheckpointAndNoModel();
    void stopAfterAnEpochKeepsTheBestWeights();
    void sgdLearnsColoursAlongItsSchedule();
    void everyStepIsOnTheCurve();
    void aLearningRateThatMakesNoNumbersIsStoppedWithAdvice();
    void unreadablePicturesAreSkippedAndNamed();
    void aClassThatLosesAllItsPicturesIsSaid();
    void aBatchLargerThanTheDataIsMadeSmaller();
    void resumingWithoutACheckpointIsRefused();
    void resumingWithOtherPicturesIsRefused();
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

void ScratchTrainingTest::aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne_data()
{
    QTest::addColumn<int>("step"); // 4 steps make an epoch
    QTest::addColumn<Precision>("precision");
    QTest::newRow("first step, fp32") << 1 << Precision::Float32;
    QTest::newRow("within the second epoch, fp32") << 6 << Precision::Float32;
    QTest::newRow("end of an epoch, fp32") << 4 << Precision::Float32;
    QTest::newRow("within the second epoch, automatic") << 6 << Precision::Automatic;
    QTest::newRow("sgd with the cosine schedule") << 6 << Precision::Automatic;
    QTest::newRow("sgd without momentum") << 6 << Precision::Float32;
    QTest::newRow("last step, automatic") << 12 << Precision::Automatic;
}

void ScratchTrainingTest::aRunStoppedInAnEpochAndResumedEqualsAnUndisturbedOne()
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
    const auto resumed = train(pictures, {}, output);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QCOMPARE(resumed->validationAccuracy, undisturbed->validationAccuracy);
    QVERIFY(readSafetensors(resumed->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
    QCOMPARE(readRun(resumed->run)->metrics.size(), readRun(undisturbed->run)->metrics.size());
}

void ScratchTrainingTest::stopAtStepZeroLeavesACheckpointAndNoModel()
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

void ScratchTrainingTest::stopAfterAnEpochKeepsTheBestWeights()
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

void ScratchTrainingTest::sgdLearnsColoursAlongItsSchedule()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(6);
    config.optimizer = OptimizerKind::Sgd;
    config.schedule = ScheduleKind::Step;
    const auto report = train(pictures, config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
    const std::vector<double> rates = learningRates(report->run);
    QCOMPARE(rates.size(), 24u);
    QVERIFY(rates[0] == 2e-2 && rates[7] == 2e-2 && rates[8] < 2.1e-3 && rates[23] < 2.1e-4);
    config.momentum = 0.0;
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY(readModel(plain->model)->weights != readModel(report->model)->weights);
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
    QVERIFY(report->notes.back().find("lower learning rate") != std::string::npos);
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

void ScratchTrainingTest::resumingWithoutACheckpointIsRefused()
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

void ScratchTrainingTest::resumingWithOtherPicturesIsRefused()
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

QTEST_GUILESS_MAIN(whisker::ScratchTrainingTest)
#include "scratch_training_test.moc"
