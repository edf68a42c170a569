#include "engine/nn/network_cost.h"

#include <vector>

namespace whisker {

namespace {

/// Side of what a node puts out for an input of side `px`.
int outputPx(const GraphNode &node, int px)
{
    switch (node.kind) {
    case NodeKind::Convolution:
        if (node.padding == PaddingRule::TensorFlowSame)
            return (px + node.stride - 1) / node.stride;
        [[fallthrough]];
    case NodeKind::MaxPool:
        return (px + 2 * node.paddingPx - node.kernelPx) / node.stride + 1;
    case NodeKind::GlobalAveragePool:
        return 1;
    default:
        return px;
    }
}

} // namespace

NetworkCost costOf(const ArchitectureGraph &graph, int sizePx)
{
    NetworkCost cost;
    std::vector<int> sides;
    sides.reserve(graph.nodes.size());
    for (const GraphNode &node : graph.nodes) {
        const int input = node.inputs.front();
        const int side = outputPx(node, input == kPictureInput ? sizePx : sides[static_cast<std::size_t>(input)]);
        sides.push_back(side);
        const std::int64_t places = std::int64_t(side) * side;
        cost.activations += places * node.outputChannels;
        if (node.kind == NodeKind::Convolution)
            cost.multiplyAdds += places * node.outputChannels * (node.inputChannels / node.groups) * node.kernelPx * node.kernelPx;
        else if (node.kind == NodeKind::Linear)
            cost.multiplyAdds += std::int64_t(node.inputChannels) * node.outputChannels;
    }
    for (const WeightSpec &spec : weightSpecs(graph)) {
        std::int64_t count = 1;
        for (const std::int64_t length : spec.shape)
            count *= length;
        cost.weights += count;
    }
    return cost;
}

std::int64_t trainingBytes(const NetworkCost &cost, int batch, Precision precision)
{
    constexpr std::int64_t kBytesAWeight = 16;
    return batch * cost.activations * (precision == Precision::BFloat16 ? 2 : 4) + cost.weights * kBytesAWeight;
}

} // namespace whisker
