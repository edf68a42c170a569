#include "engine/image/resample_taps.h"

#include "engine/base/vectorised.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace whisker {

namespace {

constexpr std::size_t kBlock = 1024; // values summed at a time: 4 KiB of floats, well within the first cache
constexpr std::size_t kPiece = 32;   // values in a vector of AVX2

using Pairs = std::uint16_t [[gnu::vector_size(kPiece)]];

template <Interpolation interpolation> double kernel(double x)
{
    if constexpr (interpolation == Interpolation::Area)
        return x > -0.5 && x <= 0.5 ? 1 : 0; // half open: a pixel on the border belongs to one side
    x = std::abs(x);
    if constexpr (interpolation == Interpolation::Bilinear)
        return 1 - std::min(x, 1.0);
    constexpr double a = -0.5;
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// Writes `count` shares, divided by their sum, as weights.
void writeWeights(const float *shares, int count, double sum, float *weights)
{
    for (int k = 0; k < count; ++k)
        weights[k] = static_cast<float>(shares[k] / sum);
}

/// What rounding leaves over goes to the greatest weight, so that a plain colour stays what it is.
void writeWeights(const float *shares, int count, double sum, std::uint16_t *weights)
{
    int left = 1 << kShortOneBits, greatest = 0;
    for (int k = 0; k < count; ++k) {
        weights[k] = static_cast<std::uint16_t>(static_cast<float>(shares[k] / sum) * (1 << kShortOneBits) + 0.5f);
        left -= weights[k];
        greatest = weights[k] > weights[greatest] ? k : greatest;
    }
    weights[greatest] = static_cast<std::uint16_t>(weights[greatest] + left);
}

template <class Weight, Interpolation interpolation> Taps<Weight> tapsOfKernel(int sourceLength, double from, double to, int targetLength)
{
    const double scale = (to - from) / targetLength;
    const double widening = std::max(scale, 1.0);
    const double support = supportOf(interpolation) * widening;
    Taps<Weight> taps{std::vector<typename Taps<Weight>::Row>(static_cast<std::size_t>(targetLength)), {}};
    std::vector<float> shares(static_cast<std::size_t>(2 * support + 3)); // of one row
    taps.weights.resize(taps.rows.size() * shares.size());
    std::size_t end = 0;
    for (std::size_t i = 0; i < taps.rows.size(); ++i) {
        const double centre = from + (static_cast<double>(i) + 0.5) * scale;
        const int first = std::clamp(static_cast<int>(centre - support + 0.5), 0, sourceLength - 1);
        const int count = std::clamp(static_cast<int>(centre + support + 0.5), first + 1, sourceLength) - first;
        double sum = 0;
        for (int k = 0; k < count; ++k) {
            const double share = kernel<interpolation>((first + k - centre + 0.5) / widening);
            shares[static_cast<std::size_t>(k)] = static_cast<float>(share);
            sum += share;
        }
        if (sum == 0) // enlarging with a box that falls between two pixels
            shares[0] = static_cast<float>(sum = 1);
        taps.rows[i] = {first, count, end};
        writeWeights(shares.data(), count, sum, taps.weights.data() + end);
        end += static_cast<std::size_t>(count);
    }
    return taps;
}

/// Sums of Count terms that never leave their registers, in whole vectors, of which the last lies partly over the one before it. Values of even and of odd places
/// are summed apart, each in 16 bits, which weights of 8 bits that are not negative and add up to 256 keep to. Precondition: length >= kPiece.
template <int Count>
[[gnu::always_inline]] inline void shortSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, std::uint8_t *target,
                                            std::size_t length)
{
    std::array<std::uint16_t, Count> weight; // what is written to the target can't change it
    std::copy_n(weights, Count, weight.begin());
    for (std::size_t start = 0; start < length; start += kPiece) {
        const std::size_t from = std::min(start, length - kPiece);
        Pairs even = Pairs{} + std::uint16_t(1 << (kShortOneBits - 1)), odd = even;
        for (int k = 0; k < Count; ++k) {
            Pairs values;
            std::memcpy(&values, source + static_cast<std::size_t>(k) * sourceStep + from, kPiece);
            even += (values & 0xFF) * weight[static_cast<std::size_t>(k)];
            odd += (values >> 8) * weight[static_cast<std::size_t>(k)];
        }
        const Pairs rounded = (even >> kShortOneBits) | (odd >> kShortOneBits << 8);
        std::memcpy(target + from, &rounded, kPiece);
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

[[gnu::always_inline]] inline void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, int count,
                                               std::uint8_t *target, std::size_t length)
{
    switch (length < kPiece ? 0 : count) {
    case 1: return shortSum<1>(source, sourceStep, weights, target, length);
    case 2: return shortSum<2>(source, sourceStep, weights, target, length);
    case 3: return shortSum<3>(source, sourceStep, weights, target, length);
    case 4: return shortSum<4>(source, sourceStep, weights, target, length);
    case 5: return shortSum<5>(source, sourceStep, weights, target, length);
    default: return longSum(source, sourceStep, weights, count, target, length);
    }
}

// Compiled without fused multiply-add, so that every processor gives the same bits.
[[gnu::always_inline]] inline void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const float *weights, int count, std::uint8_t *target,
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

/// weightedRows() for one kind of weight, compiled into each version of it.
template <class Weight>
[[gnu::always_inline]] inline void sumRows(const Taps<Weight> &taps, const RowRange &wanted, const SourceRows &source, std::uint8_t *target,
                                           std::size_t targetRowBytes, std::size_t length)
{
    for (int i = wanted.first; i < wanted.first + wanted.count; ++i, target += targetRowBytes) {
        const auto &row = taps.rows[static_cast<std::size_t>(i)];
        weightedSum(source.values + static_cast<std::size_t>(row.first - source.first) * source.rowBytes, source.rowBytes,
                    taps.weights.data() + row.weights, row.count, target, length);
    }
}

} // namespace

double supportOf(Interpolation interpolation)
{
    return interpolation == Interpolation::Area ? 0.5 : interpolation == Interpolation::Bilinear ? 1 : 2;
}

template <class Weight> Taps<Weight> tapsOf(int sourceLength, double from, double to, int targetLength, Interpolation interpolation)
{
    switch (interpolation) {
    case Interpolation::Area: return tapsOfKernel<Weight, Interpolation::Area>(sourceLength, from, to, targetLength);
    case Interpolation::Bilinear: return tapsOfKernel<Weight, Interpolation::Bilinear>(sourceLength, from, to, targetLength);
    case Interpolation::Bicubic: break;
    }
    return tapsOfKernel<Weight, Interpolation::Bicubic>(sourceLength, from, to, targetLength);
}

template Taps<float> tapsOf(int, double, double, int, Interpolation);
template Taps<std::uint16_t> tapsOf(int, double, double, int, Interpolation);

WHISKER_VECTORISED void weightedRows(const Taps<float> &taps, const RowRange &wanted, const SourceRows &source, std::uint8_t *target,
                                     std::size_t targetRowBytes, std::size_t length)
{
    sumRows(taps, wanted, source, target, targetRowBytes, length);
}

WHISKER_VECTORISED void weightedRows(const Taps<std::uint16_t> &taps, const RowRange &wanted, const SourceRows &source, std::uint8_t *target,
                                     std::size_t targetRowBytes, std::size_t length)
{
    if (length == kPiece) // known to the compiler: one vector a row
        sumRows(taps, wanted, source, target, targetRowBytes, kPiece);
    else
        sumRows(taps, wanted, source, target, targetRowBytes, length);
}

} // namespace whisker
