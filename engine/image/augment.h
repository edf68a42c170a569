#pragma once

#include "engine/base/counter_random.h"
#include "engine/image/planar_image.h"
#include "engine/image/preprocess.h"
#include "engine/image/rgb_image.h"

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
///
/// A picture becomes a square as preprocess() would make it one, so that what is learnt and what is asked later have one shape: CentreCrop crops
/// a part that isn't distorted beyond maxAspect; Squash a part of the square that the whole picture was squashed to; Letterbox a part of the square
/// with the whole picture and borders of the colour `mean`, never so that the part has only border.
RgbImage augment(const PlanarView &image, const Augmentation &augmentation, const Preprocessing &preprocessing, CounterRandom random);
/// The same with Fit::CentreCrop.
RgbImage augment(const PlanarView &image, const Augmentation &augmentation, int sizePx, CounterRandom random);

/// How long the short edge of a picture has to be so that the smallest crop of a 4 : 3 photograph still has about sizePx x sizePx pixels: 1.22 x sizePx
/// for the defaults, 1.41 x for Fit::Squash, never less than sizePx nor more than twice that. More would cost time and space in every epoch and show the
/// net nothing.
int shortEdgeToAugmentPx(const Augmentation &augmentation, int sizePx, Fit fit = Fit::CentreCrop);

} // namespace whisker
