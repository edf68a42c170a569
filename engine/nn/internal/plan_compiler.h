#pragma once

#include "engine/base/result.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/internal/fused_operators.h"
#include "engine/nn/weights.h"

#include <vector>

namespace whisker::internal {

/// One call of an operator; values are numbered like the nodes of the graph that made them.
struct PlanStep {
    enum class Kind { Convolution, ConvolutionInto, Add, Activation, MaxPool, GlobalAveragePool, Linear };
    Kind kind = Kind::Convolution;
    int input = 0;               ///< Value, or kPictureInput.
    int second = 0;              ///< Add, ConvolutionInto: the other summand. ConvolutionInto overwrites it.
    int output = 0;              ///< Value.
    FusedConvolution convolution{};
    int node = 0;                ///< Of the convolution, pool or linear layer: its sizes.
    Activation activation = Activation::None; ///< Add, Activation.
    std::vector<int> lastUses{}; ///< Values nobody needs after this step.
};

struct PlanSteps {
    std::vector<PlanStep> steps;
    int features = 0;            ///< Value of the pooled features.
    std::size_t featureStep = 0; ///< Index of the step that makes them.
    int logits = 0;
};

/// Folds batch norms, fuses activations and residual additions. Weights in `type` (kFloat or kBFloat16); the linear layer in float32.
/// Errors: BadFormat (as findWeight()), InvalidArgument (a batch norm that follows no convolution).
Result<PlanSteps> compileSteps(const ArchitectureGraph &graph, const Weights &weights, at::ScalarType type);

} // namespace whisker::internal
