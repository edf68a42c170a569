#include "engine/nn/internal/normalise.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <algorithm>
#include <cassert>
#include <c10/util/BFloat16.h>

namespace whisker::internal {

namespace {

constexpr std::size_t kPeriod = 48; // whole pixels and whole vector registers: least common multiple of 3 channels and 16 floats

struct Coefficients {
    std::array<float, kPeriod> scale, offset;

    explicit Coefficients(const Normalisation &normalisation)
    {
        for (std::size_t i = 0; i < kPeriod; ++i) {
            const double deviation = normalisation.standardDeviation[i % 3];
            scale[i] = static_cast<float>(1.0 / deviation);
            offset[i] = static_cast<float>(-normalisation.mean[i % 3] / deviation);
        }
    }
};

template <class Out> void normaliseRow(const std::uint8_t *in, std::size_t count, const Coefficients &coefficients, Out *out)
{
    std::size_t i = 0;
    for (; i + kPeriod <= count; i += kPeriod)
        for (std::size_t j = 0; j < kPeriod; ++j)
            out[i + j] = static_cast<Out>(static_cast<float>(in[i + j]) * coefficients.scale[j] + coefficients.offset[j]);
    for (std::size_t j = 0; i + j < count; ++j)
        out[i + j] = static_cast<Out>(static_cast<float>(in[i + j]) * coefficients.scale[j] + coefficients.offset[j]);
}

struct Sides {
    std::size_t sizePx, before, after;
    std::size_t paddedPx() const { return sizePx + before + after; }
};

/// Row `y` of a padded picture, counted from the top of its padding.
template <class Out>
void writeRow(const std::uint8_t *picture, std::size_t y, const Sides &sides, const Coefficients &coefficients, Out *out)
{
    const std::size_t padded = 3 * sides.paddedPx();
    if (y < sides.before || y >= sides.before + sides.sizePx) {
        std::fill_n(out, padded, Out(0));
        return;
    }
    const std::size_t row = 3 * sides.sizePx;
    std::fill_n(out, 3 * sides.before, Out(0));
    normaliseRow(picture + (y - sides.before) * row, row, coefficients, out + 3 * sides.before);
    std::fill_n(out + 3 * sides.before + row, 3 * sides.after, Out(0));
}

template <class Out>
void writeAll(const std::uint8_t *pixels, int batch, const Sides &sides, const Normalisation &normalisation, Out *out)
{
    const Coefficients coefficients(normalisation);
    const std::size_t padded = sides.paddedPx();
    constexpr std::int64_t kRowsAtOnce = 32; // some microseconds of work, so that handing it out is worth it
    at::parallel_for(0, static_cast<std::int64_t>(padded) * batch, kRowsAtOnce, [&](std::int64_t first, std::int64_t last) {
        for (auto row = static_cast<std::size_t>(first); row < static_cast<std::size_t>(last); ++row)
            writeRow(pixels + row / padded * (3 * sides.sizePx * sides.sizePx), row % padded, sides, coefficients,
                     out + row * 3 * padded);
    });
}

} // namespace

at::Tensor normalise(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, const Normalisation &normalisation,
                     at::ScalarType type, int padBefore, int padAfter)
{
    assert(nhwcRgb.size() == 3 * static_cast<std::size_t>(batch) * static_cast<std::size_t>(sizePx) * static_cast<std::size_t>(sizePx));
    const Sides sides{static_cast<std::size_t>(sizePx), static_cast<std::size_t>(padBefore), static_cast<std::size_t>(padAfter)};
    const std::int64_t padded = sizePx + padBefore + padAfter;
    at::Tensor result = at::empty({batch, 3, padded, padded}, at::TensorOptions(type).memory_format(at::MemoryFormat::ChannelsLast));
    if (type == at::kBFloat16)
        writeAll(nhwcRgb.data(), batch, sides, normalisation, result.data_ptr<at::BFloat16>());
    else
        writeAll(nhwcRgb.data(), batch, sides, normalisation, result.data_ptr<float>());
    return result;
}

at::Tensor normalise(const at::Tensor &nhwcRgb, const at::Tensor &coefficients, at::ScalarType type)
{
    const at::Tensor x = nhwcRgb.permute({0, 3, 1, 2}).to(at::kFloat); // channels last as it lies
    return x.mul_(coefficients.select(0, 0)).add_(coefficients.select(0, 1)).to(type);
}

at::Tensor normalisationCoefficients(const Normalisation &normalisation)
{
    const Coefficients all(normalisation);
    at::Tensor coefficients = at::empty({2, 3, 1, 1}, at::kFloat);
    std::copy_n(all.scale.begin(), 3, coefficients.data_ptr<float>());
    std::copy_n(all.offset.begin(), 3, coefficients.data_ptr<float>() + 3);
    return coefficients;
}

} // namespace whisker::internal
