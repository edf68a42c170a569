#include "engine/nn/graph_builder.h"

#include <utility>

namespace whisker {

GraphBuilder::GraphBuilder(std::string name, int classCount, int inputPx)
{
    m_graph.name = std::move(name);
    m_graph.classCount = classCount;
    m_graph.inputPx = inputPx;
}

int GraphBuilder::append(GraphNode node)
{
    if (node.outputChannels == 0)
        node.outputChannels = channels(node.inputs.front());
    m_graph.nodes.push_back(std::move(node));
    return static_cast<int>(m_graph.nodes.size()) - 1;
}

int GraphBuilder::channels(int node) const
{
    return node == kPictureInput ? 3 : m_graph.nodes[static_cast<std::size_t>(node)].outputChannels;
}

void GraphBuilder::setNorm(double epsilon, double momentum)
{
    m_epsilon = epsilon;
    m_momentum = momentum;
}

int GraphBuilder::convolution(int input, std::string name, const ConvolutionShape &shape)
{
    const int inputs = channels(input);
    return append({.kind = NodeKind::Convolution, .name = std::move(name), .inputs = {input}, .inputChannels = inputs,
                   .outputChannels = shape.outputs, .kernelPx = shape.kernelPx, .stride = shape.stride, .padding = m_padding,
                   .paddingPx = m_padding == PaddingRule::Symmetric ? shape.kernelPx / 2 : 0,
                   .groups = shape.depthwise ? inputs : 1});
}

int GraphBuilder::batchNorm(int input, std::string name)
{
    return append({.kind = NodeKind::BatchNorm, .name = std::move(name), .inputs = {input}, .epsilon = m_epsilon,
                   .momentum = m_momentum});
}

int GraphBuilder::activation(int input, NodeKind kind, std::string name)
{
    return append({.kind = kind, .name = std::move(name), .inputs = {input}});
}

int GraphBuilder::add(int first, int second, std::string name)
{
    return append({.kind = NodeKind::Add, .name = std::move(name), .inputs = {first, second}});
}

int GraphBuilder::maxPool(int input, int kernelPx, int stride, int paddingPx, std::string name)
{
    return append({.kind = NodeKind::MaxPool, .name = std::move(name), .inputs = {input}, .kernelPx = kernelPx, .stride = stride,
                   .paddingPx = paddingPx});
}

ArchitectureGraph GraphBuilder::finish(int input, double dropRate, std::string classifierName)
{
    m_graph.featureNode = append({.kind = NodeKind::GlobalAveragePool, .name = "global_pool", .inputs = {input}});
    int last = m_graph.featureNode;
    if (dropRate > 0.0)
        last = append({.kind = NodeKind::Dropout, .name = "dropout", .inputs = {last}, .dropRate = dropRate});
    m_graph.classifierNode = append({.kind = NodeKind::Linear, .name = std::move(classifierName), .inputs = {last},
                                     .inputChannels = channels(last), .outputChannels = m_graph.classCount, .bias = true});
    return std::move(m_graph);
}

} // namespace whisker
