#pragma once

// Inside this room: what new rows are made of, and the making of one.

#include "engine/image/resample.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace whisker {

inline constexpr int kShortOneBits = 8;       ///< A whole-numbered weight of 1 << kShortOneBits is 1.
inline constexpr double kMostShortened = 2;   ///< Shrinking by more takes more than five weights, of which rounding would leave little.

/// For each new row: the old rows that it is made of and their weights, which add up to 1 (1 << kShortOneBits). Pillow's precompute_coeffs.
template <class Weight> struct Taps {
    struct Row {
        int first;
        int count;
        std::size_t weights; // index of the first one
    };
    std::vector<Row> rows;
    std::vector<Weight> weights;
};

/// `targetLength` rows of from..to of `sourceLength` rows. For float and std::uint16_t, where the greatest weight gets what rounding leaves over, so that a
/// plain colour stays what it is.
template <class Weight> Taps<Weight> tapsOf(int sourceLength, double from, double to, int targetLength, Interpolation interpolation);

/// Of the kernel on either side, in pixels.
double supportOf(Interpolation interpolation);

struct RowRange {
    int first, count;
};

/// Rows to make others of. `values` are those of row number `first`.
struct SourceRows {
    const std::uint8_t *values;
    std::size_t rowBytes;
    int first = 0;
};

/// The `wanted` ones of the rows that `taps` tells of, `length` values each, rounded; into `target` the first of them. The same bits on every processor.
void weightedRows(const Taps<float> &taps, const RowRange &wanted, const SourceRows &source, std::uint8_t *target, std::size_t targetRowBytes,
                  std::size_t length);
void weightedRows(const Taps<std::uint16_t> &taps, const RowRange &wanted, const SourceRows &source, std::uint8_t *target, std::size_t targetRowBytes,
                  std::size_t length);

} // namespace whisker
