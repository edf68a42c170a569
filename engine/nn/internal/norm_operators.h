#pragma once

#include "engine/nn/internal/norm_activation.h"

#include <optional>

namespace whisker::internal {

struct NormForward {
    at::Tensor y;
    at::Tensor mean, deviation; ///< Those that it was normalised with, float32 [channels]; deviation: 1 / sqrt(variance + epsilon).
};

/// normaliseToLearn() below autograd. `x`, `summand` and y: bf16, channels last, on the CPU, with more than one value a channel.
NormForward normForward(const at::Tensor &x, const std::optional<at::Tensor> &summand, const NormTensors &norm, const NormActivation &settings);

struct NormBackward {
    at::Tensor dx, dSummand, dScale, dShift; ///< dSummand: undefined where it is not wanted.
};

/// Its gradients. `y` is looked at for its place within the limits only. `dy`: channels last.
NormBackward normBackward(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &y, const at::Tensor &scale, const at::Tensor &mean, const at::Tensor &deviation,
                          bool followsBatch, Limits limits, bool wantsSummand);

} // namespace whisker::internal
