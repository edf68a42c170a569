#include "engine/base/locations.h"
#include "engine/nn/architectures.h"
#include "engine/nn/inference_plan.h"
#include "engine/nn/device.h"
#include "engine/nn/internal/normalise.h"
#include "tests/engine/nn/random_weights.h"
#include "tests/support/test_folder.h"

#include <c10/core/InferenceMode.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace whisker {

using test::errorText;
using test::randomPictures;
using test::randomWeights;

class InferencePlanTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setComputeThreads(1); } // small nets: threads would only wait for each other
    void thePlanAnswersAsTheModule_data();
    void thePlanAnswersAsTheModule();
    void pretrainedLite0AnswersAsTimm();
    void bf16StaysNearFp32_data();
    void bf16StaysNearFp32();
    void aPictureAloneGetsWhatItGetsInABatch();
    void bothOutputsAreThoseOfTheSingleRuns();
    void aMissingTensorIsNamed();
    void aTensorOfTheWrongShapeIsNamed();
    void aTensorOfTheWrongTypeIsNamed();
    void tensorsTheGraphDoesNotKnowAreIgnored();
    void aDeviationOfZeroIsRefused();
    void picturesThatDoNotFitAreRefused();
    void aNormWithoutConvolutionIsRefused();
    void normalisingPadsWithZeros();
};

namespace {

constexpr std::array<float, 3> kMean{123.7F, 116.3F, 103.5F};
constexpr std::array<float, 3> kDeviation{58.4F, 57.1F, 57.4F};

Result<InferencePlan> planOf(const ArchitectureGraph &graph, const Weights &weights, Precision precision)
{
    return InferencePlan::compile(graph, weights, {precision, kMean, kDeviation});
}

std::vector<float> valuesOf(const at::Tensor &tensor)
{
    const at::Tensor dense = tensor.contiguous();
    return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

/// Largest difference as a share of the largest value.
double relativeError(std::span<const float> values, std::span<const float> expected)
{
    double difference = 0.0, largest = 1e-12;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        difference = std::max(difference, std::abs(static_cast<double>(values[i]) - expected[i]));
        largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    }
    return values.size() == expected.size() && std::isfinite(difference) ? difference / largest : INFINITY;
}

/// Root of the mean square of the difference, as a share of that of the values.
double relativeNoise(std::span<const float> values, std::span<const float> expected)
{
    double difference = 0.0, power = 1e-12;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        difference += std::pow(static_cast<double>(values[i]) - expected[i], 2);
        power += std::pow(static_cast<double>(expected[i]), 2);
    }
    return values.size() == expected.size() ? std::sqrt(difference / power) : INFINITY;
}

} // namespace

void InferencePlanTest::thePlanAnswersAsTheModule_data()
{
    QTest::addColumn<int>("sizePx");
    for (const ArchitectureInfo &info : architectures()) {
        const std::string name(info.name);
        QTest::newRow(name.c_str()) << 64; // even at every halving: asymmetric padding where there is any
    }
    QTest::newRow("lite1 ") << 120; // an odd map in the last halving, as at its own 240
    QTest::newRow("lite2 ") << 65;
    QTest::newRow("small ") << 96;
}

void InferencePlanTest::thePlanAnswersAsTheModule()
{
    QFETCH(int, sizePx);
    const std::string name = QByteArray(QTest::currentDataTag()).trimmed().toStdString();
    const auto graph = buildArchitecture(name, 5);
    const Weights weights = randomWeights(*graph, 7);
    const auto plan = planOf(*graph, weights, Precision::Float32);
    QVERIFY2(plan, errorText(plan));
    QCOMPARE(plan->precision(), Precision::Float32);
    const auto pictures = randomPictures(3, sizePx, 1);
    const auto answer = plan->runBoth(pictures, 3, sizePx);
    QVERIFY2(answer, errorText(answer));

    const c10::InferenceMode inference;
    internal::TrainableModule module(*graph, 1);
    QVERIFY(module.load(weights));
    module.eval();
    const auto expected = module.forward(internal::normalise(pictures, 3, sizePx, {kMean, kDeviation}, at::kFloat));
    QVERIFY(relativeError(answer->features, valuesOf(expected.features)) < 1e-4);
    QVERIFY(relativeError(answer->logits, valuesOf(expected.logits)) < 1e-4);
}

/// Golden values: timm 1.0.31's tf_efficientnet_lite0 with the same weights, PyTorch 2.13, float32, on the same stripes.
void InferencePlanTest::pretrainedLite0AnswersAsTimm()
{
    const int sizePx = 224;
    std::vector<std::uint8_t> stripes;
    for (int y = 0; y < sizePx; ++y)
        for (int x = 0; x < sizePx; ++x)
            for (int c = 0; c < 3; ++c)
                stripes.push_back(static_cast<std::uint8_t>((x * (c + 1) + y * (3 - c)) % 256));
    const auto file = readSafetensors(resourceFolder() / "weights" / "lite0.safetensors");
    QVERIFY2(file, errorText(file));
    const auto graph = buildArchitecture("lite0", 1000);
    const std::vector<std::pair<std::size_t, double>> golden{{885, 9.1208}, {644, 5.8470}, {782, 5.8350}, {818, 5.6361}, {723, 5.5489}};
    for (const auto &[precision, tolerance] : {std::pair(Precision::Float32, 1e-3), std::pair(Precision::BFloat16, 0.3)}) {
        const auto plan = InferencePlan::compile(*graph, file->weights, {.precision = precision}); // Lite's own mean and deviation
        QVERIFY2(plan, errorText(plan));
        const auto answer = plan->runBoth(stripes, 1, sizePx);
        QVERIFY2(answer, errorText(answer));
        for (const auto &[index, logit] : golden)
            QVERIFY(std::abs(answer->logits[index] - logit) < tolerance);
        QCOMPARE(std::ranges::max_element(answer->logits) - answer->logits.begin(), 885);
        const double sum = std::accumulate(answer->features.begin(), answer->features.end(), 0.0);
        QVERIFY(std::abs(sum / 214.775 - 1.0) < tolerance * 0.1);
    }
}

void InferencePlanTest::bf16StaysNearFp32_data()
{
    QTest::addColumn<bool>("unused");
    for (const char *name : {"lite0", "mobilenet_v2", "resnet18", "resnet50", "small"})
        QTest::newRow(name) << true;
}

void InferencePlanTest::bf16StaysNearFp32()
{
    const auto graph = buildArchitecture(QTest::currentDataTag(), 5);
    const Weights weights = randomWeights(*graph, 3);
    const auto fp32 = planOf(*graph, weights, Precision::Float32);
    const auto bf16 = planOf(*graph, weights, Precision::BFloat16);
    QVERIFY2(bf16, errorText(bf16));
    QCOMPARE(bf16->precision(), hasBFloat16(Device{}) ? Precision::BFloat16 : Precision::Float32);
    const auto pictures = randomPictures(4, 96, 5);
    const auto exact = fp32->run(pictures, 4, 96, PlanOutput::Features);
    const auto rounded = bf16->run(pictures, 4, 96, PlanOutput::Features);
    QVERIFY2(rounded, errorText(rounded));
    // 8 bits of mantissa are 0.2 % a rounding; 20 to 60 layers of it add up, most where random weights leave little signal
    QVERIFY2(relativeNoise(*rounded, *exact) < 0.08, std::to_string(relativeNoise(*rounded, *exact)).c_str());
}

void InferencePlanTest::aPictureAloneGetsWhatItGetsInABatch()
{
    const auto graph = buildArchitecture("lite0", 4);
    const auto plan = planOf(*graph, randomWeights(*graph, 2), Precision::Float32);
    QVERIFY2(plan, errorText(plan));
    const int sizePx = 64, batch = 32;
    const auto pictures = randomPictures(batch, sizePx, 9);
    const auto all = plan->run(pictures, batch, sizePx);
    QVERIFY2(all, errorText(all));
    QCOMPARE(all->size(), 4u * batch);
    const std::size_t bytes = pictures.size() / batch;
    for (const std::size_t row : {0u, 7u, 8u, 31u}) {
        const auto alone = plan->run(std::span(pictures).subspan(row * bytes, bytes), 1, sizePx);
        QVERIFY2(alone, errorText(alone));
        QVERIFY(relativeError(*alone, std::span(*all).subspan(row * 4, 4)) < 1e-4);
    }
}

void InferencePlanTest::bothOutputsAreThoseOfTheSingleRuns()
{
    const auto graph = buildArchitecture("small", 3);
    const auto plan = planOf(*graph, randomWeights(*graph, 2), Precision::Automatic);
    const auto pictures = randomPictures(11, 96, 4);
    const auto both = plan->runBoth(pictures, 11, 96);
    QVERIFY2(both, errorText(both));
    QCOMPARE(both->features.size(), 11u * static_cast<std::size_t>(plan->featureCount()));
    QCOMPARE(both->logits.size(), 11u * static_cast<std::size_t>(plan->classCount()));
    QVERIFY(both->features == *plan->run(pictures, 11, 96, PlanOutput::Features));
    QVERIFY(both->logits == *plan->run(pictures, 11, 96, PlanOutput::Logits));
}

void InferencePlanTest::aMissingTensorIsNamed()
{
    const auto graph = buildArchitecture("small", 2);
    Weights weights = randomWeights(*graph, 1);
    weights.remove("layer2.bn1.running_var");
    const auto plan = planOf(*graph, weights, Precision::Float32);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::BadFormat);
    QVERIFY(plan.error().message.contains("layer2.bn1.running_var"));
}

void InferencePlanTest::aTensorOfTheWrongShapeIsNamed()
{
    const auto graph = buildArchitecture("small", 2);
    const auto otherGraph = buildArchitecture("small", 3);
    const auto plan = planOf(*graph, randomWeights(*otherGraph, 1), Precision::Float32);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::BadFormat);
    QVERIFY(plan.error().message.contains("fc.weight"));
    QVERIFY(plan.error().message.contains("3 x 256"));
}

void InferencePlanTest::aTensorOfTheWrongTypeIsNamed()
{
    const auto graph = buildArchitecture("small", 2);
    Weights weights = randomWeights(*graph, 1);
    weights.set("fc.bias", {DType::Float64, {2}, std::vector<std::byte>(16)});
    const auto plan = planOf(*graph, weights, Precision::Float32);
    QVERIFY(!plan);
    QVERIFY(plan.error().message.contains("fc.bias"));
}

void InferencePlanTest::tensorsTheGraphDoesNotKnowAreIgnored()
{
    const auto graph = buildArchitecture("small", 2);
    Weights weights = randomWeights(*graph, 1);
    weights.set("bn1.num_batches_tracked", {DType::Int64, {}, std::vector<std::byte>(8)}); // as torchvision's files have it
    const auto plan = planOf(*graph, weights, Precision::Float32);
    QVERIFY2(plan, errorText(plan));
}

void InferencePlanTest::aDeviationOfZeroIsRefused()
{
    const auto graph = buildArchitecture("small", 2);
    const auto plan = InferencePlan::compile(*graph, randomWeights(*graph, 1), {Precision::Float32, kMean, {1, 0, 1}});
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::InvalidArgument);
}

void InferencePlanTest::picturesThatDoNotFitAreRefused()
{
    const auto graph = buildArchitecture("small", 2);
    const auto plan = planOf(*graph, randomWeights(*graph, 1), Precision::Float32);
    const auto pictures = randomPictures(2, 64, 1);
    for (const auto &[batch, sizePx] : {std::pair(0, 64), std::pair(1, 64), std::pair(2, 63), std::pair(-2, 64), std::pair(2, -64)}) {
        const auto answer = plan->run(pictures, batch, sizePx);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
    }
    QVERIFY(!plan->run(randomPictures(1, 8, 1), 1, 8));
}

void InferencePlanTest::aNormWithoutConvolutionIsRefused()
{
    auto graph = *buildArchitecture("small", 2);
    const Weights weights = randomWeights(graph, 1);
    for (GraphNode &node : graph.nodes)
        if (node.name == "layer3.bn2")
            node.inputs = {1}; // the output of another norm
    const auto plan = planOf(graph, weights, Precision::Float32);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::InvalidArgument);
    QVERIFY(plan.error().message.contains("layer3.bn2"));
}

void InferencePlanTest::normalisingPadsWithZeros()
{
    const std::vector<std::uint8_t> pixels{0, 127, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90};
    const internal::Normalisation normalisation{{127, 100, 50}, {128, 10, 2}};
    for (const auto type : {at::kFloat, at::kBFloat16}) {
        const at::Tensor x = internal::normalise(pixels, 1, 2, normalisation, type, 1, 2).to(at::kFloat);
        QCOMPARE(x.size(2), 5);
        QCOMPARE(x.size(3), 5);
        QCOMPARE(x[0][1][1][1].item<float>(), type == at::kFloat ? 2.7F : 2.703125F);
        QCOMPARE(x[0][2][2][2].item<float>(), 20.0F);
        QCOMPARE(x[0][0].sum().item<float>() + 0.0F, x[0][0].slice(0, 1, 3).slice(1, 1, 3).sum().item<float>());
        QCOMPARE(x[0][0][0].abs().sum().item<float>(), 0.0F);
        QCOMPARE(x[0][0][4].abs().sum().item<float>(), 0.0F);
    }
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::InferencePlanTest)
#include "inference_plan_test.moc"
