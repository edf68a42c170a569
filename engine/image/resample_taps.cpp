#include "engine/image/resample_taps.h"

#include <algorithm>
#include <cmath>

// One binary for all processors, and the vectors of each. Sanitizers can't be there yet when the loader picks the version.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WHISKER_VECTORISED [[gnu::target_clones("arch=skylake-avx512", "avx2", "default")]]
#else
#define WHISKER_VECTORISED
#endif

namespace whisker {

namespace {

constexpr std::size_t kBlock = 1024; // values summed at a time: 4 KiB of floats, well within the first cache

double kernel(Interpolation interpolation, double x)
{
    if (interpolation == Interpolation::Area)
        return x > -0.5 && x <= 0.5 ? 1 : 0; // half open: a pixel on the border belongs to one side
    x = std::abs(x);
    if (interpolation == Interpolation::Bilinear)
        return std::max(0.0, 1 - x);
    constexpr double a = -0.5;
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// The rounded eight bits of a sum of Count terms that never leaves a register. Weights of 8 bits that are not negative and add up to 256 keep it within 16.
template <int Count>
[[gnu::always_inline]] inline void shortSum(const std::uint8_t *__restrict source, std::size_t sourceStep, const std::uint16_t *__restrict weights,
                                            std::uint8_t *__restrict target, std::size_t length)
{
    for (std::size_t i = 0; i < length; ++i) {
        std::uint16_t sum = 1 << (kShortOneBits - 1);
        for (int k = 0; k < Count; ++k)
            sum = static_cast<std::uint16_t>(sum + source[static_cast<std::size_t>(k) * sourceStep + i] * weights[k]);
        target[i] = static_cast<std::uint8_t>(sum >> kShortOneBits);
    }
}

/// Any number of terms, one at a time.
[[gnu::always_inline]] inline void longSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, int count,
                                           std::uint8_t *target, std::size_t length)
{
    std::uint16_t sums[kBlock];
    for (std::size_t start = 0; start < length; start += kBlock) {
        const std::size_t n = std::min(kBlock, length - start);
        std::fill_n(sums, n, std::uint16_t(1 << (kShortOneBits - 1)));
        const std::uint8_t *row = source + start;
        for (int k = 0; k < count; ++k, row += sourceStep)
            for (std::size_t i = 0; i < n; ++i)
                sums[i] = static_cast<std::uint16_t>(sums[i] + row[i] * weights[k]);
        for (std::size_t i = 0; i < n; ++i)
            target[start + i] = static_cast<std::uint8_t>(sums[i] >> kShortOneBits);
    }
}

} // namespace

double supportOf(Interpolation interpolation)
{
    return interpolation == Interpolation::Area ? 0.5 : interpolation == Interpolation::Bilinear ? 1 : 2;
}

Taps<float> tapsFor(int sourceLength, double from, double to, int targetLength, Interpolation interpolation)
{
    Taps<float> taps;
    const double scale = (to - from) / targetLength;
    const double widening = std::max(scale, 1.0);
    const double support = supportOf(interpolation) * widening;
    taps.rows.reserve(static_cast<std::size_t>(targetLength));
    taps.weights.reserve(static_cast<std::size_t>(targetLength * (2 * support + 2)));
    for (int i = 0; i < targetLength; ++i) {
        const double centre = from + (i + 0.5) * scale;
        const int first = std::clamp(static_cast<int>(centre - support + 0.5), 0, sourceLength - 1);
        const int end = std::clamp(static_cast<int>(centre + support + 0.5), first + 1, sourceLength);
        taps.rows.push_back({first, end - first, taps.weights.size()});
        double sum = 0;
        for (int k = first; k < end; ++k) {
            const double weight = kernel(interpolation, (k - centre + 0.5) / widening);
            taps.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        if (sum == 0) { // enlarging with a box that falls between two pixels
            taps.weights[taps.rows.back().weights] = 1;
            sum = 1;
        }
        for (auto k = taps.rows.back().weights; k < taps.weights.size(); ++k)
            taps.weights[k] = static_cast<float>(taps.weights[k] / sum);
    }
    return taps;
}

Taps<std::uint16_t> shortened(const Taps<float> &taps)
{
    Taps<std::uint16_t> result;
    result.weights.resize(taps.weights.size());
    result.rows.reserve(taps.rows.size());
    for (const auto &[first, count, weights] : taps.rows) {
        result.rows.push_back({first, count, weights});
        int left = 1 << kShortOneBits;
        std::size_t greatest = weights;
        for (std::size_t k = weights; k < weights + static_cast<std::size_t>(count); ++k) {
            result.weights[k] = static_cast<std::uint16_t>(taps.weights[k] * (1 << kShortOneBits) + 0.5f);
            left -= result.weights[k];
            if (result.weights[k] > result.weights[greatest])
                greatest = k;
        }
        result.weights[greatest] = static_cast<std::uint16_t>(result.weights[greatest] + left);
    }
    return result;
}

// Compiled without fused multiply-add, so that every processor gives the same bits.
WHISKER_VECTORISED void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const float *weights, int count, std::uint8_t *target,
                                    std::size_t length)
{
    float sums[kBlock];
    for (std::size_t start = 0; start < length; start += kBlock) {
        const std::size_t n = std::min(kBlock, length - start);
        for (std::size_t i = 0; i < n; ++i)
            sums[i] = 0.5f;
        const std::uint8_t *row = source + start;
        for (int k = 0; k < count; ++k, row += sourceStep)
            for (std::size_t i = 0; i < n; ++i)
                sums[i] += weights[k] * static_cast<float>(row[i]);
        for (std::size_t i = 0; i < n; ++i)
            target[start + i] = static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(sums[i], 0.0f), 255.0f)));
    }
}

WHISKER_VECTORISED void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, int count, std::uint8_t *target,
                                    std::size_t length)
{
    switch (count) {
    case 1: return shortSum<1>(source, sourceStep, weights, target, length);
    case 2: return shortSum<2>(source, sourceStep, weights, target, length);
    case 3: return shortSum<3>(source, sourceStep, weights, target, length);
    case 4: return shortSum<4>(source, sourceStep, weights, target, length);
    case 5: return shortSum<5>(source, sourceStep, weights, target, length);
    default: return longSum(source, sourceStep, weights, count, target, length);
    }
}

} // namespace whisker
