#include "engine/image/resample.h"

#include "engine/image/resample_taps.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

namespace whisker {

namespace {

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
void resampleRows(const RgbView &source, int left, int width, double from, double to, int height, Interpolation interpolation, std::uint8_t *target)
{
    const auto taps = tapsOf<float>(source.height, from, to, height, interpolation);
    const std::size_t rowBytes = 3 * static_cast<std::size_t>(width);
    weightedRows(taps, {0, height}, {source.pixels + 3 * left, source.rowBytes()}, target, rowBytes, rowBytes);
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

/// All pixels that kernels over from..to can touch.
RowRange touched(int length, double from, double to, int target, Interpolation interpolation)
{
    const double margin = supportOf(interpolation) * std::max((to - from) / target, 1.0) + 1;
    const int first = std::clamp(static_cast<int>(std::floor(from - margin)), 0, length - 1);
    const int end = std::clamp(static_cast<int>(std::ceil(to + margin)), first + 1, length);
    return {first, end - first};
}

} // namespace

// Both directions run down the rows, where neighbours in memory are summed side by side; between them the picture is transposed. First goes the
// direction that leaves less to do.
RgbImage resample(const RgbView &source, const Box &box, int width, int height, Interpolation interpolation)
{
    const RowRange columns = touched(source.width, box.left, box.right, width, interpolation);
    const RowRange rows = touched(source.height, box.top, box.bottom, height, interpolation);
    const double top = box.top - rows.first, bottom = box.bottom - rows.first, left = box.left - columns.first, right = box.right - columns.first;
    auto target = RgbImage::ofSize(width, height);
    if (height <= rows.count) {
        Passing fewRows(columns.count, height);
        resampleRows(source, columns.first, columns.count, box.top, box.bottom, height, interpolation, fewRows.pixels.get());
        Passing fewColumns(height, width);
        resampleRows(transposed(fewRows.view()).view(), 0, height, left, right, width, interpolation, fewColumns.pixels.get());
        transpose(fewColumns.view(), 0, 0, height, width, target.pixels.data());
        return target;
    }
    Passing fewColumns(rows.count, width);
    const Passing turned = transposed(source, columns.first, rows.first, columns.count, rows.count);
    resampleRows(turned.view(), 0, rows.count, left, right, width, interpolation, fewColumns.pixels.get());
    resampleRows(transposed(fewColumns.view()).view(), 0, width, top, bottom, height, interpolation, target.pixels.data());
    return target;
}

RgbImage resized(const RgbImage &source, int width, int height, Interpolation interpolation)
{
    if (source.width == width && source.height == height)
        return source;
    return resample(source, {0, 0, static_cast<double>(source.width), static_cast<double>(source.height)}, width, height, interpolation);
}

} // namespace whisker
