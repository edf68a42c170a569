#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"

#include <filesystem>

namespace whisker {

/// `file` fitted into edgePx x edgePx (8..2048; aspect kept, each side at least 1 pixel, never enlarged), upright. A cell of 220 px on a screen of 2x asks
/// for 440.
///
/// Kept as a JPEG below `cacheFolder` under a key of path, modification time, size and edgePx; written to a temporary file and renamed, so that several
/// threads and programs may share the folder. A cached file that is broken is made anew; a folder that can't be written only costs the time of decoding.
/// The folder may be deleted at any time. An empty `cacheFolder`: nothing is kept. Errors as decodeFile(). Any thread; reads and decodes.
Result<RgbImage> thumbnail(const std::filesystem::path &file, int edgePx, const std::filesystem::path &cacheFolder);

} // namespace whisker
