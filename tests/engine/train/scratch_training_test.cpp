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
    else if (row == "everything that mixes and averages") {
        config.labelSmoothing = 0.1;
        config.mixup = 0.4;
        config.cutmix = 1.0;
        config.balance = ClassBalance::Sampling;
        config.averageDecay = 0.9;
    }
}

std::vector<double> learningRates(const std::filesystem::path &run)
{
    std::vector<double> rates;
    const auto record = readRun(run);
    for (const MetricPoint &point : record->metrics) {
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
    void eachSettingChangesWhatIsLearnt_data();
    void eachSettingChangesWhatIsLearnt();
    void patienceEndsARunThatStandsStill();
    void aRareClassCountsAsMuchAsTheOthers_data();
    void aRareClassCountsAsMuchAsTheOthers();
    void itIsSaidHowOftenTheTrainerWaitedForPictures();
    void theTimeLeftIsSaidFromTheSecondStepOn();
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
    QVERIFY(report->peakMemoryBytes.value_or(0) > 10'000'000);
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
    QTest::newRow("everything that mixes and averages") << 6 << Precision::Automatic;
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

void ScratchTrainingTest::eachSettingChangesWhatIsLearnt_data()
{
    QTest::addColumn<QString>("setting");
    for (const char *setting : {"smoothing", "mixup", "cutmix", "sampling", "average"})
        QTest::newRow(setting) << setting;
}

void ScratchTrainingTest::eachSettingChangesWhatIsLearnt()
{
    QFETCH(QString, setting);
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(8);
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    config.labelSmoothing = setting == "smoothing" ? 0.2 : 0.0;
    config.mixup = setting == "mixup" ? 0.2 : 0.0;
    config.cutmix = setting == "cutmix" ? 0.5 : 0.0;
    config.balance = setting == "sampling" ? ClassBalance::Sampling : ClassBalance::None;
    config.averageDecay = setting == "average" ? 0.8 : 0.0;
    const auto set = train(pictures, config, outputIn(folder, "set"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY2(set, errorText(set));
    QVERIFY(readModel(plain->model)->weights != readModel(set->model)->weights);
    QVERIFY2(set->test->correct >= 6, qPrintable(QString::number(set->test->correct)));
    QVERIFY(readRunSummary(set->run)->receipt.config == *completed(config));
}

void ScratchTrainingTest::patienceEndsARunThatStandsStill()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(40);
    config.learningRate = 1e-12; // so nothing changes but the running statistics
    config.patience = 2;
    const auto report = train(pictures, config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QVERIFY(report->epochs < 40);
    QCOMPARE(report->epochs, report->bestEpoch + 2);
    QVERIFY(report->notes.back().find("did not become better") != std::string::npos);
    TrainOutput again = outputIn(folder);
    again.resume = true;
    const auto resumed = train(pictures, {}, again);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->epochs, report->epochs);
}

void ScratchTrainingTest::aRareClassCountsAsMuchAsTheOthers_data()
{
    QTest::addColumn<int>("balance");
    QTest::newRow("weights") << static_cast<int>(ClassBalance::Weights);
    QTest::newRow("sampling") << static_cast<int>(ClassBalance::Sampling);
}

/// The bias of the last layer leans towards what comes or counts more.
void ScratchTrainingTest::aRareClassCountsAsMuchAsTheOthers()
{
    QFETCH(int, balance);
    const TestFolder folder;
    Snapshot uneven = drawnSnapshot(folder, {.train = 12, .validation = 2, .test = 2});
    int kept = 0;
    std::erase_if(uneven.entries, [&](const SnapshotEntry &entry) { return entry.label == 1 && entry.split == Split::Train && ++kept > 3; });
    const auto pictures = shared(uneven);
    TrainConfig config = scratchConfig(4);
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    config.balance = static_cast<ClassBalance>(balance);
    const auto balanced = train(pictures, config, outputIn(folder, "balanced"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY2(balanced, errorText(balanced));
    const auto bias = [](const TrainReport &report) {
        const Weights weights = readSafetensors(report.run / kCheckpointFile)->weights; // the last, not the best
        for (const auto &[name, tensor] : weights) {
            if (name.ends_with("bias") && !name.starts_with("optimizer.") && tensor.shape == std::vector<std::int64_t>{2})
                return tensor.floats()[1] - tensor.floats()[0]; // towards the rare class
        }
        return 0.0f;
    };
    QVERIFY2(bias(*balanced) > bias(*plain), qPrintable(QString("%1 %2").arg(bias(*balanced)).arg(bias(*plain))));
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
