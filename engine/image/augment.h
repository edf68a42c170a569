#pragma once

#include "engine/base/counter_random.h"
#include "engine/base/result.h"
#include "engine/image/resample.h"
#include "engine/image/rgb_image.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace whisker {

/// What chance may do to a training picture: a random resized crop (Szegedy et al., 2015, section 6), a flip, and changed colours.
struct Augmentation {
    double minArea = 0.5;           ///< Least share of the picture's area that the crop keeps, in (0, 1].
    double maxAspect = 4.0 / 3.0;   ///< The crop's width / height lies in 1/maxAspect..maxAspect; >= 1.
    bool flip = true;               ///< Mirror left and right with a chance of one half.
    double brightness = 0.2;        ///< Values are multiplied by 1 - brightness..1 + brightness; in [0, 1), 0: never.
    double contrast = 0.2;          ///< Distances from the picture's mean grey likewise.
    double saturation = 0.2;        ///< Distances from each pixel's own grey likewise.
    Interpolation interpolation = Interpolation::Bilinear;

    bool operator==(const Augmentation &) const = default;
};

/// A changed sizePx x sizePx version of `image` (not empty); a function of its arguments alone. One resampling. Any thread.
RgbImage augment(const RgbImage &image, const Augmentation &augmentation, int sizePx, CounterRandom random);

/// The fast path from a file: the same crop, flip and colours as augment() of the decoded file, but of a JPEG only the crop is decoded, at the reduced
/// scale it needs, so pixels may differ by a few levels. A function of the file and the arguments. Errors as decodeFile(). Any thread.
Result<RgbImage> loadAugmented(const std::filesystem::path &file, const Augmentation &augmentation, int sizePx,
                               CounterRandom random);
/// The same for a file's bytes.
Result<RgbImage> loadAugmented(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, const Augmentation &augmentation,
                               int sizePx, CounterRandom random);

} // namespace whisker
