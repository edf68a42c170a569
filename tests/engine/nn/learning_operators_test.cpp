#include "engine/nn/architectures.h"
#include "engine/nn/device.h"
#include "engine/nn/internal/norm_activation.h"
#include "engine/nn/internal/trainable_module.h"
#include "engine/nn/internal/training_convolution.h"
#include "tests/engine/nn/random_weights.h"

#include <ATen/autocast_mode.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tensor.h>

#include <QTest>

namespace whisker {

using namespace internal;

/// What a network that learns is made of in bf16, judged by LibTorch's operators in float32 on the same values.
class LearningOperatorsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void normsLearnAsInFloat32_data();
    void normsLearnAsInFloat32();
    void theVarianceIsRightFarFromZero();
    void anOutlyingFirstPixelSpoilsNoVariance();
    void normsDoNotDependOnTheThreads();
    void convolutionsLearnAsInFloat32_data();
    void convolutionsLearnAsInFloat32();
    void normsTakeWhatFollowsThem();
    void networksLearnInBf16AsInFloat32_data();
    void networksLearnInBf16AsInFloat32();
};

namespace {

constexpr double kRounding = 0.01; // bf16 keeps 8 bits

class Autocast {
public:
    Autocast()
    {
        at::autocast::set_autocast_enabled(at::kCPU, true);
        at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    }
    Autocast(const Autocast &) = delete;
    Autocast &operator=(const Autocast &) = delete;
    ~Autocast()
    {
        at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(at::kCPU, false);
    }
};

at::Tensor noise(at::IntArrayRef shape, std::uint64_t seed)
{
    return at::randn(shape, at::detail::createCPUGenerator(seed), at::TensorOptions(at::kFloat));
}

/// Values that bf16 has; channels last where they are pictures.
at::Tensor pictures(at::IntArrayRef shape, std::uint64_t seed)
{
    return noise(shape, seed).to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor learnt(const at::Tensor &values, at::ScalarType type)
{
    return values.to(type).detach().clone(at::MemoryFormat::Preserve).requires_grad_();
}

double distance(const at::Tensor &is, const at::Tensor &wanted)
{
    const at::Tensor exact = wanted.detach().to(at::kDouble);
    return ((is.detach().to(at::kDouble) - exact).norm() / exact.norm()).item<double>();
}

struct Norm {
    at::Tensor scale, shift, mean, variance;
    static Norm random(std::int64_t channels)
    {
        return {noise({channels}, 11).abs().add(0.5).requires_grad_(), noise({channels}, 12).requires_grad_(), noise({channels}, 13), noise({channels}, 14).abs().add(0.5)};
    }
    Norm copy() const { return {learnt(scale, at::kFloat), learnt(shift, at::kFloat), mean.clone(), variance.clone()}; }
    NormTensors tensors() const { return {scale, shift, mean, variance}; }
};

} // namespace

void LearningOperatorsTest::normsLearnAsInFloat32_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<bool>("summand");
    QTest::addColumn<bool>("followsBatch");
    QTest::addColumn<float>("low");
    QTest::addColumn<float>("high");
    const float none = kNoLimits.high;
    QTest::newRow("alone") << 64 << false << true << -none << none;
    QTest::newRow("ReLU") << 96 << false << true << 0.0F << none;
    QTest::newRow("two limits, kept statistics") << 144 << false << false << 0.0F << 6.0F;
    QTest::newRow("summand and ReLU") << 64 << true << true << 0.0F << none;
    QTest::newRow("summand alone, kept statistics") << 24 << true << false << -none << none;
    QTest::newRow("few channels") << 3 << true << true << 0.0F << none;
}

void LearningOperatorsTest::normsLearnAsInFloat32()
{
    QFETCH(const int, channels);
    QFETCH(const bool, summand);
    QFETCH(const bool, followsBatch);
    QFETCH(const float, low);
    QFETCH(const float, high);
    setComputeThreads(2);
    const at::Tensor values = pictures({6, channels, 9, 7}, 1), added = pictures({6, channels, 9, 7}, 2), dy = pictures({6, channels, 9, 7}, 3);
    const Norm ours = Norm::random(channels), theirs = ours.copy();
    const at::Tensor x = learnt(values, at::kBFloat16), x32 = learnt(values, at::kFloat);
    const at::Tensor s = learnt(added, at::kBFloat16), s32 = learnt(added, at::kFloat);
    const at::Tensor y = normaliseToLearn(x, summand ? s : at::Tensor(), ours.tensors(), {1e-3, 0.1, followsBatch, {low, high}});
    at::Tensor y32 = at::batch_norm(x32, theirs.scale, theirs.shift, theirs.mean, theirs.variance, followsBatch, 0.1, 1e-3, false);
    y32 = summand ? at::add(y32, s32) : y32;
    dy.masked_fill_(at::lt(at::abs(at::sub(y32.detach(), high)), 0.03), 0.0); // rounded to a limit a value lets nothing through
    y32 = at::clamp(y32, low, high);
    y.backward(dy);
    y32.backward(dy.to(at::kFloat));
    QCOMPARE_LT(distance(y, y32), kRounding);
    QCOMPARE_LT(distance(x.grad(), x32.grad()), kRounding);
    QCOMPARE_LT(distance(ours.scale.grad(), theirs.scale.grad()), kRounding);
    QCOMPARE_LT(distance(ours.shift.grad(), theirs.shift.grad()), kRounding);
    QCOMPARE_LT(distance(ours.mean, theirs.mean), 1e-5);
    QCOMPARE_LT(distance(ours.variance, theirs.variance), 1e-5);
    if (summand)
        QCOMPARE_LT(distance(s.grad(), s32.grad()), kRounding);
}

void LearningOperatorsTest::theVarianceIsRightFarFromZero()
{
    const at::Tensor values = noise({4, 8, 16, 16}, 5).add(200.0).to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    const Norm norm = Norm::random(8);
    normaliseToLearn(values, {}, norm.tensors(), {1e-5, 1.0, true, kNoLimits});
    const at::Tensor exact = values.to(at::kDouble).var({0, 2, 3});
    QCOMPARE_LT(distance(norm.variance, exact), 1e-4);
}

void LearningOperatorsTest::anOutlyingFirstPixelSpoilsNoVariance()
{
    at::Tensor values = at::zeros({32, 64, 56, 56}, at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast); // flat pictures
    values.slice(1, 32).add_(noise({32, 32, 56, 56}, 8).to(at::kBFloat16));
    values.select(0, 0).select(1, 0).select(1, 0).fill_(30.0); // with a mark in the first one's corner
    const Norm norm = Norm::random(64);
    const at::Tensor y = normaliseToLearn(values, {}, norm.tensors(), {1e-5, 1.0, true, kNoLimits});
    const at::Tensor exact = values.to(at::kDouble).var({0, 2, 3});
    QCOMPARE_LT((norm.variance.to(at::kDouble) / exact - 1.0).abs().max().item<double>(), 1e-4);
    QVERIFY(y.isfinite().all().item<bool>());
}

void LearningOperatorsTest::normsDoNotDependOnTheThreads()
{
    const at::Tensor values = pictures({8, 32, 20, 20}, 6), dy = pictures({8, 32, 20, 20}, 7);
    std::vector<at::Tensor> results[2];
    for (const int threads : {1, 2}) {
        setComputeThreads(threads);
        const Norm norm = Norm::random(32);
        const at::Tensor x = learnt(values, at::kBFloat16);
        const at::Tensor y = normaliseToLearn(x, {}, norm.tensors(), {1e-5, 0.1, true, {0.0F, kNoLimits.high}});
        y.backward(dy);
        results[threads - 1] = {y, x.grad(), norm.scale.grad(), norm.shift.grad(), norm.mean, norm.variance};
    }
    for (std::size_t i = 0; i < results[0].size(); ++i)
        QVERIFY(results[0][i].equal(results[1][i]));
}

void LearningOperatorsTest::convolutionsLearnAsInFloat32_data()
{
    QTest::addColumn<int>("sizePx");
    QTest::addColumn<int>("kernelPx");
    QTest::addColumn<int>("stride");
    QTest::addColumn<bool>("depthwise");
    QTest::addColumn<bool>("tensorFlow");
    QTest::newRow("beside one another") << 7 << 3 << 1 << false << false;
    QTest::newRow("the same with a stride") << 14 << 3 << 2 << false << false;
    QTest::newRow("an odd width with a stride") << 9 << 3 << 2 << false << false;
    QTest::newRow("a wide kernel") << 6 << 7 << 2 << false << false;
    QTest::newRow("pictures of one pixel") << 1 << 3 << 1 << false << false;
    QTest::newRow("as a matrix") << 7 << 1 << 1 << false << false;
    QTest::newRow("one pixel with a stride") << 8 << 1 << 2 << false << false;
    QTest::newRow("large pictures") << 30 << 3 << 1 << false << false;
    QTest::newRow("depthwise") << 14 << 5 << 1 << true << false;
    QTest::newRow("depthwise with a stride, padded as in TensorFlow") << 14 << 3 << 2 << true << true;
    QTest::newRow("padded as in TensorFlow") << 14 << 3 << 2 << false << true;
}

void LearningOperatorsTest::convolutionsLearnAsInFloat32()
{
    QFETCH(const int, sizePx);
    QFETCH(const int, kernelPx);
    QFETCH(const int, stride);
    QFETCH(const bool, depthwise);
    QFETCH(const bool, tensorFlow);
    const int channels = 24, groups = depthwise ? channels : 1;
    GraphNode node{.kind = NodeKind::Convolution, .name = "c", .inputs = {}, .inputChannels = channels, .outputChannels = depthwise ? channels : 40, .kernelPx = kernelPx, .stride = stride};
    node.groups = groups;
    node.paddingPx = kernelPx / 2;
    node.padding = tensorFlow ? PaddingRule::TensorFlowSame : PaddingRule::Symmetric;
    const at::Tensor values = pictures({5, channels, sizePx, sizePx}, 1), weights = pictures({node.outputChannels, channels / groups, kernelPx, kernelPx}, 2);
    const at::Tensor x = learnt(values, at::kBFloat16), x32 = learnt(values, at::kFloat), w = learnt(weights, at::kFloat), w32 = learnt(weights, at::kFloat);
    at::Tensor y;
    {
        const Autocast autocast;
        y = convolveToLearn(x, node, w, {});
    }
    const at::Tensor y32 = convolveToLearn(x32, node, w32, {}); // in float32 that is at::conv2d
    QVERIFY(y.scalar_type() == at::kBFloat16 && y32.scalar_type() == at::kFloat);
    QVERIFY(y.sizes() == y32.sizes() && y.is_contiguous(at::MemoryFormat::ChannelsLast));
    const at::Tensor dy = pictures(y.sizes(), 3);
    y.backward(dy);
    y32.backward(dy.to(at::kFloat));
    QCOMPARE_LT(distance(y, y32), kRounding);
    QCOMPARE_LT(distance(x.grad(), x32.grad()), kRounding);
    QCOMPARE_LT(distance(w.grad(), w32.grad()), kRounding);
    if (!tensorFlow)
        QVERIFY(y32.equal(at::conv2d(x32, w32, {}, stride, kernelPx / 2, 1, groups)));
}

void LearningOperatorsTest::normsTakeWhatFollowsThem()
{
    const ArchitectureGraph resnet = *buildArchitecture("resnet18", 2);
    std::size_t norms = 0, sums = 0;
    for (const TrainingStep &step : trainingSteps(resnet)) {
        const NodeKind first = resnet.nodes[static_cast<std::size_t>(step.first)].kind, last = resnet.nodes[static_cast<std::size_t>(step.last)].kind;
        QVERIFY(last != NodeKind::Add); // each block's sum belongs to a norm, and its ReLU with it
        norms += first == NodeKind::BatchNorm;
        sums += first == NodeKind::BatchNorm && step.inputs.size() == 2 && last == NodeKind::Relu;
    }
    QCOMPARE(norms, 20u);
    QCOMPARE(sums, 8u);
}

void LearningOperatorsTest::networksLearnInBf16AsInFloat32_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"small", "resnet18", "resnet50"})
        QTest::newRow(name) << name;
}

void LearningOperatorsTest::networksLearnInBf16AsInFloat32()
{
    QFETCH(const QString, name);
    const ArchitectureGraph graph = *buildArchitecture(name.toStdString(), 2);
    const at::Tensor x = noise({8, 3, 64, 64}, 1).contiguous(at::MemoryFormat::ChannelsLast), labels = at::tensor({0, 1, 0, 1, 0, 1, 0, 1}, at::kLong);
    TrainableModule module(graph, 1), exact(graph, 1);
    const Weights weights = test::randomWeights(graph, 3);
    QVERIFY(module.load(weights) && exact.load(weights));
    module.keepNormStatistics(); // or rounding would grow from layer to layer
    exact.keepNormStatistics();
    at::Tensor logits;
    {
        const Autocast autocast;
        logits = module.forward(x.to(at::kBFloat16), 1).logits.to(at::kFloat);
    }
    at::cross_entropy_loss(logits, labels).backward();
    at::cross_entropy_loss(exact.forward(x, 1).logits, labels).backward();
    const auto wanted = exact.named_parameters();
    double dot = 0.0, ours = 0.0, theirs = 0.0;
    for (const auto &parameter : module.named_parameters()) {
        QVERIFY2(parameter.value().grad().defined(), parameter.key().c_str());
        const at::Tensor is = parameter.value().grad().to(at::kDouble), should = wanted[parameter.key()].grad().to(at::kDouble);
        dot += at::mul(is, should).sum().item<double>();
        ours += is.square().sum().item<double>();
        theirs += should.square().sum().item<double>();
    }
    QCOMPARE_GT(dot / std::sqrt(ours * theirs), 0.97); // the cosine between all gradients
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::LearningOperatorsTest)
#include "learning_operators_test.moc"
