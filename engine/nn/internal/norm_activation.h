#pragma once

#include "engine/nn/internal/norm_kernels.h"

#include <ATen/core/Tensor.h>

namespace whisker::internal {

/// Weights and running statistics of a batch norm, float32 [channels].
struct NormTensors {
    at::Tensor scale, shift, mean, variance;
};

struct NormActivation {
    double epsilon = 1e-5;
    double momentum = 0.1;     ///< Share of the newest batch in the running statistics, as PyTorch counts it.
    bool followsBatch = false; ///< Normalise with the batch's own statistics and let the running ones follow them.
    Limits limits = kNoLimits; ///< ReLU: 0 and infinity; ReLU6: 0 and 6.
};

/// A batch norm of a network that learns with what comes after it: limited(batchNorm(x) + summand), and its gradients (Ioffe and Szegedy 2015, arXiv 1502.03167,
/// section 3). `x`, `summand` (undefined for none) and the result: [batch, channels, height, width], channels last. Of bf16 on the CPU all is done in two passes over
/// the values each way, in one where the running statistics serve, with sums in an order that does not depend on the number of threads; else by at::batch_norm
/// and what follows it. With `followsBatch` more than one value a channel is needed. One thread at a time for the same statistics.
at::Tensor normaliseToLearn(const at::Tensor &x, const at::Tensor &summand, const NormTensors &norm, const NormActivation &settings);

} // namespace whisker::internal
