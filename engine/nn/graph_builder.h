#pragma once

#include "engine/nn/architecture_graph.h"

namespace whisker {

/// Appends nodes one after the other; every call gives the index of the node it made. Channels are carried along.
class GraphBuilder {
public:
    explicit GraphBuilder(std::string name, int classCount, int inputPx);

    struct ConvolutionShape {
        int outputs;
        int kernelPx = 1;
        int stride = 1;
        bool depthwise = false;
    };
    /// Convolution without bias. Symmetric padding keeps the size (kernelPx / 2) unless setPadding() says otherwise.
    int convolution(int input, std::string name, const ConvolutionShape &shape);
    int batchNorm(int input, std::string name);
    int activation(int input, NodeKind kind, std::string name);
    int add(int first, int second, std::string name);
    int maxPool(int input, int kernelPx, int stride, int paddingPx, std::string name);
    /// Global average pool (the features), dropout where dropRate > 0, linear classifier; then the graph is whole.
    ArchitectureGraph finish(int input, double dropRate, std::string classifierName);

    void setPadding(PaddingRule rule) { m_padding = rule; }
    void setNorm(double epsilon, double momentum);
    int channels(int node) const;

private:
    int append(GraphNode node);

    ArchitectureGraph m_graph;
    PaddingRule m_padding = PaddingRule::Symmetric;
    double m_epsilon = 1e-5;
    double m_momentum = 0.1;
};

} // namespace whisker
