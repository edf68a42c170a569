#include "engine/train/internal/memory_governor.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <new>

namespace whisker {

using internal::availableMemory;
using internal::fittingMicroBatch;
using internal::fittingPipelines;
using internal::microBatchSizes;
using internal::NetworkTrainer;
using internal::RecipeResult;
using internal::RunContext;
using internal::RunRecorder;
using internal::TrainingBatch;
using test::drawnSnapshot;
using test::errorText;
using test::scratchConfig;
using test::TestFolder;

namespace {

constexpr int kClasses = 3;

TrainConfig plainSgd()
{
    TrainConfig config = scratchConfig(1);
    config.optimizer = OptimizerKind::Sgd;
    config.momentum = 0.0;
    config.weightDecay = 0.0;
    config.precision = Precision::Float32;
    return *completed(config);
}

TrainingBatch noisyBatch(int pictures, int sizePx)
{
    CounterRandom random(3);
    TrainingBatch batch;
    for (int i = 0; i < pictures * sizePx * sizePx * 3; ++i)
        batch.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    for (int i = 0; i < pictures; ++i)
        batch.labels.push_back(i % kClasses);
    return batch;
}

/// A net without dropout, whose batch norms keep their statistics, so that no picture depends on those beside it.
std::unique_ptr<NetworkTrainer> trainerFor(const TrainConfig &config)
{
    auto trainer = std::make_unique<NetworkTrainer>(*buildArchitecture("resnet18", kClasses), config, imageNetPreprocessing(config.sizePx), Device{},
                                                    Precision::Float32, std::vector<float>{0.5F, 1.0F, 1.5F});
    trainer->keepNormStatistics();
    return trainer;
}

/// The step of plain SGD with the rate 1: the gradient.
std::map<std::string, std::vector<double>> gradients(const TrainConfig &config, int pictures, int microBatch)
{
    const auto trainer = trainerFor(config);
    const Weights before = trainer->weights();
    trainer->setMicroBatch(microBatch);
    trainer->step(noisyBatch(pictures, config.sizePx), 0, 1.0);
    std::map<std::string, std::vector<double>> steps;
    const Weights after = trainer->weights();
    for (const auto &[name, tensor] : after) {
        const auto old = before.find(name)->floats(), now = tensor.floats();
        for (std::size_t i = 0; i < now.size(); ++i)
            steps[name].push_back(static_cast<double>(now[i]) - static_cast<double>(old[i]));
    }
    return steps;
}

/// What a test makes of the machine.
struct Machine {
    std::optional<std::uint64_t> availableBytes{};
    std::function<void(int)> beforePictures{};
};

Result<RecipeResult> trainOn(const Machine &machine, const Snapshot &pictures, const TrainConfig &config, const TrainOutput &output, const TrainEvents &events = {},
                             std::stop_token stop = {})
{
    const auto ready = internal::readyRun(pictures, config);
    RunReceipt receipt;
    receipt.snapshotDigest = pictures.digest();
    receipt.config = ready->config;
    receipt.validationImages = pictures.indicesOf(Split::Validation).size();
    auto recorder = *RunRecorder::begin(output.runFolder, receipt, events, output.resume);
    RunContext context{pictures, ready->config, output, ready->device, ready->precision, recorder, std::move(stop)};
    context.availableBytes = machine.availableBytes;
    context.beforePictures = machine.beforePictures;
    auto result = internal::trainScratch(context);
    if (const auto saved = recorder.saveReceipt(); !saved)
        return std::unexpected(saved.error());
    return result;
}

/// There is room for `pictures` at once from the `call`-th time on.
Machine scarceFrom(int call, int pictures)
{
    return {.beforePictures = [call, pictures, calls = 0](int asked) mutable {
        if (++calls >= call && asked > pictures)
            throw std::bad_alloc();
    }};
}

} // namespace

class MemoryGovernorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setComputeThreads(1); } // tests may run beside others
    void partsAreAsEqualAsCanBeAndNeverOnePicture();
    void theLeastOfMachineAndControlGroupsIsAvailable();
    void picturesAreHalvedUntilTheyFit();
    void fewerPipelinesValidateUntilTheyFit();
    void addedUpGradientsAreThoseOfTheWholeBatch_data();
    void addedUpGradientsAreThoseOfTheWholeBatch();
    void tryingPicturesTeachesNothing();
    void aTryIsLeftBetweenLayersAndTeachesNothing();
    void aRunThatIsStoppedBeforeItTriedMemoryTriesItWhenItGoesOn();
    void aBatchThatDoesNotFitIsDividedBeforeTheFirstStep();
    void memoryThatRunsOutHalvesThePicturesAndTheRunGoesOn();
    void aRunResumedAfterThatEqualsAnUndisturbedOne();
    void whereNotEvenTwoFitTheLastWeightsAreKept();
};

void MemoryGovernorTest::partsAreAsEqualAsCanBeAndNeverOnePicture()
{
    QVERIFY((microBatchSizes(32, 32) == std::vector{32}));
    QVERIFY((microBatchSizes(32, 8) == std::vector{8, 8, 8, 8}));
    QVERIFY((microBatchSizes(10, 4) == std::vector{4, 3, 3}));
    QVERIFY((microBatchSizes(3, 2) == std::vector{3}));
    QVERIFY((microBatchSizes(5, 2) == std::vector{3, 2}));
}

void MemoryGovernorTest::theLeastOfMachineAndControlGroupsIsAvailable()
{
    const TestFolder folder;
    QVERIFY(!availableMemory(folder / "proc", folder / "groups"));
    folder.write("proc/meminfo", "MemTotal: 9000 kB\nMemFree: 10 kB\nMemAvailable:    5000 kB\n");
    QCOMPARE(*availableMemory(folder / "proc", folder / "groups"), 5'000u * 1024);
    folder.write("proc/self/cgroup", "0::/user/app\n");
    folder.write("groups/user/app/memory.max", "max\n");
    folder.write("groups/user/app/memory.current", "100\n");
    QCOMPARE(*availableMemory(folder / "proc", folder / "groups"), 5'000u * 1024);
    folder.write("groups/user/memory.max", "3000000\n");
    folder.write("groups/user/memory.current", "2500000\n");
    folder.write("groups/user/memory.stat", "anon 500000\ninactive_file 1000000\n");
    QCOMPARE(*availableMemory(folder / "proc", folder / "groups"), 1'500'000u);
    folder.write("groups/memory/memory.limit_in_bytes", "700\n");
    folder.write("groups/memory/memory.usage_in_bytes", "800\n");
    QCOMPARE(*availableMemory(folder / "proc", folder / "groups"), 0u);
    QVERIFY(availableMemory().value_or(1) > 0);
}

void MemoryGovernorTest::picturesAreHalvedUntilTheyFit()
{
    QCOMPARE(fittingMicroBatch(32, {.fixed = 100, .perPicture = 10, .validation = 0}, 1000), 32);
    QCOMPARE(fittingMicroBatch(32, {.fixed = 100, .perPicture = 10, .validation = 0}, 400), 16);
    QCOMPARE(fittingMicroBatch(32, {.fixed = 100, .perPicture = 10, .validation = 0}, 150), 2);
    QCOMPARE(fittingMicroBatch(6, {.fixed = 100, .perPicture = 10, .validation = 0}, 0), 3);
    QCOMPARE(fittingMicroBatch(32, {.fixed = 100, .perPicture = 10, .perPipeline = 1000}, 1000), 32);
}

void MemoryGovernorTest::fewerPipelinesValidateUntilTheyFit()
{
    const internal::MemoryNeed need{.fixed = 100, .perPicture = 10, .validation = 50, .perPipeline = 80};
    QCOMPARE(fittingPipelines(16, need, 10'000), 16);
    QCOMPARE(fittingPipelines(16, need, 1000), 8);
    QCOMPARE(fittingPipelines(16, need, 300), 1);
    QCOMPARE(fittingPipelines(16, need, 0), 1);
}

void MemoryGovernorTest::addedUpGradientsAreThoseOfTheWholeBatch_data()
{
    QTest::addColumn<int>("microBatch");
    QTest::addColumn<bool>("mixed");
    QTest::newRow("halves") << 4 << false;
    QTest::newRow("of unlike size") << 3 << false;
    QTest::newRow("twos, mixed and smoothed") << 2 << true;
}

void MemoryGovernorTest::addedUpGradientsAreThoseOfTheWholeBatch()
{
    QFETCH(int, microBatch);
    QFETCH(bool, mixed);
    TrainConfig config = plainSgd();
    if (mixed) {
        config.mixup = 0.4;
        config.cutmix = 1.0;
        config.labelSmoothing = 0.1;
    }
    const auto whole = gradients(config, 8, 0), parts = gradients(config, 8, microBatch);
    for (const auto &[name, expected] : whole) {
        const std::vector<double> &found = parts.at(name);
        double most = 0.0, difference = 0.0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            most = std::max(most, std::abs(expected[i]));
            difference = std::max(difference, std::abs(found[i] - expected[i]));
        }
        QVERIFY2(difference <= 1e-4 * most + 1e-6, qPrintable(QString("%1: %2 of %3").arg(name.c_str()).arg(difference).arg(most)));
    }
}

void MemoryGovernorTest::tryingPicturesTeachesNothing()
{
    NetworkTrainer trainer(*buildArchitecture("small", kClasses), plainSgd(), imageNetPreprocessing(32), Device{}, Precision::Float32, {});
    const Weights before = trainer.state();
    const std::uint64_t two = *trainer.tryPictures(2), four = *trainer.tryPictures(4);
    QVERIFY(trainer.state() == before);
    QVERIFY2(four > two && two > 2u * 32 * 32 * 3 * 4, qPrintable(QString("%1 %2").arg(two).arg(four)));
}

void MemoryGovernorTest::aTryIsLeftBetweenLayersAndTeachesNothing()
{
    NetworkTrainer trainer(*buildArchitecture("small", kClasses), plainSgd(), imageNetPreprocessing(32), Device{}, Precision::Float32, {});
    const Weights before = trainer.state();
    std::stop_source stop;
    int tries = 0;
    trainer.setBeforePictures([&](int) {
        if (++tries == 2)
            stop.request_stop();
    });
    QVERIFY(!internal::triedMemory(trainer, {.batch = 8, .availableBytes = 1'000, .stop = stop.get_token()}));
    QCOMPARE(tries, 2);
    QVERIFY(trainer.state() == before);
    QVERIFY(trainer.tryPictures(2));
}

void MemoryGovernorTest::aRunThatIsStoppedBeforeItTriedMemoryTriesItWhenItGoesOn()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    TrainConfig config = scratchConfig(1);
    config.batch = 16;
    std::stop_source stop;
    TrainEvents events;
    events.onStage = [&](const StageChange &) { stop.request_stop(); }; // "Making the network"
    const auto stopped = trainOn({.availableBytes = 1'000}, pictures, config, {folder / "run"}, events, stop.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    QVERIFY(readRun(folder / "run")->marks.empty());
    const auto result = trainOn({.availableBytes = 1'000}, pictures, config, {.runFolder = folder / "run", .resume = true});
    QVERIFY2(result, errorText(result));
    QCOMPARE(result->outcome, TrainOutcome::Completed);
    QCOMPARE(readRun(folder / "run")->marks.size(), 1u);
}

void MemoryGovernorTest::aBatchThatDoesNotFitIsDividedBeforeTheFirstStep()
{
    const TestFolder folder;
    TrainConfig config = scratchConfig(1);
    config.batch = 16;
    const auto result = trainOn({.availableBytes = 1'000}, drawnSnapshot(folder), config, {folder / "run"});
    QVERIFY2(result, errorText(result));
    QCOMPARE(result->outcome, TrainOutcome::Completed);
    const auto run = readRun(folder / "run");
    QCOMPARE(run->marks.size(), 1u);
    QCOMPARE(run->marks[0].step, 0);
    QVERIFY2(run->marks[0].text.find("pictures at once") != std::string::npos, run->marks[0].text.c_str());
    QVERIFY(run->summary.receipt.notes.front().find("at a time from then on") != std::string::npos);
}

void MemoryGovernorTest::memoryThatRunsOutHalvesThePicturesAndTheRunGoesOn()
{
    const TestFolder folder;
    std::vector<RunMark> told;
    TrainEvents events;
    events.onMark = [&](const RunMark &mark) { told.push_back(mark); };
    const auto result = trainOn(scarceFrom(7, 2), drawnSnapshot(folder), scratchConfig(3), {folder / "run"}, events);
    QVERIFY2(result, errorText(result));
    QCOMPARE(result->outcome, TrainOutcome::Completed);
    QCOMPARE(result->epochs, 3);
    const auto run = readRun(folder / "run");
    QCOMPARE(run->marks.size(), 1u);
    QVERIFY(run->marks == told);
    QCOMPARE(run->marks[0].step, 6); // steps done: the seventh did not fit
    QVERIFY(run->marks[0].text.find("2 pictures at once") != std::string::npos);
    QCOMPARE(std::ranges::count(run->metrics, MetricSeries::TrainingLoss, &MetricPoint::series), 12);
}

void MemoryGovernorTest::aRunResumedAfterThatEqualsAnUndisturbedOne()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto undisturbed = trainOn(scarceFrom(7, 2), pictures, scratchConfig(3), {folder / "undisturbed"});
    std::stop_source stop;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.step >= 9)
            stop.request_stop();
    };
    TrainOutput output{folder / "run"};
    QVERIFY(trainOn(scarceFrom(7, 2), pictures, scratchConfig(3), output, events, stop.get_token()).has_value());
    output.resume = true;
    const auto resumed = trainOn({}, pictures, scratchConfig(3), output); // with all the memory it could want
    QVERIFY2(resumed, errorText(resumed));
    QVERIFY(resumed->model->weights == undisturbed->model->weights);
    QVERIFY(readSafetensors(folder / "run" / kCheckpointFile)->weights == readSafetensors(folder / "undisturbed" / kCheckpointFile)->weights);
}

void MemoryGovernorTest::whereNotEvenTwoFitTheLastWeightsAreKept()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto result = trainOn(scarceFrom(7, 0), pictures, scratchConfig(3), {folder / "run"});
    QVERIFY(!result);
    QVERIFY2(result.error().message.find("not even for 2 pictures") != std::string::npos, errorText(result));
    QVERIFY2(result.error().message.find("epoch 1") != std::string::npos, errorText(result));
    QVERIFY(readModel(folder / "run" / kBestFile).has_value());
    TrainOutput output{folder / "run"};
    output.resume = true;
    const auto resumed = trainOn({}, pictures, scratchConfig(3), output);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::MemoryGovernorTest)
#include "memory_governor_test.moc"
