#pragma once

#include "engine/base/result.h"
#include "engine/image/planar_image.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace whisker {

/// From a file's bytes to what augment() begins with: decoded at the scale that libjpeg gives for least, then made smaller so that the short edge has
/// `shortEdgePx`; never larger. A JPEG stays in the planes that it is stored in: its tints, mostly half as fine as its light, are made smaller only where
/// they would be finer than that. The same bytes give the same pixels, so they can be kept. Errors as decodeImage(). Any thread.
Result<PlanarImage> decodedToAugment(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, int shortEdgePx);

} // namespace whisker
