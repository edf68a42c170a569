#pragma once

#include "engine/image/decode.h"
#include "engine/image/jpeg_writer.h"
#include "engine/image/resample.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

/// Photographs, and what people do to them.
namespace whisker::test {

/// All photographs of one demonstration class, by name.
inline std::vector<std::filesystem::path> photographs(const std::string &className)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(demonstrationPictures() / className))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

inline RgbImage photograph(const std::string &className, std::size_t number)
{
    return decodeFile(photographs(className).at(number)).value().rgb;
}

inline std::string jpegOf(const RgbImage &image, int quality = 90)
{
    const auto bytes = encodeJpeg(image, quality).value();
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// One direction of a Gaussian blur; at the edges the last pixel goes on.
inline RgbImage blurredAlong(const RgbImage &image, double sigmaPx, int stepX, int stepY)
{
    const int reach = static_cast<int>(std::ceil(3 * sigmaPx));
    RgbImage result = image;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < 3 * image.width; ++x) {
            double sum = 0;
            double weights = 0;
            for (int i = -reach; i <= reach; ++i) {
                const double weight = std::exp(-i * i / (2 * sigmaPx * sigmaPx));
                const int column = std::clamp(x / 3 + i * stepX, 0, image.width - 1);
                sum += weight * image.row(std::clamp(y + i * stepY, 0, image.height - 1))[3 * column + x % 3];
                weights += weight;
            }
            result.row(y)[x] = static_cast<std::uint8_t>(std::lround(sum / weights));
        }
    }
    return result;
}

inline RgbImage blurred(const RgbImage &image, double sigmaPx)
{
    return blurredAlong(blurredAlong(image, sigmaPx, 1, 0), sigmaPx, 0, 1);
}

/// Every level becomes level * gain + offset.
inline RgbImage relit(RgbImage image, double gain, double offset = 0)
{
    for (auto &level : image.pixels)
        level = static_cast<std::uint8_t>(std::clamp(std::lround(level * gain + offset), 0L, 255L));
    return image;
}

/// Without `share` of width and height on each side.
inline RgbImage cropped(const RgbImage &image, double share)
{
    const Box box{image.width * share, image.height * share, image.width * (1 - share), image.height * (1 - share)};
    return resample(image, box, static_cast<int>(image.width * (1 - 2 * share)), static_cast<int>(image.height * (1 - 2 * share)), Interpolation::Bilinear);
}

inline RgbImage mirrored(RgbImage image)
{
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width / 2; ++x)
            std::swap_ranges(image.row(y) + 3 * x, image.row(y) + 3 * x + 3, image.row(y) + 3 * (image.width - 1 - x));
    }
    return image;
}

inline RgbImage plain(int width, int height, int level)
{
    RgbImage image = RgbImage::ofSize(width, height);
    std::ranges::fill(image.pixels, static_cast<std::uint8_t>(level));
    return image;
}

} // namespace whisker::test
