#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"
#include "engine/image/decode.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace whisker {

/// What a picture looks like in numbers. They are taken from the picture reduced to a long edge of at most kMeasuredPx, which is about what a net
/// sees: a photograph of 20 megapixels that is soft only at full size is not blurred.
struct PictureMeasures {
    static constexpr int kVersion = 1;       ///< Raise it with any change of what measurePicture() answers: stored measures are then made anew.
    static constexpr int kMeasuredPx = 192;
    static constexpr int kThumbnailPx = 16;
    using Thumbnail = std::array<std::uint8_t, static_cast<std::size_t>(kThumbnailPx) * kThumbnailPx>;

    FileKind kind = FileKind::Unknown; ///< What the file is; its name does not count.
    int width = 0;                     ///< Pixels of the file, upright.
    int height = 0;
    bool truncated = false;            ///< The file ends early; the measures are of what is there.
    std::string note{};                ///< What the decoder complained of, a phrase for people; empty where all was well.

    /// How much fine detail there is for the coarse detail: variance of the Laplacian (Pech-Pacheco et al., ICPR 2000) divided by that of the picture at
    /// half the size, the least over three halvings. Sharp photographs have about as much detail at each scale (Field, 1987) and get 0.3 to 1, however
    /// low their contrast and however much of them is out of focus; a blur takes the fine detail alone, 0.08 to 0.2. 1 where there are too few pixels.
    float sharpness = 0;
    float brightness = 0; ///< Mean luma (Rec. 601), 0..1.
    float darkest = 0;    ///< 5th percentile of luma, 0..1.
    float brightest = 0;  ///< 95th percentile of luma, 0..1.
    float contrast = 0;   ///< Greatest of the standard deviations of red, green and blue, 0..0.5.

    /// Signs of the 64 lowest cosine coefficients but the mean of the picture at 32 x 32 (pHash: Zauner, 2010; signs in place of its median, which
    /// is near 0). Near copies differ in few bits.
    std::uint64_t hash = 0;
    /// The luma squashed to kThumbnailPx x kThumbnailPx, row after row: tells near copies from pictures that merely have a similar hash.
    Thumbnail thumbnail{};

    bool operator==(const PictureMeasures &) const = default;
};

/// PictureMeasures::hash of the same picture mirrored left and right: the odd horizontal coefficients change their sign.
std::uint64_t mirroredHash(std::uint64_t hash);

/// One decode, of a JPEG at the smallest scale that has enough pixels, and everything from it. Errors as decodeImage(). Any thread.
Result<PictureMeasures> measurePicture(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors);
/// The same for a file; errors as decodeFile().
Result<PictureMeasures> measurePicture(const std::filesystem::path &file);

/// How alike two pictures are, -1..1: Pearson's correlation of their thumbnails, which no change of brightness or contrast alters. The better one of
/// `second` as it is and mirrored.
double thumbnailCorrelation(const PictureMeasures::Thumbnail &first, const PictureMeasures::Thumbnail &second);

/// Whether `file` is named as its `kind` asks for (".jpg" for JPEG, in any case); a name without extension passes.
bool extensionFits(const std::filesystem::path &file, FileKind kind);

} // namespace whisker
