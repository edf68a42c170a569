#include "engine/nn/architectures.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/training_preprocessing.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/noisy_batch.h"

#include <ATen/record_function.h>
#include <QTest>

#include <atomic>

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

/// Asks for a stop when LibTorch begins so many operations from now on; 0: never, only counts. One at a time.
class StopAtOperation {
public:
    explicit StopAtOperation(int operation)
    {
        s_seen = 0;
        s_operation = operation;
        s_stop = std::stop_source();
        m_callback = at::addGlobalCallback(at::RecordFunctionCallback(&StopAtOperation::begins).scopes({at::RecordScope::FUNCTION}));
    }
    StopAtOperation(const StopAtOperation &) = delete;
    StopAtOperation &operator=(const StopAtOperation &) = delete;
    ~StopAtOperation() { at::removeCallback(m_callback); }

    int seen() const { return s_seen; }
    std::stop_token token() const { return s_stop.get_token(); }

private:
    static std::unique_ptr<at::ObserverContext> begins(const at::RecordFunction &)
    {
        if (++s_seen == s_operation)
            s_stop.request_stop();
        return nullptr;
    }

    static inline std::atomic<int> s_seen = 0;
    static inline int s_operation = 0;
    static inline std::stop_source s_stop{};
    at::CallbackHandle m_callback = 0;
};

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
    NetworkTrainer undisturbed = trainerFor(config), trainer = trainerFor(config);
    int left = 0;
    for (int step = 0; step < kSteps; ++step) {
        const auto ours = undisturbed.prepare(batchOf(step, config.sizePx), step), theirs = trainer.prepare(batchOf(step, config.sizePx), step);
        const int operations = [&] {
            const StopAtOperation never(0);
            undisturbed.step(ours, kRate, {});
            return never.seen();
        }();
        const StopAtOperation stop(1 + operations * step / kSteps); // on the way to the loss, on the way back, after both
        if (trainer.step(theirs, kRate, stop.token()))
            continue;
        ++left;
        QVERIFY(trainer.step(theirs, kRate, {}));
    }
    QVERIFY2(left > kSteps / 2, qPrintable(QString::number(left)));
    QVERIFY(trainer.state() == undisturbed.state());
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::StoppedStepTest)
#include "stopped_step_test.moc"
