#include "engine/nn/internal/norm_kernels.h"

#include "engine/base/vectorised.h"

#define WHISKER_INLINE [[gnu::always_inline]] inline // into each version of a loop

namespace whisker::internal {

namespace {

using c10::BFloat16;

WHISKER_INLINE float limited(float value, Limits limits)
{
    const float least = value < limits.low ? limits.low : value; // what is no number stays so
    return least > limits.high ? limits.high : least;
}

WHISKER_INLINE float gradient(BFloat16 y, BFloat16 dy, Limits limits)
{
    const auto value = static_cast<float>(y), slope = static_cast<float>(dy);
    return value > limits.low && value < limits.high ? slope : 0.0F;
}

} // namespace

WHISKER_VECTORISED void addMoments(const BFloat16 *x, std::size_t rows, std::size_t channels, const float *origin, float *__restrict sums, float *__restrict squares)
{
    for (const BFloat16 *end = x + rows * channels; x != end; x += channels)
        for (std::size_t c = 0; c < channels; ++c) {
            const float value = static_cast<float>(x[c]) - origin[c];
            sums[c] += value;
            squares[c] += value * value;
        }
}

WHISKER_VECTORISED void writeNormalised(const BFloat16 *x, const BFloat16 *summand, std::size_t rows, std::size_t channels, const float *scale, const float *shift, Limits limits,
                                        BFloat16 *__restrict y)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels, y += channels) {
        if (!summand) {
            for (std::size_t c = 0; c < channels; ++c)
                y[c] = limited(scale[c] * static_cast<float>(x[c]) + shift[c], limits);
            continue;
        }
        for (std::size_t c = 0; c < channels; ++c)
            y[c] = limited(scale[c] * static_cast<float>(x[c]) + shift[c] + static_cast<float>(summand[c]), limits);
        summand += channels;
    }
}

WHISKER_VECTORISED void addGradientSums(NormGradient in, std::size_t rows, std::size_t channels, const float *mean, float *__restrict sums, float *__restrict products)
{
    for (std::size_t row = 0; row < rows; ++row, in.x += channels, in.y += channels, in.dy += channels)
        for (std::size_t c = 0; c < channels; ++c) {
            const float g = gradient(in.y[c], in.dy[c], in.limits);
            sums[c] += g;
            products[c] += g * (static_cast<float>(in.x[c]) - mean[c]);
        }
}

WHISKER_VECTORISED void writeGradients(NormGradient in, std::size_t rows, std::size_t channels, const float *scale, const float *slope, const float *shift, BFloat16 *__restrict dx,
                                       BFloat16 *__restrict dSummand)
{
    for (std::size_t row = 0; row < rows; ++row, in.x += channels, in.y += channels, in.dy += channels, dx += channels) {
        for (std::size_t c = 0; c < channels; ++c)
            dx[c] = scale[c] * gradient(in.y[c], in.dy[c], in.limits) + slope[c] * static_cast<float>(in.x[c]) + shift[c];
        if (!dSummand)
            continue;
        for (std::size_t c = 0; c < channels; ++c)
            dSummand[c] = gradient(in.y[c], in.dy[c], in.limits);
        dSummand += channels;
    }
}

} // namespace whisker::internal
