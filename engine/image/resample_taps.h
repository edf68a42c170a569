#pragma once

// Inside this room: what new rows are made of, and the making of one.

#include "engine/image/resample.h"

#include <concepts>
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

/// `targetLength` rows of from..to of `sourceLength` rows.
Taps<float> tapsFor(int sourceLength, double from, double to, int targetLength, Interpolation interpolation);
/// In whole numbers; what rounding leaves over goes to the greatest weight, so that a plain colour stays what it is.
Taps<std::uint16_t> shortened(const Taps<float> &taps);
template <class Weight> Taps<Weight> tapsOf(int sourceLength, double from, double to, int targetLength, Interpolation interpolation)
{
    if constexpr (std::same_as<Weight, float>)
        return tapsFor(sourceLength, from, to, targetLength, interpolation);
    else
        return shortened(tapsFor(sourceLength, from, to, targetLength, interpolation));
}

/// Of the kernel on either side, in pixels.
double supportOf(Interpolation interpolation);

/// target[i] = sum of weights[k] * source[k * sourceStep + i], rounded, for `length` values. The same bits on every processor.
void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const float *weights, int count, std::uint8_t *target, std::size_t length);
void weightedSum(const std::uint8_t *source, std::size_t sourceStep, const std::uint16_t *weights, int count, std::uint8_t *target, std::size_t length);

} // namespace whisker
