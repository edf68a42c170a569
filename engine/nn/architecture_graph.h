#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whisker {

enum class NodeKind { Convolution, BatchNorm, Relu, Relu6, Add, GlobalAveragePool, MaxPool, Linear, Dropout };

enum class PaddingRule {
    Symmetric,      ///< GraphNode::paddingPx on all four sides.
    TensorFlowSame, ///< As samePadding() says; on an even input with stride 2 that is one pixel more behind than before.
};

/// GraphNode::inputs holds this for the picture itself.
inline constexpr int kPictureInput = -1;

/// One operation. Fields that its kind does not name keep their defaults.
struct GraphNode {
    NodeKind kind = NodeKind::Relu;
    std::string name;              ///< What its weights are called before ".weight", ".bias", ...; unique in the graph.
    std::vector<int> inputs;       ///< Indices of earlier nodes, or kPictureInput. Add has two, all others one.
    int inputChannels = 0;         ///< Convolution, Linear.
    int outputChannels = 0;        ///< All kinds.
    int kernelPx = 1;              ///< Convolution, MaxPool; square.
    int stride = 1;                ///< Convolution, MaxPool.
    PaddingRule padding = PaddingRule::Symmetric; ///< Convolution. A MaxPool is always symmetric.
    int paddingPx = 0;             ///< Convolution, MaxPool; with PaddingRule::Symmetric.
    int groups = 1;                ///< Convolution; groups == inputChannels is depthwise.
    bool bias = false;             ///< Convolution, Linear.
    double epsilon = 1e-5;         ///< BatchNorm.
    double momentum = 0.1;         ///< BatchNorm: share of the newest batch in the running statistics, as PyTorch counts it.
    double dropRate = 0.0;         ///< Dropout, [0, 1).
};

/// What a network is made of, in an order in which it can be run. A plain value: the trainable module, the inference plan and exports are made from
/// it. It is rebuilt from (name, classCount) by buildArchitecture(), so files keep only these two.
struct ArchitectureGraph {
    std::string name;              ///< As in architectures().
    int classCount = 0;
    int inputPx = 0;               ///< Side of the square picture it was made for; any size of 32 or more runs.
    std::vector<GraphNode> nodes;  ///< The last one gives the logits.
    int featureNode = 0;           ///< Index of the pooled features, before dropout and classifier.
    int classifierNode = 0;        ///< Index of the Linear node whose weights belong to the classes.

    int featureCount() const { return nodes[static_cast<std::size_t>(featureNode)].outputChannels; }
};

struct SidePadding {
    int before = 0;
    int after = 0;
    bool operator==(const SidePadding &) const = default;
};

/// TensorFlow's "SAME": ceil(inputPx / stride) outputs; an odd pixel of padding goes behind. (tensorflow.org, tf.nn.convolution, notes on padding.)
SidePadding samePadding(int inputPx, int kernelPx, int stride);

/// A tensor the graph needs: its name in the weight file and its shape (convolution [out, in / groups, k, k], linear [out, in], all else [out]).
struct WeightSpec {
    enum class Role { ConvolutionWeight, LinearWeight, Bias, NormScale, NormBias, NormMean, NormVariance };
    std::string name;
    std::vector<std::int64_t> shape;
    Role role = Role::Bias;
    int node = 0;                  ///< Index of the node it belongs to.
    /// Running statistics follow the data; all else is learnt by gradient.
    bool learnt() const { return role != Role::NormMean && role != Role::NormVariance; }
};

/// For each node those that use its result, in their order.
std::vector<std::vector<int>> consumersOf(const ArchitectureGraph &graph);

/// In the order of the nodes; all float32.
std::vector<WeightSpec> weightSpecs(const ArchitectureGraph &graph);

} // namespace whisker
