#pragma once

#include "engine/image/measures.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace whisker {

/// Finds hashes that differ in few bits without looking at all pairs: multi-index hashing (Norouzi, Punjani, Fleet, CVPR 2012) over four parts of 16
/// bits. If two hashes differ in at most d bits, then one of the parts differs in at most d / 4.
class HashIndex {
public:
    explicit HashIndex(std::span<const std::uint64_t> hashes);

    /// Calls `found` once with each place in `hashes` whose hash differs from `wanted` in at most `distance` (0..15) bits, until it returns false.
    /// Any thread.
    void visitNear(std::uint64_t wanted, int distance, const std::function<bool(std::size_t)> &found) const;

private:
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_starts; // for each part and each of its values: where its places begin in m_places
    std::vector<std::uint32_t> m_places;
};

/// Of 470,000 pairs of different photographs of pets, the nearest differ in 11 bits with a correlation of 0.57, and the best correlation is 0.86.
struct NearDuplicateOptions {
    int distance = 12;          ///< Bits in which the hashes may differ, 0..15.
    double correlation = 0.90;  ///< What thumbnailCorrelation() must reach, 0..1.
    double contrast = 0.04;     ///< Pictures with less have no structure to compare: they are nobody's near duplicate.
};

/// Groups of pictures that show the same: re-encoded, rescaled, brighter, mirrored, a little cropped. Gives places in `pictures` (null: not to be looked
/// at), each group ascending with two or more, groups by their first. A group holds what is connected: its ends may differ more than its neighbours.
/// About n log n: where thousands of pictures have nearly one hash and do not look alike, each is compared with its nearest and some hundreds more.
/// Any thread.
std::vector<std::vector<std::size_t>> nearDuplicateGroups(std::span<const PictureMeasures *const> pictures,
                                                          const NearDuplicateOptions &options = {});

} // namespace whisker
