#pragma once

#include "tests/engine/image/sample_pictures.h"

#include <cstdint>
#include <string>
#include <vector>

namespace whisker::test {

/// The bytes of files, made with the libraries that users' programs use. `extension` as OpenCV knows it (".png").
std::string encoded(const RgbImage &image, const std::string &extension, const std::vector<int> &options = {});
/// A picture of `channels` of 8 or 16 bits; `values` are repeated over all pixels, red first.
std::string encodedSolid(int width, int height, int bits, const std::vector<int> &values, const std::string &extension);

std::string progressiveJpeg(const RgbImage &image);
/// With light `across` times as fine as the tints, and `down` times; quality 100.
std::string sampledJpeg(const RgbImage &image, int across, int down);
std::string greyJpeg(int width, int height, int level);
/// Inks 0..255; `adobe`: with Adobe's marker, whose inks are stored inverted; `transformed`: as YCCK.
std::string cmykJpeg(int width, int height, const std::vector<int> &inks, bool adobe, bool transformed);
/// `jpeg` with an EXIF block that says `orientation` right behind its start.
std::string withOrientation(const std::string &jpeg, int orientation, bool bigEndian);
std::string exifBlock(int orientation, bool bigEndian);

/// Frames one after the other, each of the whole size.
std::string animatedGif(const std::vector<RgbImage> &frames);
/// Two colours, red and one that is transparent in every second column.
std::string gifWithTransparency(int width, int height);
std::string animatedWebP(const std::vector<RgbImage> &frames);

struct TiffLayout {
    int bits = 8;
    int samples = 1;
    int format = 1; ///< SAMPLEFORMAT: 1 unsigned, 2 signed, 3 float.
    bool planes = false;
    int tileEdge = 0; ///< 0: strips.
    int orientation = 1;
    int pages = 1;
};
/// Every row holds the bytes of `packedRow` (in planes: one plane's row after the other); pages after the first are zeros.
std::string tiff(int width, int height, const TiffLayout &layout, const std::string &packedRow);

std::string bmpHeader(int width, int height, int bits, int compression, std::size_t paletteBytes);
std::string littleEndian(std::uint32_t value, int bytes);
/// A PNG of no pixels that says it is `width` x `height`.
std::string pngHeaderOnly(std::uint32_t width, std::uint32_t height);

} // namespace whisker::test
