#include "engine/train/internal/optimizer.h"

#include <QTest>

#include <ATen/ATen.h>

#include <cmath>

namespace whisker {

using namespace internal;

namespace {

std::unique_ptr<Optimizer> optimizerOf(OptimizerKind kind, const at::Tensor &weight, double decay = 0.0, double momentum = 0.9)
{
    TrainConfig config;
    config.optimizer = kind;
    config.weightDecay = decay;
    config.momentum = momentum;
    return makeOptimizer(config, {{"weight", weight}});
}

void stepWith(Optimizer &optimizer, at::Tensor &weight, double gradient, double rate)
{
    weight.mutable_grad() = at::full_like(weight, gradient);
    optimizer.step(rate);
}

} // namespace

class OptimizerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sgdMovesAsNesterovSays();
    void sgdDecaysMatricesAlone();
    void sgdWithoutMomentumForgets();
    void theFirstStepOfAdamWIsTheRate();
    void whatIsSavedGoesOnAlike_data();
    void whatIsSavedGoesOnAlike();
    void stateOfAnotherShapeIsRefused();
    void firstLayersLearnAtTheirShareAndLastOnesAtAll();
};

void OptimizerTest::sgdMovesAsNesterovSays()
{
    at::Tensor weight = at::ones({2, 3});
    const auto sgd = optimizerOf(OptimizerKind::Sgd, weight);
    stepWith(*sgd, weight, 1.0, 0.1); // v = 1, moved by 0.1 * (1 + 0.9)
    QVERIFY(at::allclose(weight, at::full({2, 3}, 0.81)));
    stepWith(*sgd, weight, 1.0, 0.1); // v = 1.9, moved by 0.1 * (1 + 0.9 * 1.9)
    QVERIFY(at::allclose(weight, at::full({2, 3}, 0.81 - 0.271)));
    QVERIFY(!weight.grad().defined());
}

void OptimizerTest::sgdDecaysMatricesAlone()
{
    at::Tensor matrix = at::ones({2, 2}), bias = at::ones({2});
    const auto ofMatrix = optimizerOf(OptimizerKind::Sgd, matrix, 0.5, 0.0), ofBias = optimizerOf(OptimizerKind::Sgd, bias, 0.5, 0.0);
    stepWith(*ofMatrix, matrix, 0.0, 0.1);
    stepWith(*ofBias, bias, 0.0, 0.1);
    QVERIFY(at::allclose(matrix, at::full({2, 2}, 0.95)));
    QVERIFY(at::equal(bias, at::ones({2})));
}

void OptimizerTest::sgdWithoutMomentumForgets()
{
    at::Tensor weight = at::zeros({2, 2});
    const auto sgd = optimizerOf(OptimizerKind::Sgd, weight, 0.0, 0.0);
    stepWith(*sgd, weight, 1.0, 0.1);
    stepWith(*sgd, weight, 0.0, 0.1);
    QVERIFY(at::allclose(weight, at::full({2, 2}, -0.1)));
    Weights saved;
    sgd->save(saved);
    QCOMPARE(saved.size(), 0u);
}

void OptimizerTest::theFirstStepOfAdamWIsTheRate()
{
    at::Tensor weight = at::zeros({2, 2});
    const auto adamw = optimizerOf(OptimizerKind::AdamW, weight);
    stepWith(*adamw, weight, 1234.5, 0.25);
    QVERIFY(at::allclose(weight, at::full({2, 2}, -0.25)));
}

void OptimizerTest::whatIsSavedGoesOnAlike_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("adamw") << static_cast<int>(OptimizerKind::AdamW);
    QTest::newRow("sgd") << static_cast<int>(OptimizerKind::Sgd);
}

void OptimizerTest::whatIsSavedGoesOnAlike()
{
    QFETCH(int, kind);
    at::Tensor weight = at::ones({3, 3});
    const auto first = optimizerOf(static_cast<OptimizerKind>(kind), weight, 0.1);
    stepWith(*first, weight, 0.7, 0.1);
    Weights saved;
    first->save(saved);
    at::Tensor twin = weight.clone();
    const auto second = optimizerOf(static_cast<OptimizerKind>(kind), twin, 0.1);
    QVERIFY(second->load(saved, 1).has_value());
    stepWith(*first, weight, -0.3, 0.1);
    stepWith(*second, twin, -0.3, 0.1);
    QVERIFY(at::equal(weight, twin));
}

void OptimizerTest::stateOfAnotherShapeIsRefused()
{
    at::Tensor weight = at::ones({3, 3}), other = at::ones({2, 3});
    Weights saved;
    optimizerOf(OptimizerKind::Sgd, weight)->save(saved);
    const auto loaded = optimizerOf(OptimizerKind::Sgd, other)->load(saved, 1);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().message.find("optimizer.momentum.weight") != std::string::npos);
}

void OptimizerTest::firstLayersLearnAtTheirShareAndLastOnesAtAll()
{
    constexpr int kLayers = 16; // two in each eighth
    NamedParameters parameters;
    std::vector<at::Tensor> layers;
    for (int layer = 0; layer < kLayers; ++layer) {
        layers.push_back(layer % 2 == 0 ? at::zeros({2, 2}) : at::zeros({2}));
        parameters.emplace_back(std::to_string(layer), layers.back());
        layers.back().mutable_grad() = at::ones_like(layers.back());
    }
    TrainConfig config;
    config.optimizer = OptimizerKind::Sgd;
    config.momentum = 0.0;
    config.weightDecay = 0.5; // of zeros
    config.firstRateShare = 0.01;
    makeOptimizer(config, std::move(parameters))->step(1.0);
    for (int layer = 0; layer < kLayers; ++layer) {
        const at::Tensor &moved = layers[static_cast<std::size_t>(layer)];
        const double share = std::pow(0.01, 1.0 - (layer / 2) / 7.0);
        QVERIFY2(at::allclose(moved, at::full_like(moved, -share)), std::to_string(layer).c_str());
    }
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::OptimizerTest)
#include "optimizer_test.moc"
