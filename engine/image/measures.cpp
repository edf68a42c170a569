#include "engine/image/measures.h"

#include "engine/image/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>
#include <vector>

namespace whisker {

namespace {

constexpr int kDecodedShortEdgePx = 128;
constexpr int kCosinePx = 32;
constexpr int kFrequencies = 9; // 0 to 8
constexpr int kOctaves = 3;
constexpr int kSharpnessEdgePx = 32; // at the last halving 4 pixels, of which 2 have their neighbours

/// Luma in rows from the top, 0..255.
struct GreyImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels{};
    const std::uint8_t *row(int y) const { return pixels.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

/// ITU-R BT.601, in 1/65536; the weights add up to one.
std::uint8_t luma(const std::uint8_t *rgb)
{
    return static_cast<std::uint8_t>((19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) >> 16);
}

GreyImage greyOf(const RgbImage &image)
{
    GreyImage grey{image.width, image.height, std::vector<std::uint8_t>(image.pixels.size() / 3)};
    for (std::size_t i = 0; i < grey.pixels.size(); ++i)
        grey.pixels[i] = luma(image.pixels.data() + 3 * i);
    return grey;
}

RgbImage atMeasuredSize(const RgbImage &image)
{
    const int longEdge = std::max(image.width, image.height);
    if (longEdge <= PictureMeasures::kMeasuredPx)
        return image;
    const double scale = static_cast<double>(PictureMeasures::kMeasuredPx) / longEdge;
    const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
    return resized(image, scaled(image.width), scaled(image.height), Interpolation::Area);
}

/// Variance of the 4-neighbour Laplacian over all pixels that have their neighbours, of which there is at least one.
double laplacianVariance(const GreyImage &grey)
{
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (int y = 1; y + 1 < grey.height; ++y) {
        const auto *above = grey.row(y - 1);
        const auto *here = grey.row(y);
        const auto *below = grey.row(y + 1);
        int rowSum = 0;
        int rowSquares = 0;
        for (int x = 1; x + 1 < grey.width; ++x) {
            const int value = above[x] + below[x] + here[x - 1] + here[x + 1] - 4 * here[x];
            rowSum += value;
            rowSquares += value * value;
        }
        sum += rowSum;
        squares += rowSquares;
    }
    const double count = static_cast<double>(grey.width - 2) * (grey.height - 2);
    const double mean = static_cast<double>(sum) / count;
    return static_cast<double>(squares) / count - mean * mean;
}

/// Each pixel is the mean of 2 x 2.
GreyImage halved(const GreyImage &grey)
{
    GreyImage half{grey.width / 2, grey.height / 2, {}};
    half.pixels.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
    auto *target = half.pixels.data();
    for (int y = 0; y < half.height; ++y) {
        const auto *upper = grey.row(2 * y);
        const auto *lower = grey.row(2 * y + 1);
        for (int x = 0; x < half.width; ++x)
            *target++ = static_cast<std::uint8_t>((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) / 4);
    }
    return half;
}

float sharpnessOf(GreyImage grey)
{
    if (std::min(grey.width, grey.height) < kSharpnessEdgePx)
        return 1;
    double least = std::numeric_limits<double>::max();
    double fine = laplacianVariance(grey);
    for (int octave = 0; octave < kOctaves; ++octave) {
        grey = halved(grey);
        const double coarse = laplacianVariance(grey);
        least = std::min(least, fine / (coarse + 1)); // + 1: rounding to whole levels is no detail
        fine = coarse;
    }
    return static_cast<float>(least);
}

void measureLight(const GreyImage &grey, PictureMeasures &measures)
{
    std::array<std::size_t, 256> histogram{};
    for (const std::uint8_t level : grey.pixels)
        ++histogram[level];
    const auto percentile = [&](double share) {
        const double wanted = share * static_cast<double>(grey.pixels.size());
        std::size_t seen = 0;
        std::size_t level = 0;
        while (level < 255 && static_cast<double>(seen += histogram[level]) < wanted)
            ++level;
        return static_cast<float>(level) / 255;
    };
    double sum = 0;
    for (std::size_t level = 0; level < histogram.size(); ++level)
        sum += static_cast<double>(level * histogram[level]);
    measures.brightness = static_cast<float>(sum / static_cast<double>(grey.pixels.size()) / 255);
    measures.darkest = percentile(0.05);
    measures.brightest = percentile(0.95);
}

float contrastOf(const RgbImage &image)
{
    std::array<std::int64_t, 3> sums{};
    std::array<std::int64_t, 3> squares{};
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c) {
            const std::int64_t value = image.pixels[i + c];
            sums[c] += value;
            squares[c] += value * value;
        }
    }
    const double count = static_cast<double>(image.pixels.size()) / 3;
    double greatest = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        const double mean = static_cast<double>(sums[c]) / count;
        greatest = std::max(greatest, static_cast<double>(squares[c]) / count - mean * mean);
    }
    return static_cast<float>(std::sqrt(std::max(greatest, 0.0)) / 255);
}

using CosineTable = std::array<std::array<float, kCosinePx>, kFrequencies>;

const CosineTable &cosines()
{
    static const CosineTable table = [] {
        CosineTable values{};
        for (std::size_t k = 0; k < kFrequencies; ++k)
            for (std::size_t x = 0; x < kCosinePx; ++x)
                values[k][x] = static_cast<float>(std::cos(std::numbers::pi * static_cast<double>(k) * (static_cast<double>(x) + 0.5) / kCosinePx));
        return values;
    }();
    return table;
}

/// The frequencies of bit `bit`: 8 x 8 from the lowest; in the place of the mean stands the next one down, which is even across as the mean is.
std::size_t acrossOf(std::size_t bit)
{
    return bit % 8;
}
std::size_t downOf(std::size_t bit)
{
    return bit == 0 ? 8 : bit / 8;
}

/// `small` is kCosinePx x kCosinePx.
std::uint64_t cosineHash(const GreyImage &small)
{
    const CosineTable &table = cosines();
    std::array<std::array<float, kFrequencies>, kCosinePx> rows{};
    for (std::size_t y = 0; y < kCosinePx; ++y) {
        const auto *row = small.row(static_cast<int>(y));
        for (std::size_t k = 0; k < kFrequencies; ++k)
            for (std::size_t x = 0; x < kCosinePx; ++x)
                rows[y][k] += table[k][x] * static_cast<float>(row[x]);
    }
    std::uint64_t hash = 0;
    for (std::size_t bit = 0; bit < 64; ++bit) {
        float coefficient = 0;
        for (std::size_t y = 0; y < kCosinePx; ++y)
            coefficient += table[downOf(bit)][y] * rows[y][acrossOf(bit)];
        hash |= static_cast<std::uint64_t>(coefficient > 0) << bit;
    }
    return hash;
}

PictureMeasures::Thumbnail thumbnailOf(const GreyImage &small)
{
    static_assert(kCosinePx == 2 * PictureMeasures::kThumbnailPx);
    PictureMeasures::Thumbnail thumbnail{};
    std::ranges::copy(halved(small).pixels, thumbnail.begin());
    return thumbnail;
}

} // namespace

std::uint64_t mirroredHash(std::uint64_t hash)
{
    return hash ^ 0xAAAA'AAAA'AAAA'AAAA; // bits of odd frequencies across
}

Result<PictureMeasures> measurePicture(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors)
{
    auto decoded = decodeImage(bytes, nameForErrors, {.shortEdgeAtLeastPx = kDecodedShortEdgePx});
    if (!decoded)
        return std::unexpected(std::move(decoded.error()));
    PictureMeasures measures{.kind = decoded->kind,
                             .width = decoded->fullWidth,
                             .height = decoded->fullHeight,
                             .truncated = decoded->truncated,
                             .note = std::move(decoded->note)};
    const RgbImage image = atMeasuredSize(decoded->rgb);
    const GreyImage grey = greyOf(image);
    measureLight(grey, measures);
    measures.sharpness = sharpnessOf(grey);
    measures.contrast = contrastOf(image);
    const GreyImage small = greyOf(resized(image, kCosinePx, kCosinePx, Interpolation::Area));
    measures.hash = cosineHash(small);
    measures.thumbnail = thumbnailOf(small);
    return measures;
}

Result<PictureMeasures> measurePicture(const std::filesystem::path &file)
{
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return measurePicture(*bytes, file);
}

double thumbnailCorrelation(const PictureMeasures::Thumbnail &first, const PictureMeasures::Thumbnail &second)
{
    constexpr std::size_t edge = PictureMeasures::kThumbnailPx;
    constexpr double count = edge * edge;
    std::int64_t sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, straight = 0, mirrored = 0;
    for (std::size_t y = 0; y < edge; ++y) {
        int rowA = 0, rowB = 0, rowAA = 0, rowBB = 0, rowStraight = 0, rowMirrored = 0;
        const std::uint8_t *a = first.data() + y * edge;
        const std::uint8_t *b = second.data() + y * edge;
        for (std::size_t x = 0; x < edge; ++x) {
            rowA += a[x];
            rowB += b[x];
            rowAA += a[x] * a[x];
            rowBB += b[x] * b[x];
            rowStraight += a[x] * b[x];
            rowMirrored += a[x] * b[edge - 1 - x];
        }
        sumA += rowA;
        sumB += rowB;
        squaresA += rowAA;
        squaresB += rowBB;
        straight += rowStraight;
        mirrored += rowMirrored;
    }
    const double meanProduct = static_cast<double>(sumA) * static_cast<double>(sumB) / count;
    const double varianceA = static_cast<double>(squaresA) - static_cast<double>(sumA) * static_cast<double>(sumA) / count;
    const double varianceB = static_cast<double>(squaresB) - static_cast<double>(sumB) * static_cast<double>(sumB) / count;
    if (varianceA <= 0 || varianceB <= 0)
        return varianceA <= 0 && varianceB <= 0 ? 1 : 0; // flat pictures are alike, whatever their level
    return (static_cast<double>(std::max(straight, mirrored)) - meanProduct) / std::sqrt(varianceA * varianceB);
}

bool extensionFits(const std::filesystem::path &file, FileKind kind)
{
    std::string extension = file.extension().native();
    std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (extension.empty())
        return true;
    const auto isOneOf = [&](std::initializer_list<std::string_view> names) { return std::ranges::find(names, extension) != names.end(); };
    switch (kind) {
    case FileKind::Jpeg:
        return isOneOf({".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo"}); // MPO begins as a JPEG and is read as one
    case FileKind::Png:
        return isOneOf({".png", ".apng"});
    case FileKind::Bmp:
        return isOneOf({".bmp", ".dib"});
    case FileKind::WebP:
        return isOneOf({".webp"});
    case FileKind::Tiff:
        return isOneOf({".tif", ".tiff", ".btf", ".tf8", ".dng"});
    case FileKind::Gif:
        return isOneOf({".gif"});
    case FileKind::Pnm:
        return isOneOf({".pnm", ".ppm", ".pgm", ".pbm"});
    case FileKind::Unknown:
        break;
    }
    return true;
}

} // namespace whisker
