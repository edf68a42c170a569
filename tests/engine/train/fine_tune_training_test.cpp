#include "engine/train/internal/training_run.h"
#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

namespace whisker {

using test::errorText;
using test::shared;
using test::TestFolder;

namespace {

/// 4 steps an epoch, in a second.
TrainConfig fineTuneConfig(int epochs = 2)
{
    TrainConfig config;
    config.mode = TrainMode::FineTune;
    config.sizePx = 64;
    config.batch = 4;
    config.epochs = epochs;
    config.device = "cpu";
    config.threads = 1;
    return config;
}

TrainConfig quickOf(TrainConfig config)
{
    config.mode = TrainMode::Quick;
    config.epochs = 0;
    return config;
}

} // namespace

class FineTuneTrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatIsRightMoreOftenBeatsTheStart();
    void whatIsKeptIsQuicksModelOrBetterOnValidation();
    void withoutAnImprovementQuicksModelIsKept();
    void aPerfectQuickModelIsKeptWithoutTraining();
    void withoutValidationQuicksModelIsKeptAndItIsSaid();
    void aRunStoppedAndResumedEqualsAnUndisturbedOne_data();
    void aRunStoppedAndResumedEqualsAnUndisturbedOne();
    void aRunStoppedBeforeItsFirstStepBeginsAnewWhenResumed();
    void aLearningRateThatMakesNoNumbersKeepsQuicksModel();
    void aClassThatLosesAllItsPicturesIsSaid();
    void missingWeightsAreNamedWithWhatToRun();

private:
    /// Computes features once for all.
    TestFolder m_shared;
    TrainOutput output(const TestFolder &folder, const std::string &run = "run") const
    {
        TrainOutput target = test::outputIn(folder, run);
        target.cacheFolder = m_shared / "cache";
        return target;
    }
};

void FineTuneTrainingTest::onlyWhatIsRightMoreOftenBeatsTheStart()
{
    using internal::betterThanBest;
    internal::RunProgress progress;
    progress.startAccuracy = progress.bestAccuracy = 0.75;
    progress.bestLoss = 1.0;
    QVERIFY(!betterThanBest(internal::SplitScore{3, 4, 0.1}, progress)); // a smaller loss alone
    QVERIFY(!betterThanBest(std::nullopt, progress));
    QVERIFY(betterThanBest(internal::SplitScore{4, 4, 2.0}, progress));
    progress.bestEpoch = 1;
    QVERIFY(betterThanBest(internal::SplitScore{3, 4, 0.1}, progress)); // between epochs the loss decides
}

void FineTuneTrainingTest::whatIsKeptIsQuicksModelOrBetterOnValidation()
{
    const TestFolder folder;
    const auto pictures = shared(test::unlearnablePhotographs());
    TrainConfig config = fineTuneConfig(3);
    config.learningRate = 1e-3;
    const auto tuned = train(pictures, config, output(folder, "tuned"));
    QVERIFY2(tuned, errorText(tuned));
    QCOMPARE(tuned->outcome, TrainOutcome::Completed);
    QCOMPARE(tuned->epochs, 3);
    QCOMPARE(tuned->test->total, 8u);
    const auto run = readRun(tuned->run);
    QVERIFY2(run, errorText(run));
    const auto start = std::ranges::find_if(run->metrics, [](const MetricPoint &point) {
        return point.series == MetricSeries::ValidationAccuracy && point.step == 0;
    });
    QVERIFY(start != run->metrics.end());
    const auto quick = train(pictures, quickOf(config), output(folder, "quick"));
    QVERIFY2(quick, errorText(quick));
    QCOMPARE(start->value, *quick->validationAccuracy);
    const bool same = readModel(tuned->model)->weights == readModel(quick->model)->weights;
    QCOMPARE(same, tuned->bestEpoch == 0);
    QVERIFY(same ? *tuned->validationAccuracy == start->value : *tuned->validationAccuracy > start->value);
    QVERIFY(tuned->receipt.notes.back().starts_with("Training all layers"));
}

void FineTuneTrainingTest::withoutAnImprovementQuicksModelIsKept()
{
    const TestFolder folder;
    const auto pictures = shared(test::unlearnablePhotographs());
    TrainConfig config = fineTuneConfig();
    config.learningRate = 1e-30; // nothing moves
    const auto tuned = train(pictures, config, output(folder, "tuned"));
    QVERIFY2(tuned, errorText(tuned));
    QCOMPARE(tuned->bestEpoch, 0);
    QVERIFY(tuned->receipt.notes.back().ends_with("so the quick model was kept."));
    const auto quick = train(pictures, quickOf(config), output(folder, "quick"));
    QVERIFY2(quick, errorText(quick));
    QVERIFY(readModel(tuned->model)->weights == readModel(quick->model)->weights);
    QCOMPARE(tuned->test->correct, quick->test->correct);
}

void FineTuneTrainingTest::aPerfectQuickModelIsKeptWithoutTraining()
{
    const TestFolder folder;
    TrainOutput target = output(folder);
    const auto pictures = shared(test::drawnSnapshot(folder));
    const auto tuned = train(pictures, fineTuneConfig(), target);
    QVERIFY2(tuned, errorText(tuned));
    QCOMPARE(*tuned->validationAccuracy, 1.0);
    QCOMPARE(tuned->epochs, 0);
    QVERIFY(tuned->receipt.notes.back().starts_with("The quick model gets all validation pictures right"));
    QVERIFY(tuned->test.has_value());
    target.resume = true;
    const auto again = train(pictures, {}, target);
    QVERIFY2(again, errorText(again));
    QCOMPARE(again->epochs, 0);
    QVERIFY(readModel(again->model)->weights == readModel(tuned->run / kBestFile)->weights);
}

void FineTuneTrainingTest::withoutValidationQuicksModelIsKeptAndItIsSaid()
{
    const TestFolder folder;
    const auto pictures = shared(test::photographSnapshot({4, 0, 0}));
    const auto tuned = train(pictures, fineTuneConfig(), output(folder, "tuned"));
    QVERIFY2(tuned, errorText(tuned));
    QVERIFY(tuned->receipt.notes.back().starts_with("There are no pictures to validate with"));
    const auto quick = train(pictures, quickOf(fineTuneConfig()), output(folder, "quick"));
    QVERIFY2(quick, errorText(quick));
    QVERIFY(readModel(tuned->model)->weights == readModel(quick->model)->weights);
}

void FineTuneTrainingTest::aRunStoppedAndResumedEqualsAnUndisturbedOne_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<Precision>("precision");
    QTest::newRow("first step, fp32") << 1 << Precision::Float32;
    QTest::newRow("within the second epoch, automatic") << 6 << Precision::Automatic;
}

void FineTuneTrainingTest::aRunStoppedAndResumedEqualsAnUndisturbedOne()
{
    QFETCH(int, step);
    QFETCH(Precision, precision);
    const TestFolder folder;
    const auto pictures = shared(test::unlearnablePhotographs());
    TrainConfig config = fineTuneConfig();
    config.learningRate = 1e-3;
    config.precision = precision;
    const auto undisturbed = train(pictures, config, output(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    std::stop_source stop;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.step >= step)
            stop.request_stop();
    };
    TrainOutput target = output(folder, "stopped");
    const auto stopped = train(pictures, config, target, events, stop.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    QVERIFY(readModel(stopped->model).has_value()); // quick's, if nothing better yet
    QVERIFY(!stopped->test);
    target.resume = true;
    const auto resumed = train(pictures, {}, target);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QVERIFY(readSafetensors(resumed->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
    QCOMPARE(readRun(resumed->run)->metrics.size(), readRun(undisturbed->run)->metrics.size());
    QVERIFY(resumed->receipt.notes.back() == undisturbed->receipt.notes.back());
}

void FineTuneTrainingTest::aRunStoppedBeforeItsFirstStepBeginsAnewWhenResumed()
{
    const TestFolder folder;
    const auto pictures = shared(test::unlearnablePhotographs());
    std::stop_source stop;
    stop.request_stop();
    TrainOutput target = output(folder);
    const auto stopped = train(pictures, fineTuneConfig(1), target, {}, stop.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    QVERIFY(stopped->model.empty());
    target.resume = true;
    const auto resumed = train(pictures, {}, target);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QCOMPARE(resumed->epochs, 1);
    QVERIFY(readModel(resumed->model).has_value());
}

void FineTuneTrainingTest::aLearningRateThatMakesNoNumbersKeepsQuicksModel()
{
    const TestFolder folder;
    TrainConfig config = fineTuneConfig(10);
    config.learningRate = 1e6;
    const auto report = train(shared(test::unlearnablePhotographs()), config, output(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY(readModel(report->model).has_value());
    if (report->outcome == TrainOutcome::Completed)
        return; // bounded activations can make it through: then validation has judged
    QCOMPARE(report->outcome, TrainOutcome::Diverged);
    QVERIFY(report->bestEpoch > 0 || report->receipt.notes.back().contains("the quick model was kept"));
}

void FineTuneTrainingTest::aClassThatLosesAllItsPicturesIsSaid()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    std::filesystem::remove_all(folder / "blue");
    const auto report = train(pictures, fineTuneConfig(), test::outputIn(folder)); // a cache of its own
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY(report.error().message.contains("blue"));
}

void FineTuneTrainingTest::missingWeightsAreNamedWithWhatToRun()
{
    const TestFolder folder;
    const QByteArray resources = qgetenv("WHISKER_RESOURCES");
    qputenv("WHISKER_RESOURCES", folder.path().c_str());
    const auto report = train(shared(test::drawnSnapshot(folder)), fineTuneConfig(), output(folder));
    qputenv("WHISKER_RESOURCES", resources);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::NotFound);
    QVERIFY(report.error().message.contains("packaging/setup.sh"));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::FineTuneTrainingTest)
#include "fine_tune_training_test.moc"
