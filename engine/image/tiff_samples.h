#pragma once

#include "engine/image/rgb_image.h"

struct tiff;

namespace whisker::codec {

/// Whether `file` has samples that libtiff's own conversion to RGBA does not know: float, signed, or other than 1, 2, 4, 8, 16 bits.
bool hasUnusualSamples(tiff *file);

/// Decodes grey or RGB (an alpha channel composites on white) of any sample type, in strips or tiles, interleaved or in planes, as stored. Integers are
/// scaled from the whole range of their type; floats as DecodedImage says. False where libtiff complained or the kind isn't known.
bool decodeSamples(tiff *file, RgbImage &target, int width, int height);

} // namespace whisker::codec
