#include "engine/image/resample.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <memory>
#include <vector>

// One binary for all processors, and the vectors of each. Sanitizers can't be there yet when the loader picks the version.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WHISKER_VECTORISED [[gnu::target_clones("arch=skylake-avx512", "avx2", "default")]]
#else
#define WHISKER_VECTORISED
#endif

namespace whisker {

namespace {

constexpr std::size_t kBlock = 1024; // values summed at a time: 4 KiB of floats, well within the first cache

constexpr int kOneBits = 8;      // a whole-numbered weight of 1 << kOneBits is 1
constexpr double kMostShort = 2; // shrinking by more takes more than five weights

/// For each new row: the old rows that it is made of and their weights, which add up to 1 (1 << kOneBits). Pillow's precompute_coeffs.
template <class Weight> struct Taps {
    struct Row {
        int first;
        int count;
        std::size_t weights; // index of the first one
    };
    std::vector<Row> rows;
    std::vector<Weight> weights;
};

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

/// In whole numbers; what rounding leaves over goes to the greatest weight, so that a plain colour stays what it is.
Taps<std::uint16_t> shortened(const Taps<float> &taps)
{
    Taps<std::uint16_t> result;
    result.weights.resize(taps.weights.size());
    for (const auto &[first, count, weights] : taps.rows) {
        result.rows.push_back({first, count, weights});
        int left = 1 << kOneBits;
        std::size_t greatest = weights;
        for (std::size_t k = weights; k < weights + static_cast<std::size_t>(count); ++k) {
            result.weights[k] = static_cast<std::uint16_t>(taps.weights[k] * (1 << kOneBits) + 0.5f);
            left -= result.weights[k];
            if (result.weights[k] > result.weights[greatest])
                greatest = k;
        }
        result.weights[greatest] = static_cast<std::uint16_t>(result.weights[greatest] + left);
    }
    return result;
}

template <class Weight> Taps<Weight> tapsOf(int sourceLength, double from, double to, int targetLength, Interpolation interpolation)
{
    Taps<float> taps = tapsFor(sourceLength, from, to, targetLength, interpolation);
    if constexpr (std::same_as<Weight, float>)
        return taps;
    else
        return shortened(taps);
}

/// target[i] = sum of weights[k] * source[k * sourceStep + i], rounded. Compiled without fused multiply-add, so that every processor gives the same bits.
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

/// The rounded eight bits of a sum of Count terms that never leaves a register. Weights of 8 bits that are not negative and add up to 256 keep it within 16.
template <int Count>
[[gnu::always_inline]] inline void shortSum(const std::uint8_t *__restrict source, std::size_t sourceStep, const std::uint16_t *__restrict weights,
                                            std::uint8_t *__restrict target, std::size_t length)
{
    for (std::size_t i = 0; i < length; ++i) {
        std::uint16_t sum = 1 << (kOneBits - 1);
        for (int k = 0; k < Count; ++k)
            sum = static_cast<std::uint16_t>(sum + source[static_cast<std::size_t>(k) * sourceStep + i] * weights[k]);
        target[i] = static_cast<std::uint8_t>(sum >> kOneBits);
    }
}

/// Any number of terms, one at a time.
[[gnu::always_inline]] inline void longSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, int count,
                                           std::uint8_t *target, std::size_t length)
{
    std::uint16_t sums[kBlock];
    for (std::size_t start = 0; start < length; start += kBlock) {
        const std::size_t n = std::min(kBlock, length - start);
        std::fill_n(sums, n, std::uint16_t(1 << (kOneBits - 1)));
        const std::uint8_t *row = source + start;
        for (int k = 0; k < count; ++k, row += sourceStep)
            for (std::size_t i = 0; i < n; ++i)
                sums[i] = static_cast<std::uint16_t>(sums[i] + row[i] * weights[k]);
        for (std::size_t i = 0; i < n; ++i)
            target[start + i] = static_cast<std::uint8_t>(sums[i] >> kOneBits);
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

/// A picture between two passes; not cleared before it is written.
struct Passing {
    int width, height;
    std::unique_ptr<std::uint8_t[]> pixels;

    Passing(int pixelsAcross, int pixelsDown)
        : width(pixelsAcross), height(pixelsDown),
          pixels(std::make_unique_for_overwrite<std::uint8_t[]>(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)))
    {
    }
    RgbView view() const { return {width, height, pixels.get()}; }
};

/// Rows `from`..`to` of columns [left, left + width) become `height` rows.
template <class Weight>
void resampleRows(const RgbView &source, int left, int width, double from, double to, int height, Interpolation interpolation, std::uint8_t *target)
{
    const Taps<Weight> taps = tapsOf<Weight>(source.height, from, to, height, interpolation);
    const std::size_t rowBytes = 3 * static_cast<std::size_t>(width);
    for (const auto &row : taps.rows) {
        weightedSum(source.row(row.first) + 3 * left, source.rowBytes(), taps.weights.data() + row.weights, row.count, target, rowBytes);
        target += rowBytes;
    }
}

/// Columns [left, left + width) of rows [top, top + height) become rows.
void transpose(const RgbView &source, int left, int top, int width, int height, std::uint8_t *target)
{
    const cv::Mat from(height, width, CV_8UC3, const_cast<std::uint8_t *>(source.row(top) + 3 * left), source.rowBytes()); // only read
    cv::Mat to(width, height, CV_8UC3, target);
    cv::transpose(from, to);
}

Passing transposed(const RgbView &source, int left, int top, int width, int height)
{
    Passing target(height, width);
    transpose(source, left, top, width, height, target.pixels.get());
    return target;
}

Passing transposed(const RgbView &source)
{
    return transposed(source, 0, 0, source.width, source.height);
}

struct Span {
    int first, count;
};

/// All pixels that kernels over from..to can touch.
Span touched(int length, double from, double to, int target, Interpolation interpolation)
{
    const double margin = supportOf(interpolation) * std::max((to - from) / target, 1.0) + 1;
    const int first = std::clamp(static_cast<int>(std::floor(from - margin)), 0, length - 1);
    const int end = std::clamp(static_cast<int>(std::ceil(to + margin)), first + 1, length);
    return {first, end - first};
}

// Both directions run down the rows, where neighbours in memory are summed side by side; between them the picture is transposed. First goes the
// direction that leaves less to do.
template <class Weight> RgbImage resampledWith(const RgbView &source, const Box &box, int width, int height, Interpolation interpolation)
{
    const Span columns = touched(source.width, box.left, box.right, width, interpolation);
    const Span rows = touched(source.height, box.top, box.bottom, height, interpolation);
    const double top = box.top - rows.first, bottom = box.bottom - rows.first, left = box.left - columns.first, right = box.right - columns.first;
    auto target = RgbImage::ofSize(width, height);
    if (height <= rows.count) {
        Passing fewRows(columns.count, height);
        resampleRows<Weight>(source, columns.first, columns.count, box.top, box.bottom, height, interpolation, fewRows.pixels.get());
        Passing fewColumns(height, width);
        resampleRows<Weight>(transposed(fewRows.view()).view(), 0, height, left, right, width, interpolation, fewColumns.pixels.get());
        transpose(fewColumns.view(), 0, 0, height, width, target.pixels.data());
        return target;
    }
    Passing fewColumns(rows.count, width);
    const Passing turned = transposed(source, columns.first, rows.first, columns.count, rows.count);
    resampleRows<Weight>(turned.view(), 0, rows.count, left, right, width, interpolation, fewColumns.pixels.get());
    resampleRows<Weight>(transposed(fewColumns.view()).view(), 0, width, top, bottom, height, interpolation, target.pixels.data());
    return target;
}

} // namespace

RgbImage resample(const RgbView &source, const Box &box, int width, int height, Interpolation interpolation)
{
    return resampledWith<float>(source, box, width, height, interpolation);
}

RgbImage resampleFast(const RgbView &source, const Box &box, int width, int height, Interpolation interpolation)
{
    // Negative weights and sums beyond 255 do not fit, and of many small weights rounding would leave nothing.
    const bool fits = interpolation != Interpolation::Bicubic && box.right - box.left <= kMostShort * width && box.bottom - box.top <= kMostShort * height;
    if (!fits)
        return resample(source, box, width, height, interpolation);
    return resampledWith<std::uint16_t>(source, box, width, height, interpolation);
}

RgbImage resized(const RgbImage &source, int width, int height, Interpolation interpolation)
{
    if (source.width == width && source.height == height)
        return source;
    return resample(source, {0, 0, static_cast<double>(source.width), static_cast<double>(source.height)}, width, height, interpolation);
}

} // namespace whisker
