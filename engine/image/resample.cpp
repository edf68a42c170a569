#include "engine/image/resample.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
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

/// For each new row: the old rows that it is made of and their weights, which add up to 1. Pillow's precompute_coeffs.
struct Taps {
    struct Row {
        int first;
        int count;
        std::size_t weights; // index of the first one
    };
    std::vector<Row> rows;
    std::vector<float> weights;
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

Taps tapsFor(int sourceLength, double from, double to, int targetLength, Interpolation interpolation)
{
    Taps taps;
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

/// Rows `from`..`to` of columns [left, left + width) become `height` rows.
RgbImage resampledRows(const RgbImage &source, int left, int width, double from, double to, int height, Interpolation interpolation)
{
    const Taps taps = tapsFor(source.height, from, to, height, interpolation);
    auto target = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y) {
        const auto &row = taps.rows[static_cast<std::size_t>(y)];
        weightedSum(source.row(row.first) + 3 * left, source.rowBytes(), taps.weights.data() + row.weights, row.count, target.row(y), target.rowBytes());
    }
    return target;
}

RgbImage transposed(const RgbImage &source, int left, int top, int width, int height)
{
    auto target = RgbImage::ofSize(height, width);
    const cv::Mat from(height, width, CV_8UC3, const_cast<std::uint8_t *>(source.row(top) + 3 * left), source.rowBytes()); // only read
    cv::Mat to(width, height, CV_8UC3, target.pixels.data());
    cv::transpose(from, to);
    return target;
}

RgbImage transposed(const RgbImage &source)
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

} // namespace

// Both directions run down the rows, where neighbours in memory are summed side by side; between them the picture is transposed. First goes the
// direction that leaves less to do.
RgbImage resample(const RgbImage &source, const Box &box, int width, int height, Interpolation interpolation)
{
    const Span columns = touched(source.width, box.left, box.right, width, interpolation);
    const Span rows = touched(source.height, box.top, box.bottom, height, interpolation);
    if (height <= rows.count) {
        const auto fewRows = resampledRows(source, columns.first, columns.count, box.top, box.bottom, height, interpolation);
        const auto turned = transposed(fewRows);
        return transposed(resampledRows(turned, 0, height, box.left - columns.first, box.right - columns.first, width, interpolation));
    }
    const auto turned = transposed(source, columns.first, rows.first, columns.count, rows.count);
    const auto fewColumns =
        resampledRows(turned, 0, rows.count, box.left - columns.first, box.right - columns.first, width, interpolation);
    return resampledRows(transposed(fewColumns), 0, width, box.top - rows.first, box.bottom - rows.first, height, interpolation);
}

RgbImage resized(const RgbImage &source, int width, int height, Interpolation interpolation)
{
    if (source.width == width && source.height == height)
        return source;
    return resample(source, {0, 0, static_cast<double>(source.width), static_cast<double>(source.height)}, width, height, interpolation);
}

} // namespace whisker
