#include "engine/image/codec.h"

#include "engine/image/decode.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace whisker::codec {

namespace {

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::uint8_t kMissingGrey = 128;

cv::Mat matOf(RgbImage &image)
{
    return cv::Mat(image.height, image.width, CV_8UC3, image.pixels.data());
}

cv::Mat matOf(PlanarImage &image, std::size_t plane)
{
    const PlaneSize size = image.layout.sizeOf(plane);
    return cv::Mat(size.height, size.width, CV_8UC1, image.plane(plane));
}

/// 5..8 are 1, 4, 2, 3 mirrored at the diagonal.
bool liesOnItsSide(int orientation)
{
    return orientation >= 5;
}

/// What is left to do once no picture lies on its side.
void flipUpright(cv::Mat pixels, int orientation)
{
    switch (orientation) {
    case 2:
    case 6:
        cv::flip(pixels, pixels, 1);
        break;
    case 3:
    case 7:
        cv::flip(pixels, pixels, -1);
        break;
    case 4:
    case 8:
        cv::flip(pixels, pixels, 0);
        break;
    default:
        break;
    }
}

} // namespace

Outcome<Header> checkedSize(long long width, long long height, int orientation)
{
    if (width < 1 || height < 1)
        return std::unexpected(Problem{ErrorCode::Unreadable, "its header gives no valid size"});
    if (width > kMaxPixels || height > kMaxPixels || width * height > kMaxPixels)
        return std::unexpected(Problem{ErrorCode::Unsupported, "its header says " + std::to_string(width) + " x " + std::to_string(height) +
                                                                   " pixels, and at most " + std::to_string(kMaxPixels / 1'000'000) +
                                                                   " million are read"});
    return Header{static_cast<int>(width), static_cast<int>(height), orientation};
}

Outcome<Picture> keepGoodRows(Picture picture, int goodRows, const std::string &reason)
{
    if (2 * static_cast<long long>(goodRows) < picture.rgb.height)
        return std::unexpected(Problem{ErrorCode::Unreadable, reason});
    std::fill(picture.rgb.pixels.begin() + static_cast<std::ptrdiff_t>(picture.rgb.rowBytes() * static_cast<std::size_t>(goodRows)),
              picture.rgb.pixels.end(), kMissingGrey);
    picture.truncated = true;
    picture.note = reason;
    return picture;
}

int exifOrientation(Bytes exif)
{
    if (exif.size() >= 6 && std::memcmp(exif.data(), "Exif\0", 6) == 0)
        exif = exif.subspan(6);
    if (exif.size() < 14)
        return 1;
    const bool bigEndian = std::to_integer<char>(exif[0]) == 'M';
    const ByteReader read(exif, bigEndian);
    if (read.u8(0) != read.u8(1) || (!bigEndian && read.u8(0) != 'I') || read.u16(2) != 42)
        return 1;
    const std::size_t directory = read.u32(4);
    const std::size_t count = read.u16(directory);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (entry + 12 > exif.size())
            return 1;
        if (read.u16(entry) != kOrientationTag)
            continue;
        const auto value = read.u16(entry + 2) == kShortType ? read.u16(entry + 8) : 0;
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

RgbImage oriented(RgbImage image, int orientation)
{
    if (orientation <= 1 || orientation > 8 || image.empty())
        return image;
    if (liesOnItsSide(orientation)) {
        auto turned = RgbImage::ofSize(image.height, image.width);
        cv::transpose(matOf(image), matOf(turned));
        image = std::move(turned);
    }
    flipUpright(matOf(image), orientation);
    return image;
}

PlanarImage oriented(PlanarImage image, int orientation)
{
    if (orientation <= 1 || orientation > 8 || image.pixels.empty())
        return image;
    if (liesOnItsSide(orientation)) {
        const auto onItsSide = [](const PlaneSize &size) { return PlaneSize{size.height, size.width}; };
        auto turned = PlanarImage::ofLayout({image.layout.colours, onItsSide(image.layout.first), onItsSide(image.layout.others)});
        for (std::size_t plane = 0; plane < 3; ++plane)
            cv::transpose(matOf(image, plane), matOf(turned, plane));
        image = std::move(turned);
    }
    for (std::size_t plane = 0; plane < 3; ++plane)
        flipUpright(matOf(image, plane), orientation);
    return image;
}

} // namespace whisker::codec
