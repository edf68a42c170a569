#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"

#include <cstddef>
#include <vector>

namespace whisker {

/// `image` (not empty, sides up to 65500) as a JPEG; `quality` 1..100, colours at half resolution. Errors: Unsupported (too large), Internal (out of
/// memory). Any thread.
Result<std::vector<std::byte>> encodeJpeg(const RgbImage &image, int quality);

} // namespace whisker
