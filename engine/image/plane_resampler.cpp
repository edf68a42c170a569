#include "engine/image/plane_resampler.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace whisker {

namespace {

constexpr int kBlock = 16; // values in a vector of every processor
constexpr int kStrip = 32; // rows that go through all passes together, so that what lies between stays in the first cache; weightedRows() sums as many at once
constexpr auto kStripBytes = static_cast<std::size_t>(kStrip);

using Vector = std::uint8_t [[gnu::vector_size(kBlock)]];

std::size_t inWholeBlocks(int length)
{
    return static_cast<std::size_t>((length + kBlock - 1) / kBlock * kBlock);
}

/// All rows that new ones are made of.
template <class Weight> RowRange touched(const Taps<Weight> &taps)
{
    const auto end = [](const auto &row) { return row.first + row.count; };
    const int first = std::ranges::min(taps.rows, {}, [](const auto &row) { return row.first; }).first;
    return {first, end(std::ranges::max(taps.rows, {}, end)) - first};
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

/// Some rows of a plane on their way through the pass across. It runs down the columns, where neighbours in memory are summed side by side: before and after it
/// the strip is transposed.
template <class Weight> class Strip {
public:
    explicit Strip(const Taps<Weight> &across)
        : m_across(across), m_columns(touched(across)), m_width(static_cast<int>(across.rows.size())), m_rowBytes(inWholeBlocks(m_columns.count)),
          m_newRowBytes(inWholeBlocks(m_width)), m_rows(kStripBytes * m_rowBytes), m_turned(m_rows.size()), m_summed(kStripBytes * m_newRowBytes),
          m_newRows(m_summed.size())
    {
    }

    const RowRange &columns() const { return m_columns; } ///< That rows are to hold.
    std::uint8_t *rows() { return m_rows.data(); }        ///< kStrip of rowBytes() each, to be written.
    std::size_t rowBytes() const { return m_rowBytes; }

    /// The first `count` rows, new.
    void writeTo(std::uint8_t *target, std::size_t targetRowBytes, int count)
    {
        for (std::size_t x = 0; x < m_rowBytes; x += kBlock)
            for (std::size_t y = 0; y < kStripBytes; y += kBlock)
                transposeBlock(m_rows.data() + y * m_rowBytes + x, m_rowBytes, m_turned.data() + x * kStripBytes + y, kStripBytes);
        weightedRows(m_across, {0, m_width}, {m_turned.data(), kStripBytes, m_columns.first}, m_summed.data(), kStripBytes, kStripBytes);
        for (std::size_t x = 0; x < m_newRowBytes; x += kBlock)
            for (std::size_t y = 0; y < kStripBytes; y += kBlock)
                transposeBlock(m_summed.data() + x * kStripBytes + y, kStripBytes, m_newRows.data() + y * m_newRowBytes + x, m_newRowBytes);
        for (std::size_t y = 0; y < static_cast<std::size_t>(count); ++y)
            std::memcpy(target + y * targetRowBytes, m_newRows.data() + y * m_newRowBytes, static_cast<std::size_t>(m_width));
    }

private:
    const Taps<Weight> &m_across;
    const RowRange m_columns;
    const int m_width;
    const std::size_t m_rowBytes, m_newRowBytes;
    std::vector<std::uint8_t> m_rows, m_turned, m_summed, m_newRows; // [strip, columns], [columns, strip], [width, strip], [strip, width]
};

/// Calls `use` with the first row and the number of rows of each strip.
template <class Use> void forEachStrip(int rows, const Use &use)
{
    for (int top = 0; top < rows; top += kStrip)
        use(top, std::min(kStrip, rows - top));
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

// First goes the direction that leaves less to do.
template <class Weight>
void PlaneResampler::resample(const Passes<Weight> &passes, const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target,
                              std::size_t targetRowBytes) const
{
    const RowRange rows = touched(passes.down);
    const auto [width, height] = m_target;
    Strip<Weight> strip(passes.across);
    const auto columns = static_cast<std::size_t>(strip.columns().count);
    const std::uint8_t *first = source + strip.columns().first;
    if (height <= rows.count) {
        forEachStrip(height, [&](int top, int count) {
            weightedRows(passes.down, {top, count}, {first, sourceRowBytes}, strip.rows(), strip.rowBytes(), columns);
            strip.writeTo(target + static_cast<std::size_t>(top) * targetRowBytes, targetRowBytes, count);
        });
        return;
    }
    const auto rowBytes = static_cast<std::size_t>(width);
    std::vector<std::uint8_t> fewColumns(rowBytes * static_cast<std::size_t>(rows.count));
    forEachStrip(rows.count, [&](int top, int count) {
        const std::uint8_t *row = first + static_cast<std::size_t>(rows.first + top) * sourceRowBytes;
        for (std::size_t y = 0; y < static_cast<std::size_t>(count); ++y)
            std::memcpy(strip.rows() + y * strip.rowBytes(), row + y * sourceRowBytes, columns);
        strip.writeTo(fewColumns.data() + static_cast<std::size_t>(top) * rowBytes, rowBytes, count);
    });
    weightedRows(passes.down, {0, height}, {fewColumns.data(), rowBytes, rows.first}, target, targetRowBytes, rowBytes);
}

} // namespace whisker
