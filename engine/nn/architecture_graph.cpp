#include "engine/nn/architecture_graph.h"

#include <algorithm>

namespace whisker {

SidePadding samePadding(int inputPx, int kernelPx, int stride)
{
    const int outputPx = (inputPx + stride - 1) / stride;
    const int total = std::max(0, (outputPx - 1) * stride + kernelPx - inputPx);
    return {total / 2, total - total / 2};
}

std::vector<std::vector<int>> consumersOf(const ArchitectureGraph &graph)
{
    std::vector<std::vector<int>> consumers(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        for (const int input : graph.nodes[i].inputs)
            if (input != kPictureInput)
                consumers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
    return consumers;
}

std::vector<WeightSpec> weightSpecs(const ArchitectureGraph &graph)
{
    using Role = WeightSpec::Role;
    std::vector<WeightSpec> specs;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const GraphNode &node = graph.nodes[i];
        const auto add = [&](const char *suffix, std::vector<std::int64_t> shape, Role role) {
            specs.push_back({node.name + suffix, std::move(shape), role, static_cast<int>(i)});
        };
        const std::int64_t outputs = node.outputChannels;
        if (node.kind == NodeKind::Convolution)
            add(".weight", {outputs, node.inputChannels / node.groups, node.kernelPx, node.kernelPx}, Role::ConvolutionWeight);
        if (node.kind == NodeKind::Linear)
            add(".weight", {outputs, node.inputChannels}, Role::LinearWeight);
        if ((node.kind == NodeKind::Convolution || node.kind == NodeKind::Linear) && node.bias)
            add(".bias", {outputs}, Role::Bias);
        if (node.kind == NodeKind::BatchNorm) {
            add(".weight", {outputs}, Role::NormScale);
            add(".bias", {outputs}, Role::NormBias);
            add(".running_mean", {outputs}, Role::NormMean);
            add(".running_var", {outputs}, Role::NormVariance);
        }
    }
    return specs;
}

} // namespace whisker
