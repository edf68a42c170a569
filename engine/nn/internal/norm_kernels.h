#pragma once

#include <c10/util/BFloat16.h>

#include <cmath>
#include <cstddef>
#include <limits>

/// Loops of a batch norm that learns, over `rows` rows of `channels` values each (a part of [batch, height, width, channels]), compiled for each processor's vectors.
/// float32 within; nothing is allocated. Any thread.
namespace whisker::internal {

struct Limits {
    float low, high; ///< What an activation cuts to.
    bool any() const { return std::isfinite(low) || std::isfinite(high); }
};
inline constexpr Limits kNoLimits{-std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity()};

/// sums[c] += sum of x - origin[c]; squares[c] += sum of their squares.
void addMoments(const c10::BFloat16 *x, std::size_t rows, std::size_t channels, const float *origin, float *sums, float *squares);

/// y = scale[c] * x + shift[c] + summand, within the limits; `summand` may be null.
void writeNormalised(const c10::BFloat16 *x, const c10::BFloat16 *summand, std::size_t rows, std::size_t channels, const float *scale, const float *shift, Limits limits,
                     c10::BFloat16 *y);

/// Where a gradient comes back through the limits: g = dy where y lies between them, else 0.
struct NormGradient {
    const c10::BFloat16 *x, *y, *dy;
    Limits limits;
};

/// sums[c] += sum of g; products[c] += sum of g * (x - mean[c]).
void addGradientSums(NormGradient in, std::size_t rows, std::size_t channels, const float *mean, float *sums, float *products);

/// dx = scale[c] * g + slope[c] * x + shift[c]; dSummand = g, unless it is null.
void writeGradients(NormGradient in, std::size_t rows, std::size_t channels, const float *scale, const float *slope, const float *shift, c10::BFloat16 *dx, c10::BFloat16 *dSummand);

} // namespace whisker::internal
