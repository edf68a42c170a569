#pragma once

#include "engine/image/decode.h"
#include "ui/predict/inference_controller.h"

#include <QImage>

namespace whisker {

/// All files of `paths`: a file as it is, of a folder those below it that are called like pictures, in natural order of their names, without hidden
/// ones. At most `limit`. What can't be opened is left out. Worker thread: reads folders.
FilesFound listPictureFiles(const QStringList &paths, std::size_t limit, std::stop_token stop);

QImage toQImage(const RgbImage &image);
/// Pasted pixels as if they had come from a file, on white where they are transparent. Errors: Unreadable (no pixels).
Result<DecodedImage> decodedFromPasted(const QImage &image);
/// The middle of the picture fitted so that its short edge has `shortEdgePx` (never enlarged), its long edge at most twice that.
QImage thumbnailOf(const RgbImage &image, int shortEdgePx);

} // namespace whisker
