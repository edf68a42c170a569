#pragma once

#include "engine/nn/architecture_graph.h"

#include <ATen/core/Tensor.h>

namespace whisker::internal {

/// The convolution `node` of `x` [batch, channels, height, width], channels last, for a network that learns: as at::conv2d, gradients too. Small bf16 pictures on
/// the CPU go other ways, because AMX multiplies 16 rows of up to 32 values (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1,
/// chapter 18) and oneDNN fills them with one row of one picture: 7 pixels of it leave most empty. With a kernel of one pixel they are a matrix;
/// with a larger one they lie beside one another as one wide picture, with the padding between them. The results are the same but for the order of sums.
/// `bias` may be undefined. Any thread.
at::Tensor convolveToLearn(const at::Tensor &x, const GraphNode &node, const at::Tensor &weight, const at::Tensor &bias);

} // namespace whisker::internal
