#include "tests/engine/image/sample_pictures.h"

#include <cmath>
#include <cstdlib>

namespace whisker::test {

namespace {

void setPixel(RgbImage &image, int x, int y, const Colour &colour)
{
    for (std::size_t c = 0; c < 3; ++c)
        image.row(y)[3 * static_cast<std::size_t>(x) + c] = static_cast<std::uint8_t>(colour[c]);
}

} // namespace

RgbImage fourColours(int width, int height)
{
    auto image = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            setPixel(image, x, y, 2 * y < height ? (2 * x < width ? kRed : kGreen) : (2 * x < width ? kBlue : kWhite));
    return image;
}

RgbImage solid(int width, int height, const Colour &colour)
{
    auto image = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            setPixel(image, x, y, colour);
    return image;
}

RgbImage waves(int width, int height)
{
    auto image = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto wave = [&](double phase) { return static_cast<int>(127.5 + 100 * std::sin(0.05 * x + phase) * std::cos(0.04 * y + phase)); };
            setPixel(image, x, y, {wave(0), wave(1), wave(2)});
        }
    return image;
}

bool isNear(const RgbImage &image, int x, int y, const Colour &colour, int tolerance)
{
    const std::uint8_t *pixel = image.row(y) + 3 * x;
    for (std::size_t c = 0; c < 3; ++c)
        if (std::abs(pixel[c] - colour[c]) > tolerance)
            return false;
    return true;
}

std::string quarters(const RgbImage &image)
{
    struct Named {
        char name;
        Colour colour;
    };
    static constexpr Named kNames[] = {{'R', kRed}, {'G', kGreen}, {'B', kBlue}, {'W', kWhite}, {'K', kBlack}};
    std::string found;
    for (const int y : {image.height / 4, image.height * 3 / 4})
        for (const int x : {image.width / 4, image.width * 3 / 4}) {
            char name = '?';
            for (const auto &entry : kNames)
                if (isNear(image, x, y, entry.colour, 20))
                    name = entry.name;
            found += name;
        }
    return found;
}

double meanDifference(const RgbImage &a, const RgbImage &b)
{
    if (a.width != b.width || a.height != b.height || a.pixels.empty())
        return 255;
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i)
        sum += std::abs(a.pixels[i] - b.pixels[i]);
    return sum / static_cast<double>(a.pixels.size());
}

} // namespace whisker::test
