#pragma once

#include "engine/nn/architecture_graph.h"

#include <ATen/core/Tensor.h>

#include <array>
#include <ATen/core/ATen_fwd.h>

namespace whisker::internal {

/// What oneDNN computes on the way out of a convolution.
enum class Activation { None, Relu, Relu6 };

/// A convolution with its batch norm folded in.
struct FusedConvolution {
    at::Tensor weight, bias; ///< Both of the precision of the input, as oneDNN's operators ask for; bias [outputs].
    int stride = 1;
    int groups = 1;
    Activation activation = Activation::None;
};

/// Puts a dense float32 or bf16 weight [out, in / groups, k, k] into the blocked layout that oneDNN wants for inputs of `inputSize`
/// [batch, channels, height, width]; with inputs of another size it may reorder the weight again in every call. `paddingPx` on all sides.
at::Tensor reorderWeight(const at::Tensor &weight, int paddingPx, int stride, int groups, at::OptionalIntArrayRef inputSize);

/// `x` [n, c, h, w], channels last, of the weight's precision; the result likewise. `packedWeight` from reorderWeight().
at::Tensor convolve(const at::Tensor &x, const at::Tensor &packedWeight, const FusedConvolution &convolution, int paddingPx);

/// sum = activation(convolution(x) + sum), in place; `sum` has the shape of the result.
void convolveInto(at::Tensor &sum, const at::Tensor &x, const at::Tensor &packedWeight, const FusedConvolution &convolution, int paddingPx);

} // namespace whisker::internal
