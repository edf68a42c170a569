#include "engine/nn/architectures.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/training_preprocessing.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/noisy_batch.h"
#include "tests/support/recorded_graph.h"

#include <QTest>

#include <cmath>
#include <new>

namespace whisker {

using internal::NetworkTrainer;
using internal::PreparedBatch;
using internal::StepResult;
using internal::TrainingBatch;
using test::RecordedGraph;
using test::scratchConfig;

namespace {

constexpr int kClasses = 3;
constexpr int kBatch = 6;
constexpr int kBeforeRecording = 3; // steps

enum class Ways { Cpu, Gpu };

TrainConfig configFor(const std::string &architecture)
{
    TrainConfig config = scratchConfig(1);
    config.architecture = architecture;
    return completed(config).value();
}

std::unique_ptr<NetworkTrainer> trainerFor(const TrainConfig &config, Ways ways, Precision precision = Precision::Float32,
                                           const std::vector<float> &classWeights = {})
{
    auto trainer = std::make_unique<NetworkTrainer>(*buildArchitecture(config.architecture, kClasses), config, imageNetPreprocessing(config.sizePx), Device{},
                                                    precision, classWeights);
    if (ways == Ways::Gpu)
        trainer->computeAsOnGpu();
    return trainer;
}

TrainingBatch batchOf(int step, int pictures, int sizePx)
{
    return test::noisyBatch(step, pictures, sizePx, kClasses);
}

double rateOf(int step)
{
    return 0.01 / (step + 1);
}

std::vector<StepResult> taught(NetworkTrainer &trainer, const TrainConfig &config, int steps)
{
    std::vector<StepResult> results;
    for (int step = 0; step < steps; ++step)
        results.push_back(trainer.step(batchOf(step, kBatch, config.sizePx), step, rateOf(step)));
    return results;
}

bool equal(const std::vector<StepResult> &a, const std::vector<StepResult> &b)
{
    return std::ranges::equal(a, b, [](const StepResult &x, const StepResult &y) { return x.loss == y.loss && x.correct == y.correct; });
}

} // namespace

class GraphedPassTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setComputeThreads(1); } // tests may run beside others
    void playedStepsTeachWhatOrdinaryOnesDo_data();
    void playedStepsTeachWhatOrdinaryOnesDo();
    void aBatchOfAnotherSizeIsComputedTheOrdinaryWay();
    void batchesPreparedAheadTeachTheSame();
    void microBatchesAreNotRecorded();
    void whereRecordingFailsTheRunGoesOnAndSaysSo();
    void whereMemoryRunsOutTheGraphIsGivenUpFirst();
    void aLossThatIsNoNumberChangesNothing();
    void tryingPicturesTeachesNothing();
};

void GraphedPassTest::playedStepsTeachWhatOrdinaryOnesDo_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<Precision>("precision");
    QTest::addColumn<bool>("everything");
    QTest::newRow("small") << "small" << Precision::Float32 << false;
    QTest::newRow("small, mixed, smoothed, weighed, averaged") << "small" << Precision::Float32 << true;
    QTest::newRow("ResNet-18") << "resnet18" << Precision::Float32 << true;
    QTest::newRow("MobileNetV2, which has dropout") << "mobilenet_v2" << Precision::Float32 << true;
    QTest::newRow("MobileNetV2, bf16") << "mobilenet_v2" << Precision::BFloat16 << true;
    QTest::newRow("EfficientNet-Lite0, padded unevenly") << "lite0" << Precision::Float32 << false;
}

void GraphedPassTest::playedStepsTeachWhatOrdinaryOnesDo()
{
    QFETCH(QString, architecture);
    QFETCH(Precision, precision);
    QFETCH(bool, everything);
    TrainConfig config = configFor(architecture.toStdString());
    std::vector<float> classWeights;
    if (everything) {
        config.mixup = 0.4;
        config.cutmix = 1.0;
        config.labelSmoothing = 0.1;
        config.averageDecay = 0.9;
        config.optimizer = OptimizerKind::Sgd;
        config.momentum = 0.9;
        classWeights = {0.5F, 1.0F, 1.5F};
    }
    constexpr int kSteps = 7;
    const auto onCpu = trainerFor(config, Ways::Cpu, precision, classWeights), onGpu = trainerFor(config, Ways::Gpu, precision, classWeights);
    const int before = RecordedGraph::replays();
    const auto expected = taught(*onCpu, config, kSteps);
    QCOMPARE(RecordedGraph::replays(), before);
    const auto found = taught(*onGpu, config, kSteps);
    QCOMPARE(onGpu->takeNote(), std::string());
    QCOMPARE(RecordedGraph::replays(), before + kSteps - kBeforeRecording);
    QVERIFY(equal(found, expected));
    QVERIFY(onGpu->state() == onCpu->state());
}

void GraphedPassTest::aBatchOfAnotherSizeIsComputedTheOrdinaryWay()
{
    const TrainConfig config = configFor("small");
    const auto onCpu = trainerFor(config, Ways::Cpu), onGpu = trainerFor(config, Ways::Gpu);
    const int before = RecordedGraph::replays();
    for (int step = 0; step < 7; ++step) {
        const int pictures = step == 5 ? kBatch - 1 : kBatch;
        for (NetworkTrainer *trainer : {onCpu.get(), onGpu.get()})
            trainer->step(batchOf(step, pictures, config.sizePx), step, rateOf(step));
    }
    QCOMPARE(RecordedGraph::replays(), before + 3); // steps 3, 4 and 6
    QVERIFY(onGpu->state() == onCpu->state());
}

void GraphedPassTest::batchesPreparedAheadTeachTheSame()
{
    TrainConfig config = configFor("mobilenet_v2");
    config.mixup = 0.4;
    const auto onCpu = trainerFor(config, Ways::Cpu), onGpu = trainerFor(config, Ways::Gpu);
    QVERIFY(!onCpu->wantsBatchesAhead());
    QVERIFY(onGpu->wantsBatchesAhead());
    taught(*onCpu, config, 6);
    PreparedBatch now = onGpu->prepare(batchOf(0, kBatch, config.sizePx), 0);
    for (int step = 0; step < 6; ++step) {
        PreparedBatch next = onGpu->prepare(batchOf(step + 1, kBatch, config.sizePx), step + 1);
        QVERIFY(onGpu->step(now, rateOf(step), {}));
        now = std::move(next);
    }
    QVERIFY(onGpu->state() == onCpu->state());
}

void GraphedPassTest::microBatchesAreNotRecorded()
{
    const TrainConfig config = configFor("mobilenet_v2");
    const auto onCpu = trainerFor(config, Ways::Cpu), onGpu = trainerFor(config, Ways::Gpu);
    onCpu->setMicroBatch(2);
    onGpu->setMicroBatch(2);
    const int before = RecordedGraph::replays();
    QVERIFY(equal(taught(*onGpu, config, 5), taught(*onCpu, config, 5)));
    QCOMPARE(RecordedGraph::replays(), before);
    QVERIFY(onGpu->state() == onCpu->state());
}

void GraphedPassTest::whereRecordingFailsTheRunGoesOnAndSaysSo()
{
    const TrainConfig config = configFor("small");
    const auto onCpu = trainerFor(config, Ways::Cpu), onGpu = trainerFor(config, Ways::Gpu);
    const int before = RecordedGraph::replays();
    RecordedGraph::breakNext();
    QVERIFY(equal(taught(*onGpu, config, 6), taught(*onCpu, config, 6)));
    QCOMPARE(RecordedGraph::replays(), before);
    QVERIFY(onGpu->state() == onCpu->state());
    QVERIFY(onGpu->takeNote().contains("could not be recorded"));
    QCOMPARE(onGpu->takeNote(), std::string());
}

void GraphedPassTest::whereMemoryRunsOutTheGraphIsGivenUpFirst()
{
    const TrainConfig config = configFor("small");
    const auto onCpu = trainerFor(config, Ways::Cpu), onGpu = trainerFor(config, Ways::Gpu);
    int calls = 0;
    onGpu->setBeforePictures([&](int) {
        if (++calls == 6)
            throw std::bad_alloc();
    });
    const int before = RecordedGraph::replays();
    QVERIFY(equal(taught(*onGpu, config, 8), taught(*onCpu, config, 8)));
    QCOMPARE(RecordedGraph::replays(), before + 2); // steps 3 and 4
    QCOMPARE(onGpu->microBatch(), 0);
    QVERIFY(onGpu->state() == onCpu->state());
    onGpu->setBeforePictures([](int pictures) {
        if (pictures > 3)
            throw std::bad_alloc();
    });
    onGpu->step(batchOf(8, kBatch, config.sizePx), 8, 0.01);
    QCOMPARE(onGpu->microBatch(), 3);
}

void GraphedPassTest::aLossThatIsNoNumberChangesNothing()
{
    const TrainConfig config = configFor("small");
    const auto trainer = trainerFor(config, Ways::Gpu);
    taught(*trainer, config, 5);
    trainer->step(batchOf(5, kBatch, config.sizePx), 5, 1e30);
    const Weights before = trainer->state();
    const int replays = RecordedGraph::replays();
    QVERIFY(!std::isfinite(trainer->step(batchOf(6, kBatch, config.sizePx), 6, 0.01).loss));
    QCOMPARE(RecordedGraph::replays(), replays + 1);
    QVERIFY(trainer->state() == before);
}

void GraphedPassTest::tryingPicturesTeachesNothing()
{
    const TrainConfig config = configFor("mobilenet_v2");
    const auto trainer = trainerFor(config, Ways::Gpu);
    const Weights before = trainer->state();
    trainer->tryPictures(4);
    QVERIFY(trainer->state() == before);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::GraphedPassTest)
#include "graphed_pass_test.moc"
