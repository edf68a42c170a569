#pragma once

#include "engine/image/planar_image.h"
#include "engine/image/resample.h"
#include "engine/image/resample_taps.h"

#include <cstddef>
#include <cstdint>
#include <variant>

namespace whisker {

/// Makes planes of one size another, as resample() does, but with weights of 8 bits: within two levels of it in much less time, for pictures that chance
/// changes anyway. What is bicubic or shrinks by more than two gets resample()'s weights. Made once for all planes of a size. Any thread.
class PlaneResampler {
public:
    /// `box` (inside the plane, not empty) of a plane of `source` becomes one of `target`, left and right exchanged where it is `mirrored`.
    PlaneResampler(const PlaneSize &source, const Box &box, const PlaneSize &target, Interpolation interpolation, bool mirrored = false);

    void operator()(const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target, std::size_t targetRowBytes) const;

private:
    template <class Weight> struct Passes {
        Taps<Weight> across, down;
    };
    template <class Weight> void resample(const Passes<Weight> &passes, const std::uint8_t *source, std::size_t sourceRowBytes, std::uint8_t *target,
                                          std::size_t targetRowBytes) const;

    PlaneSize m_target;
    std::variant<Passes<float>, Passes<std::uint16_t>> m_passes;
};

} // namespace whisker
