#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <span>

namespace whisker::internal {

/// Per-channel (x - mean) / standardDeviation; units of 0..255, red first.
struct Normalisation {
    std::array<float, 3> mean;
    std::array<float, 3> standardDeviation;
};

/// Pixels as bytes, [batch, sizePx, sizePx, 3], to what the networks take: [batch, 3, sizePx, sizePx], channels last, of `type` (kFloat or
/// kBFloat16), on the CPU. The one place where this happens, for training and for inference.
/// `padBefore`, `padAfter`: rows and columns of zero to add on the top and left, and on the bottom and right.
/// Computed with LibTorch's threads of the calling thread. Precondition: nhwcRgb has that many bytes. Throws c10::Error for want of memory.
at::Tensor normalise(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, const Normalisation &normalisation,
                     at::ScalarType type, int padBefore = 0, int padAfter = 0);

/// The same on the device where the pixels are, uint8 [batch, sizePx, sizePx, 3]: bit for bit on the CPU, though slower than the other. `coefficients`: of
/// normalisationCoefficients(), on that device.
at::Tensor normalise(const at::Tensor &nhwcRgb, const at::Tensor &coefficients, at::ScalarType type);
/// float32 [2, 3, 1, 1], on the CPU: what a value is multiplied with, and what is added then.
at::Tensor normalisationCoefficients(const Normalisation &normalisation);

} // namespace whisker::internal
