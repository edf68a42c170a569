#pragma once

#include "engine/image/rgb_image.h"

namespace whisker {

/// The kernel that makes a new pixel. When shrinking it is widened by the factor (so it averages all pixels that it stands for: no
/// moire), as Pillow's Image.resize(..., reducing_gap=None), torchvision's antialias=True and timm do.
enum class Interpolation {
    Bilinear, ///< Triangle, support 1.
    Bicubic,  ///< Catmull-Rom like with a = -0.5, support 2 (R. Keys, 1981).
    Area,     ///< Box, support 0.5.
};

/// A rectangle of a picture in pixels, from (left, top) to (right, bottom); fractions are allowed.
struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
};

/// `box` (inside the picture, not empty) of `source` at `width` x `height` (each >= 1). Kernels at the edge of the box see the pixels outside it.
/// The same bits on every machine. Any thread.
RgbImage resample(const RgbView &source, const Box &box, int width, int height, Interpolation interpolation);

/// The whole picture.
RgbImage resized(const RgbImage &source, int width, int height, Interpolation interpolation);

} // namespace whisker
