#include "engine/nn/architectures.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/training_preprocessing.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/noisy_batch.h"

#include <QTest>

#include <chrono>
#include <thread>

namespace whisker {

using internal::NetworkTrainer;
using internal::TrainingBatch;
using test::scratchConfig;

namespace {

constexpr int kClasses = 3;
constexpr int kBatch = 6;
constexpr double kRate = 0.01;

/// All that a step changes: weights, what the optimizer remembers, the average, and the statistics of batch norms; and dropout.
TrainConfig wholeConfig()
{
    TrainConfig config = scratchConfig(1);
    config.architecture = "mobilenet_v2";
    config.averageDecay = 0.9;
    return completed(config).value();
}

NetworkTrainer trainerFor(const TrainConfig &config)
{
    return NetworkTrainer(*buildArchitecture(config.architecture, kClasses), config, imageNetPreprocessing(config.sizePx), Device{}, Precision::Float32, {});
}

TrainingBatch batchOf(int step, int sizePx)
{
    return test::noisyBatch(step, kBatch, sizePx, kClasses);
}

} // namespace

class StoppedStepTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setComputeThreads(1); } // tests may run beside others
    void aStepThatWasToStopBeforeItBeganChangesNothing();
    void aStepLeftInItsSecondPartChangesNothing();
    void stepsLeftAtAnyMomentAndTakenAnewTeachTheSame();
};

void StoppedStepTest::aStepThatWasToStopBeforeItBeganChangesNothing()
{
    const TrainConfig config = wholeConfig();
    NetworkTrainer trainer = trainerFor(config);
    trainer.step(batchOf(0, config.sizePx), 0, kRate);
    const Weights before = trainer.state();
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!trainer.step(trainer.prepare(batchOf(1, config.sizePx), 1), kRate, stop.get_token()));
    QVERIFY(trainer.state() == before);
}

void StoppedStepTest::aStepLeftInItsSecondPartChangesNothing()
{
    const TrainConfig config = wholeConfig();
    NetworkTrainer trainer = trainerFor(config);
    trainer.setMicroBatch(3);
    const Weights before = trainer.state();
    std::stop_source stop;
    int parts = 0;
    trainer.setBeforePictures([&](int) {
        if (++parts == 2) // the first part has left gradients and statistics
            stop.request_stop();
    });
    QVERIFY(!trainer.step(trainer.prepare(batchOf(0, config.sizePx), 0), kRate, stop.get_token()));
    QCOMPARE(parts, 2);
    QVERIFY(trainer.state() == before);
    trainer.setBeforePictures({});
    NetworkTrainer undisturbed = trainerFor(config);
    undisturbed.setMicroBatch(3);
    trainer.step(batchOf(0, config.sizePx), 0, kRate);
    undisturbed.step(batchOf(0, config.sizePx), 0, kRate);
    QVERIFY(trainer.state() == undisturbed.state());
}

void StoppedStepTest::stepsLeftAtAnyMomentAndTakenAnewTeachTheSame()
{
    constexpr int kSteps = 12;
    const TrainConfig config = wholeConfig();
    NetworkTrainer undisturbed = trainerFor(config);
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    for (int step = 0; step < kSteps; ++step)
        undisturbed.step(batchOf(step, config.sizePx), step, kRate);
    const auto aStep = (Clock::now() - begin) / kSteps;
    NetworkTrainer trainer = trainerFor(config);
    int left = 0;
    for (int step = 0; step < kSteps; ++step) {
        const auto prepared = trainer.prepare(batchOf(step, config.sizePx), step);
        std::stop_source stop;
        if (step == 0)
            stop.request_stop(); // one is left for certain
        const std::jthread stopper([&] {
            std::this_thread::sleep_for(aStep * step / kSteps); // on the way to the loss, on the way back, after both
            stop.request_stop();
        });
        if (trainer.step(prepared, kRate, stop.get_token()))
            continue;
        ++left;
        QVERIFY(trainer.step(prepared, kRate, {}));
    }
    qInfo("%d of %d steps were left", left, kSteps);
    QVERIFY(left > 0);
    QVERIFY(trainer.state() == undisturbed.state());
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::StoppedStepTest)
#include "stopped_step_test.moc"
