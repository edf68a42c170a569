#include "engine/nn/architectures.h"

#include "engine/nn/graph_builder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace whisker {

namespace {

constexpr std::array<ArchitectureInfo, 8> kArchitectures{{
    {"lite0", "EfficientNet-Lite0", 224, "lite0.safetensors", 224.0 / 256.0},
    {"lite1", "EfficientNet-Lite1", 240, "lite1.safetensors", 240.0 / 272.0},
    {"lite2", "EfficientNet-Lite2", 260, "lite2.safetensors", 260.0 / 292.0},
    {"small", "Small teaching net", 96, "", 1.0},
    {"resnet18", "ResNet-18", 224, "", 0.875},
    {"resnet34", "ResNet-34", 224, "", 0.875},
    {"resnet50", "ResNet-50", 224, "", 0.875},
    {"mobilenet_v2", "MobileNetV2", 224, "", 0.875},
}};

constexpr std::string_view kLongLite = "efficientnet-lite"; // as the papers and PyPI call what the command line calls lite0

/// Two 3 x 3 convolutions beside a shortcut (He et al., figure 5 left).
int basicBlock(GraphBuilder &builder, int input, const std::string &name, int channels, int stride)
{
    int shortcut = input;
    if (stride != 1 || builder.channels(input) != channels) {
        shortcut = builder.convolution(input, name + ".downsample.0", {.outputs = channels, .stride = stride});
        shortcut = builder.batchNorm(shortcut, name + ".downsample.1");
    }
    int x = builder.convolution(input, name + ".conv1", {.outputs = channels, .kernelPx = 3, .stride = stride});
    x = builder.activation(builder.batchNorm(x, name + ".bn1"), NodeKind::Relu, name + ".relu1");
    x = builder.convolution(x, name + ".conv2", {.outputs = channels, .kernelPx = 3});
    x = builder.add(builder.batchNorm(x, name + ".bn2"), shortcut, name + ".add");
    return builder.activation(x, NodeKind::Relu, name + ".relu");
}

/// 1 x 1, 3 x 3, 1 x 1 to four times the width (figure 5 right).
int bottleneckBlock(GraphBuilder &builder, int input, const std::string &name, int width, int stride)
{
    const int channels = 4 * width;
    int shortcut = input;
    if (stride != 1 || builder.channels(input) != channels) {
        shortcut = builder.convolution(input, name + ".downsample.0", {.outputs = channels, .stride = stride});
        shortcut = builder.batchNorm(shortcut, name + ".downsample.1");
    }
    int x = builder.convolution(input, name + ".conv1", {.outputs = width});
    x = builder.activation(builder.batchNorm(x, name + ".bn1"), NodeKind::Relu, name + ".relu1");
    x = builder.convolution(x, name + ".conv2", {.outputs = width, .kernelPx = 3, .stride = stride});
    x = builder.activation(builder.batchNorm(x, name + ".bn2"), NodeKind::Relu, name + ".relu2");
    x = builder.convolution(x, name + ".conv3", {.outputs = channels});
    x = builder.add(builder.batchNorm(x, name + ".bn3"), shortcut, name + ".add");
    return builder.activation(x, NodeKind::Relu, name + ".relu");
}

ArchitectureGraph resnet(std::string name, int classCount, const std::array<int, 4> &depths, bool bottleneck)
{
    GraphBuilder builder(std::move(name), classCount, 224);
    int x = builder.convolution(kPictureInput, "conv1", {.outputs = 64, .kernelPx = 7, .stride = 2});
    x = builder.activation(builder.batchNorm(x, "bn1"), NodeKind::Relu, "relu");
    x = builder.maxPool(x, 3, 2, 1, "maxpool");
    for (int stage = 0; stage < 4; ++stage) {
        for (int block = 0; block < depths[static_cast<std::size_t>(stage)]; ++block) {
            const int stride = stage > 0 && block == 0 ? 2 : 1;
            x = (bottleneck ? bottleneckBlock : basicBlock)(builder, x, fmt::format("layer{}.{}", stage + 1, block), 64 << stage, stride);
        }
    }
    return builder.finish(x, 0.0, "fc");
}

/// A ResNet of four blocks, 143 million multiplications at 96 px: learns from a few hundred pictures in minutes on two cores, and its few maps can be looked at.
ArchitectureGraph smallNet(int classCount)
{
    GraphBuilder builder("small", classCount, 96);
    int x = builder.convolution(kPictureInput, "conv1", {.outputs = 32, .kernelPx = 3, .stride = 2});
    x = builder.activation(builder.batchNorm(x, "bn1"), NodeKind::Relu, "relu");
    constexpr std::array<int, 4> kWidths{32, 64, 128, 256};
    for (std::size_t stage = 0; stage < kWidths.size(); ++stage)
        x = basicBlock(builder, x, fmt::format("layer{}", stage + 1), kWidths[stage], stage == 0 ? 1 : 2);
    return builder.finish(x, 0.2, "fc");
}

struct InvertedStage {
    int expansion, channels, repeats, stride, kernelPx;
};

/// torchvision counts the layers of a block: conv.0 = (convolution, norm, activation), ..., the last two without activation.
int mobileNetBlock(GraphBuilder &builder, int input, const std::string &name, const InvertedStage &stage, int stride)
{
    const int inputs = builder.channels(input);
    int layer = 0;
    int x = input;
    const auto fused = [&](const GraphBuilder::ConvolutionShape &shape) {
        const std::string prefix = fmt::format("{}.conv.{}", name, layer++);
        x = builder.convolution(x, prefix + ".0", shape);
        x = builder.activation(builder.batchNorm(x, prefix + ".1"), NodeKind::Relu6, prefix + ".2");
    };
    if (stage.expansion != 1)
        fused({.outputs = inputs * stage.expansion});
    fused({.outputs = inputs * stage.expansion, .kernelPx = 3, .stride = stride, .depthwise = true});
    x = builder.convolution(x, fmt::format("{}.conv.{}", name, layer), {.outputs = stage.channels});
    x = builder.batchNorm(x, fmt::format("{}.conv.{}", name, layer + 1));
    return stride == 1 && inputs == stage.channels ? builder.add(input, x, name + ".add") : x;
}

ArchitectureGraph mobileNetV2(int classCount)
{
    constexpr std::array<InvertedStage, 7> kStages{
        {{1, 16, 1, 1, 3}, {6, 24, 2, 2, 3}, {6, 32, 3, 2, 3}, {6, 64, 4, 2, 3}, {6, 96, 3, 1, 3}, {6, 160, 3, 2, 3}, {6, 320, 1, 1, 3}}};
    GraphBuilder builder("mobilenet_v2", classCount, 224);
    int x = builder.convolution(kPictureInput, "features.0.0", {.outputs = 32, .kernelPx = 3, .stride = 2});
    x = builder.activation(builder.batchNorm(x, "features.0.1"), NodeKind::Relu6, "features.0.2");
    int block = 1;
    for (const InvertedStage &stage : kStages)
        for (int i = 0; i < stage.repeats; ++i)
            x = mobileNetBlock(builder, x, fmt::format("features.{}", block++), stage, i == 0 ? stage.stride : 1);
    x = builder.convolution(x, fmt::format("features.{}.0", block), {.outputs = 1280});
    x = builder.activation(builder.batchNorm(x, fmt::format("features.{}.1", block)), NodeKind::Relu6, fmt::format("features.{}.2", block));
    return builder.finish(x, 0.2, "classifier.1");
}

/// timm's names: a block without expansion has conv_dw, conv_pw; one with it conv_pw, conv_dw, conv_pwl.
int liteBlock(GraphBuilder &builder, int input, const std::string &name, const InvertedStage &stage, int stride)
{
    const int inputs = builder.channels(input);
    int norm = 1;
    int x = input;
    const auto normalised = [&] { x = builder.batchNorm(x, fmt::format("{}.bn{}", name, norm++)); };
    const auto activated = [&] { x = builder.activation(x, NodeKind::Relu6, fmt::format("{}.act{}", name, norm - 1)); };
    if (stage.expansion != 1) {
        x = builder.convolution(x, name + ".conv_pw", {.outputs = inputs * stage.expansion});
        normalised();
        activated();
    }
    x = builder.convolution(x, name + ".conv_dw",
                            {.outputs = inputs * stage.expansion, .kernelPx = stage.kernelPx, .stride = stride, .depthwise = true});
    normalised();
    activated();
    x = builder.convolution(x, name + (stage.expansion != 1 ? ".conv_pwl" : ".conv_pw"), {.outputs = stage.channels});
    normalised();
    return stride == 1 && inputs == stage.channels ? builder.add(input, x, name + ".add") : x;
}

/// Channels in steps of 8, never less than nine tenths of what was asked for (Sandler et al., reference code).
int scaledChannels(int channels, double factor)
{
    const double wanted = channels * factor;
    const int rounded = std::max(8, static_cast<int>(wanted + 4) / 8 * 8);
    return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

struct LiteScale {
    double width, depth;
    int inputPx;
    double dropRate;
};

ArchitectureGraph efficientNetLite(std::string name, int classCount, const LiteScale &scale)
{
    constexpr std::array<InvertedStage, 7> kStages{
        {{1, 16, 1, 1, 3}, {6, 24, 2, 2, 3}, {6, 40, 2, 2, 5}, {6, 80, 3, 2, 3}, {6, 112, 3, 1, 5}, {6, 192, 4, 2, 5}, {6, 320, 1, 1, 3}}};
    GraphBuilder builder(std::move(name), classCount, scale.inputPx);
    builder.setPadding(PaddingRule::TensorFlowSame);
    builder.setNorm(1e-3, 0.01);
    int x = builder.convolution(kPictureInput, "conv_stem", {.outputs = 32, .kernelPx = 3, .stride = 2}); // Lite does not scale stem and head
    x = builder.activation(builder.batchNorm(x, "bn1"), NodeKind::Relu6, "act1");
    for (std::size_t s = 0; s < kStages.size(); ++s) {
        InvertedStage stage = kStages[s];
        stage.channels = scaledChannels(stage.channels, scale.width);
        const bool fixed = s == 0 || s + 1 == kStages.size(); // nor how often the first and the last stage repeat
        const int repeats = fixed ? stage.repeats : static_cast<int>(std::ceil(stage.repeats * scale.depth));
        for (int i = 0; i < repeats; ++i)
            x = liteBlock(builder, x, fmt::format("blocks.{}.{}", s, i), stage, i == 0 ? stage.stride : 1);
    }
    x = builder.convolution(x, "conv_head", {.outputs = 1280});
    x = builder.activation(builder.batchNorm(x, "bn2"), NodeKind::Relu6, "act2");
    return builder.finish(x, scale.dropRate, "classifier");
}

ArchitectureGraph build(std::string_view name, int classCount)
{
    const std::string text(name);
    if (name == "lite0")
        return efficientNetLite(text, classCount, {1.0, 1.0, 224, 0.2});
    if (name == "lite1")
        return efficientNetLite(text, classCount, {1.0, 1.1, 240, 0.2});
    if (name == "lite2")
        return efficientNetLite(text, classCount, {1.1, 1.2, 260, 0.3});
    if (name == "resnet18")
        return resnet(text, classCount, {2, 2, 2, 2}, false);
    if (name == "resnet34")
        return resnet(text, classCount, {3, 4, 6, 3}, false);
    if (name == "resnet50")
        return resnet(text, classCount, {3, 4, 6, 3}, true);
    return name == "mobilenet_v2" ? mobileNetV2(classCount) : smallNet(classCount);
}

} // namespace

std::span<const ArchitectureInfo> architectures()
{
    return kArchitectures;
}

Result<ArchitectureInfo> findArchitecture(std::string_view name)
{
    const std::string wanted = name.starts_with(kLongLite) ? fmt::format("lite{}", name.substr(kLongLite.size())) : std::string(name);
    const auto found = std::ranges::find(kArchitectures, wanted, &ArchitectureInfo::name);
    if (found != kArchitectures.end())
        return *found;
    std::string names;
    for (const ArchitectureInfo &info : kArchitectures)
        names += (names.empty() ? "" : ", ") + std::string(info.name);
    return fail(ErrorCode::InvalidArgument, fmt::format("There is no network \"{}\": choose one of {}.", name, names));
}

Result<ArchitectureGraph> buildArchitecture(std::string_view name, int classCount)
{
    const auto info = findArchitecture(name);
    if (!info)
        return std::unexpected(info.error());
    if (classCount < 1)
        return fail(ErrorCode::InvalidArgument, fmt::format("A network needs at least one class, not {}.", classCount));
    return build(info->name, classCount);
}

} // namespace whisker
