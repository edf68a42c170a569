#include "engine/nn/architectures.h"
#include "engine/nn/device.h"
#include "engine/nn/internal/normalise.h"
#include "tests/engine/nn/random_weights.h"
#include "tests/support/test_folder.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <c10/core/InferenceMode.h>

#include <QTest>
#include <cmath>

namespace whisker {

using internal::TrainableModule;
using test::errorText;
using test::randomWeights;

class TrainableModuleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setComputeThreads(1); } // small nets: threads would only wait for each other
    void parametersAreCalledAsTheWeights();
    void theSameSeedGivesTheSameWeights();
    void convolutionsBeginWithHesDeviation();
    void weightsGoOutAsTheyCameIn();
    void loadingKeepsAllWhereATensorIsMissing();
    void theClassifierCanBeLeftOut();
    void everyParameterGetsAGradient();
    void aPassIsLeftOnTheWayBackToo();
    void dropoutFollowsItsSeedAlone();
    void runningStatisticsFollowTheDataInTrainingOnly();
};

namespace {

at::Tensor somePictures(int batch, int sizePx)
{
    return internal::normalise(test::randomPictures(batch, sizePx, 1), batch, sizePx, {{127, 127, 127}, {128, 128, 128}}, at::kFloat);
}

} // namespace

void TrainableModuleTest::parametersAreCalledAsTheWeights()
{
    const auto graph = buildArchitecture("resnet18", 2);
    const TrainableModule module(*graph, 1);
    const auto parameters = module.named_parameters();
    const auto buffers = module.named_buffers();
    std::size_t found = 0;
    for (const WeightSpec &spec : weightSpecs(*graph)) {
        QVERIFY2((spec.learnt() ? parameters : buffers).contains(spec.name), spec.name.c_str());
        ++found;
    }
    QCOMPARE(parameters.size() + buffers.size(), found);
    QVERIFY(parameters["layer1.0.conv1.weight"].is_contiguous(at::MemoryFormat::ChannelsLast));
}

void TrainableModuleTest::theSameSeedGivesTheSameWeights()
{
    const auto graph = buildArchitecture("small", 2);
    QVERIFY(TrainableModule(*graph, 5).weights() == TrainableModule(*graph, 5).weights());
    QVERIFY(!(TrainableModule(*graph, 5).weights() == TrainableModule(*graph, 6).weights()));
}

void TrainableModuleTest::convolutionsBeginWithHesDeviation()
{
    const auto graph = buildArchitecture("small", 2);
    const Weights weights = TrainableModule(*graph, 5).weights();
    double sum = 0.0, squares = 0.0;
    const auto values = weights.find("layer4.conv2.weight")->floats();
    for (const float value : values) {
        sum += value;
        squares += static_cast<double>(value) * value;
    }
    const double count = static_cast<double>(values.size());
    QVERIFY(std::abs(std::sqrt(squares / count) / std::sqrt(2.0 / (256 * 9)) - 1.0) < 0.01);
    QVERIFY(std::abs(sum / count) < 0.001);
    QCOMPARE(weights.find("bn1.running_var")->floats()[0], 1.0F);
}

void TrainableModuleTest::weightsGoOutAsTheyCameIn()
{
    const auto graph = buildArchitecture("mobilenet_v2", 3);
    const Weights weights = randomWeights(*graph, 4);
    TrainableModule module(*graph, 1);
    const auto loaded = module.load(weights);
    QVERIFY2(loaded, errorText(loaded));
    QVERIFY(module.weights() == weights);
    QVERIFY(module.named_parameters()["features.18.0.weight"].is_contiguous(at::MemoryFormat::ChannelsLast));
    QVERIFY(module.named_parameters()["features.18.0.weight"].requires_grad());
}

void TrainableModuleTest::loadingKeepsAllWhereATensorIsMissing()
{
    const auto graph = buildArchitecture("small", 2);
    Weights weights = randomWeights(*graph, 4);
    weights.remove("layer4.conv2.weight");
    TrainableModule module(*graph, 1);
    const auto loaded = module.load(weights);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().message.contains("layer4.conv2.weight"));
    QVERIFY(module.weights() == TrainableModule(*graph, 1).weights());
}

void TrainableModuleTest::theClassifierCanBeLeftOut()
{
    const auto thousand = buildArchitecture("small", 1000);
    const auto two = buildArchitecture("small", 2);
    TrainableModule module(*two, 1);
    QVERIFY(!module.load(randomWeights(*thousand, 4)));
    const auto loaded = module.load(randomWeights(*thousand, 4), true);
    QVERIFY2(loaded, errorText(loaded));
    QVERIFY(*module.weights().find("fc.weight") == *TrainableModule(*two, 1).weights().find("fc.weight"));
    QVERIFY(*module.weights().find("conv1.weight") == *randomWeights(*thousand, 4).find("conv1.weight"));
}

void TrainableModuleTest::everyParameterGetsAGradient()
{
    for (const char *name : {"small", "lite0"}) {
        TrainableModule module(*buildArchitecture(name, 2), 1);
        const auto output = module.forward(somePictures(4, 64), 1);
        at::cross_entropy_loss(output.logits, at::tensor({0, 1, 0, 1}, at::kLong)).backward();
        for (const auto &parameter : module.named_parameters())
            QVERIFY2(parameter.value().grad().defined() && parameter.value().grad().abs().sum().item<float>() > 0.0F,
                     parameter.key().c_str());
        QCOMPARE(module.classifierParameters().size() + module.backboneParameters().size(), module.parameters().size());
        QCOMPARE(module.classifierParameters().size(), 2u);
    }
}

void TrainableModuleTest::aPassIsLeftOnTheWayBackToo()
{
    TrainableModule module(*buildArchitecture("small", 2), 1);
    std::stop_source stop;
    const at::Tensor pictures = somePictures(4, 64);
    const auto output = module.forward(pictures, module.dropoutMasks(4, 1), stop.get_token());
    const at::Tensor loss = at::cross_entropy_loss(output.logits, at::tensor({0, 1, 0, 1}, at::kLong));
    auto parameters = module.named_parameters();
    parameters["layer2.conv2.weight"].register_hook([&](const at::Tensor &) { stop.request_stop(); });
    QVERIFY_THROWS_EXCEPTION(internal::PassLeft, loss.backward());
    QVERIFY(parameters["fc.weight"].grad().defined() && parameters["layer4.conv1.weight"].grad().defined());
    QVERIFY(!parameters["layer1.conv1.weight"].grad().defined() && !parameters["conv1.weight"].grad().defined());
    QVERIFY_THROWS_EXCEPTION(internal::PassLeft, module.forward(pictures, module.dropoutMasks(4, 1), stop.get_token()));
}

void TrainableModuleTest::dropoutFollowsItsSeedAlone()
{
    const c10::InferenceMode inference;
    TrainableModule module(*buildArchitecture("small", 2), 1);
    const at::Tensor pictures = somePictures(2, 64);
    QVERIFY(module.forward(pictures, 3).logits.equal(module.forward(pictures, 3).logits));
    QVERIFY(!module.forward(pictures, 3).logits.equal(module.forward(pictures, 4).logits));
    module.eval();
    QVERIFY(module.forward(pictures, 3).logits.equal(module.forward(pictures, 4).logits));
}

void TrainableModuleTest::runningStatisticsFollowTheDataInTrainingOnly()
{
    const c10::InferenceMode inference;
    TrainableModule module(*buildArchitecture("small", 2), 1);
    const Weights before = module.weights();
    module.eval();
    module.forward(somePictures(2, 64));
    QVERIFY(module.weights() == before);
    module.train();
    module.forward(somePictures(2, 64));
    QVERIFY(!(*module.weights().find("bn1.running_mean") == *before.find("bn1.running_mean")));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TrainableModuleTest)
#include "trainable_module_test.moc"
