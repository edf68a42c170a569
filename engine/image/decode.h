#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace whisker {

/// What a file is by its first bytes; its name does not count.
enum class FileKind { Unknown, Jpeg, Png, Bmp, WebP, Tiff, Gif, Pnm };

/// The kind that the first bytes (32 are enough) promise; Unknown is never given to a decoder. Pnm is P1 to P6.
FileKind sniffFileKind(std::span<const std::byte> bytes);
/// "JPEG", "PNG", ...; "unknown".
const char *fileKindName(FileKind kind);

/// Pictures with more pixels are refused from their header, before anything is allocated.
inline constexpr long long kMaxPixels = 500'000'000;

struct DecodeOptions {
    /// 0: full size. Otherwise a JPEG may be decoded at 1/2, 1/4 or 1/8 as long as its short edge keeps at least this many pixels.
    int shortEdgeAtLeastPx = 0;
};

struct ImageHeader {
    int width = 0;  ///< Pixels, after EXIF orientation.
    int height = 0; ///< Pixels, after EXIF orientation.
    FileKind kind = FileKind::Unknown;
};

struct DecodedImage {
    RgbImage rgb;       ///< Upright (EXIF orientation applied); alpha composited on white.
    int fullWidth = 0;  ///< Size of the picture in the file, upright; larger than rgb where it was decoded reduced.
    int fullHeight = 0;
    FileKind kind = FileKind::Unknown;
    bool truncated = false; ///< The file ends early: at least half of the rows are right, the rest is grey or smeared.
    std::string note{};     ///< What the decoder complained of, a phrase for people; empty where all was well.
};

/// Decodes JPEG (also grey, CMYK, YCCK, progressive), PNG, BMP, WebP, TIFF (1 to 64 bits, integer and float), GIF and PNM to 8-bit RGB. More than
/// 8 bits are scaled from the type's whole range; float samples are taken as 0..1 where all lie in it, otherwise stretched from their
/// least to their greatest. Animated and multi-page files give their first picture. No colour profile is applied.
/// Prints nothing. Any thread. `nameForErrors` goes into the sentence of an Error.
/// Errors: BadFormat (empty, or no picture by its first bytes), Unreadable (a picture that does not decode, or too little of it),
/// Unsupported (more than kMaxPixels), Internal (out of memory).
Result<DecodedImage> decodeImage(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors,
                                 const DecodeOptions &options = {});
/// The same for a file; also NotFound, PermissionDenied, Unreadable (a folder or a pipe).
Result<DecodedImage> decodeFile(const std::filesystem::path &file, const DecodeOptions &options = {});

/// The bytes of a file that begins like a picture, for the functions here that take bytes; a film of 3 GB is not read.
/// Errors: NotFound, PermissionDenied, Unreadable (a folder or a pipe, more than 4 GiB), BadFormat (no picture by its first bytes).
Result<std::vector<std::byte>> readPictureFile(const std::filesystem::path &file);

/// Size and kind without decoding pixels. Errors as decodeImage(); a file whose header is whole and whose pixels are not passes.
Result<ImageHeader> readHeader(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors);
Result<ImageHeader> readHeader(const std::filesystem::path &file);

} // namespace whisker
