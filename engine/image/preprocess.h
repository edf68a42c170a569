#pragma once

#include "engine/base/result.h"
#include "engine/image/resample.h"
#include "engine/image/rgb_image.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace whisker {

/// How a picture of any shape becomes a square.
enum class Fit {
    Squash,     ///< The whole picture; its aspect is lost.
    CentreCrop, ///< The square of `cropShare` of the short edge in the middle.
    Letterbox,  ///< The whole picture with borders in the colour `mean`, which is 0 after normalisation.
};

/// What is done to every picture before a net sees it: stored in the model file. Default: torchvision's ImageNet nets.
struct Preprocessing {
    int sizePx = 224; ///< Edge of the square, 8..4096.
    Fit fit = Fit::CentreCrop;
    double cropShare = 0.875; ///< Of the short edge, in (0, 1]; CentreCrop only.
    Interpolation interpolation = Interpolation::Bilinear;
    std::array<float, 3> mean = {123.675f, 116.28f, 103.53f}; ///< RGB, 0..255: the net's input is (pixel - mean) / std.
    std::array<float, 3> std = {58.395f, 57.12f, 57.375f};    ///< RGB, > 0.

    bool operator==(const Preprocessing &) const = default;
};

/// The usual values: torchvision's nets (bilinear, crop 224/256) and EfficientNet-Lite (bicubic, crop size/(size + 32), (x - 127) / 128).
Preprocessing imageNetPreprocessing(int sizePx = 224);
Preprocessing efficientNetLitePreprocessing(int sizePx = 224);

/// {"size":224,"fit":"centre_crop","crop":0.875,"interpolation":"bilinear","mean":[...],"std":[...]}, keys in this order. The fits are squash,
/// centre_crop and letterbox, the interpolations bilinear, bicubic and area.
std::string toJson(const Preprocessing &preprocessing);
/// Errors: BadFormat (no JSON, a field is missing or out of its range; the sentence names it). Unknown fields are ignored.
Result<Preprocessing> preprocessingFromJson(std::string_view json);
/// 32 hexadecimal digits that differ where any field does: a key for caches.
std::string preprocessingDigest(const Preprocessing &preprocessing);

/// **The** preprocessing: sizePx x sizePx, 8-bit RGB, antialiased when shrinking (see Interpolation), one resampling straight from the picture to the
/// square: the crop is centred exactly, where resizing and cropping in whole pixels would be up to half a pixel off. `image` must not be empty. Normalising with mean and std is left to who fills the tensor.
RgbImage preprocess(const RgbImage &image, const Preprocessing &preprocessing);
/// Every pixel of `image` in the colour that is 0 after normalisation: that of Letterbox's borders.
void fillWithMean(RgbImage &image, const Preprocessing &preprocessing);

/// DecodeOptions::shortEdgeAtLeastPx that loses nothing preprocess() would keep.
int decodeShortEdgePx(const Preprocessing &preprocessing);

/// A file, decoded no larger than needed and preprocessed: the way from file to net for validation, evaluation, prediction and exports.
/// Errors as decodeFile(). Any thread.
Result<RgbImage> loadPreprocessed(const std::filesystem::path &file, const Preprocessing &preprocessing);
/// The same for a file's bytes.
Result<RgbImage> loadPreprocessed(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors,
                                  const Preprocessing &preprocessing);

} // namespace whisker
