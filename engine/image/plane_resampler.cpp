#include "engine/image/plane_resampler.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace whisker {

namespace {

constexpr int kBlock = 16;             // values in a vector of every processor
constexpr std::size_t kRowStep = 32;   // rows between two passes are as long as vectors of the widest ones like it

using Vector = std::uint8_t [[gnu::vector_size(kBlock)]];

/// A plane between two passes; not cleared before it is written, and rows have some values to spare at their ends.
struct Passing {
    std::size_t rowBytes;
    std::unique_ptr<std::uint8_t[]> pixels;

    Passing(int width, int height)
        : rowBytes((static_cast<std::size_t>(width) + kRowStep - 1) / kRowStep * kRowStep),
          pixels(std::make_unique_for_overwrite<std::uint8_t[]>(rowBytes * static_cast<std::size_t>(height)))
    {
    }
};

/// All rows that new ones are made of.
struct Span {
    int first, count;
};

template <class Weight> Span touched(const Taps<Weight> &taps)
{
    const auto end = [](const auto &row) { return row.first + row.count; };
    const int first = std::ranges::min(taps.rows, {}, [](const auto &row) { return row.first; }).first;
    return {first, end(std::ranges::max(taps.rows, {}, end)) - first};
}

/// `firstRow`: the number of the row that `source` begins with.
template <class Weight>
void resampleRows(const Taps<Weight> &taps, const std::uint8_t *source, std::size_t sourceRowBytes, int firstRow, std::uint8_t *target,
                  std::size_t targetRowBytes, std::size_t length)
{
    for (const auto &row : taps.rows) {
        const std::uint8_t *first = source + static_cast<std::size_t>(row.first - firstRow) * sourceRowBytes;
        weightedSum(first, sourceRowBytes, taps.weights.data() + row.weights, row.count, target, length);
        target += targetRowBytes;
    }
}

/// 16 x 16 values: interleaving rows i and i + 8 four times brings each to its place.
void transposeBlock(const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target, std::size_t targetRowBytes)
{
    Vector rows[kBlock], mixed[kBlock];
    for (std::size_t i = 0; i < kBlock; ++i)
        std::memcpy(&rows[i], source + i * sourceRowBytes, kBlock);
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < kBlock / 2; ++i) {
            mixed[2 * i] = __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            mixed[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        std::copy_n(mixed, kBlock, rows);
    }
    for (std::size_t i = 0; i < kBlock; ++i)
        std::memcpy(target + i * targetRowBytes, &rows[i], kBlock);
}

/// `width` columns of `height` values become rows.
void transpose(const std::uint8_t *source, std::size_t sourceRowBytes, int width, int height, std::uint8_t *target, std::size_t targetRowBytes)
{
    const auto from = [&](int x, int y) { return source + static_cast<std::size_t>(y) * sourceRowBytes + x; };
    const auto to = [&](int x, int y) { return target + static_cast<std::size_t>(x) * targetRowBytes + y; };
    if (width < kBlock || height < kBlock) {
        for (int x = 0; x < width; ++x)
            for (int y = 0; y < height; ++y)
                *to(x, y) = *from(x, y);
        return;
    }
    for (int y = 0; y < height; y += kBlock) { // the last blocks lie partly over those before them
        const int top = std::min(y, height - kBlock);
        for (int x = 0; x < width; x += kBlock) {
            const int left = std::min(x, width - kBlock);
            transposeBlock(from(left, top), sourceRowBytes, to(left, top), targetRowBytes);
        }
    }
}

} // namespace

PlaneResampler::PlaneResampler(const PlaneSize &source, const Box &box, const PlaneSize &target, Interpolation interpolation, bool mirrored)
    : m_target(target)
{
    const auto prepare = [&]<class Weight>(Passes<Weight> passes) {
        passes.across = tapsOf<Weight>(source.width, box.left, box.right, target.width, interpolation);
        passes.down = tapsOf<Weight>(source.height, box.top, box.bottom, target.height, interpolation);
        if (mirrored)
            std::ranges::reverse(passes.across.rows);
        m_passes = std::move(passes);
    };
    // Negative weights and sums beyond 255 do not fit into 8 bits, and of many small weights rounding would leave nothing.
    if (interpolation != Interpolation::Bicubic && box.right - box.left <= kMostShortened * target.width
        && box.bottom - box.top <= kMostShortened * target.height)
        prepare(Passes<std::uint16_t>());
    else
        prepare(Passes<float>());
}

void PlaneResampler::operator()(const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target, std::size_t targetRowBytes) const
{
    std::visit([&](const auto &passes) { resample(passes, source, sourceRowBytes, target, targetRowBytes); }, m_passes);
}

// Both directions run down the rows, where neighbours in memory are summed side by side; between them the plane is transposed. First goes the
// direction that leaves less to do.
template <class Weight>
void PlaneResampler::resample(const Passes<Weight> &passes, const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target,
                              std::size_t targetRowBytes) const
{
    const Span columns = touched(passes.across), rows = touched(passes.down);
    const auto [width, height] = m_target;
    if (height <= rows.count) {
        Passing fewRows(columns.count, height), turned(height, columns.count), fewColumns(height, width);
        resampleRows(passes.down, source + columns.first, sourceRowBytes, 0, fewRows.pixels.get(), fewRows.rowBytes, static_cast<std::size_t>(columns.count));
        transpose(fewRows.pixels.get(), fewRows.rowBytes, columns.count, height, turned.pixels.get(), turned.rowBytes);
        resampleRows(passes.across, turned.pixels.get(), turned.rowBytes, columns.first, fewColumns.pixels.get(), fewColumns.rowBytes, turned.rowBytes);
        transpose(fewColumns.pixels.get(), fewColumns.rowBytes, height, width, target, targetRowBytes);
        return;
    }
    Passing turned(rows.count, columns.count), fewColumns(rows.count, width), turnedBack(width, rows.count);
    transpose(source + static_cast<std::size_t>(rows.first) * sourceRowBytes + columns.first, sourceRowBytes, columns.count, rows.count, turned.pixels.get(),
              turned.rowBytes);
    resampleRows(passes.across, turned.pixels.get(), turned.rowBytes, columns.first, fewColumns.pixels.get(), fewColumns.rowBytes, turned.rowBytes);
    transpose(fewColumns.pixels.get(), fewColumns.rowBytes, rows.count, width, turnedBack.pixels.get(), turnedBack.rowBytes);
    resampleRows(passes.down, turnedBack.pixels.get(), turnedBack.rowBytes, rows.first, target, targetRowBytes, static_cast<std::size_t>(width));
}

} // namespace whisker
