#include "engine/image/tiff_samples.h"

#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace whisker::codec {

namespace {

constexpr long long kMaxSampledPixels = 150'000'000; // a float each and channel: 2.4 GB with alpha

struct Layout {
    std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, planar = PLANARCONFIG_CONTIG, photometric = PHOTOMETRIC_MINISBLACK;
    bool isFloat() const { return format == SAMPLEFORMAT_IEEEFP; }
    bool inPlanes() const { return planar == PLANARCONFIG_SEPARATE && samples > 1; }
};

Layout layoutOf(TIFF *file)
{
    Layout layout;
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &layout.bits);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &layout.samples);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &layout.format);
    TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &layout.planar);
    TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &layout.photometric);
    return layout;
}

double halfValue(std::uint16_t half) // IEEE 754 binary16
{
    const int exponent = half >> 10 & 31;
    const double fraction = half & 1023;
    const double value = exponent == 0    ? std::ldexp(fraction, -24)
                         : exponent == 31 ? std::numeric_limits<double>::infinity()
                                          : std::ldexp(fraction + 1024, exponent - 25);
    return half & 0x8000 ? -value : value;
}

template <class T> T loaded(const std::uint8_t *at)
{
    T value;
    std::memcpy(&value, at, sizeof value); // libtiff has put the bytes into the machine's order
    return value;
}

/// Sample `index` of a row: integers as 0..1 of their range, floats as they are.
double sampleOf(const std::uint8_t *row, std::size_t index, const Layout &layout)
{
    const std::size_t bits = layout.bits;
    if (layout.isFloat()) {
        if (bits == 16)
            return halfValue(loaded<std::uint16_t>(row + 2 * index));
        return bits == 32 ? static_cast<double>(loaded<float>(row + 4 * index)) : loaded<double>(row + 8 * index);
    }
    std::uint64_t value = 0;
    if (bits == 8)
        value = row[index];
    else if (bits == 16)
        value = loaded<std::uint16_t>(row + 2 * index);
    else if (bits == 32)
        value = loaded<std::uint32_t>(row + 4 * index);
    else if (bits == 64)
        value = loaded<std::uint64_t>(row + 8 * index);
    else // packed, the most significant bit first
        for (std::size_t bit = index * bits; bit < (index + 1) * bits; ++bit)
            value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1);
    if (layout.format == SAMPLEFORMAT_INT)
        value ^= std::uint64_t(1) << (bits - 1); // the least value becomes 0
    return static_cast<double>(value) / (std::ldexp(1.0, static_cast<int>(bits)) - 1);
}

/// The picture in floats, `channels` a pixel: grey, RGB, either with alpha last.
struct Samples {
    int width, height, channels;
    std::vector<float> values;
    float &at(int x, int y, int c)
    {
        return values[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * static_cast<std::size_t>(channels) +
                      static_cast<std::size_t>(c)];
    }
};

/// What one strip or tile holds: from (left, top), rows of `rowBytes`, for one plane or for all channels.
struct Chunk {
    int left, top, width, height, plane;
    const std::uint8_t *data;
    std::size_t rowBytes;
};

void place(const Chunk &chunk, const Layout &layout, Samples &target)
{
    const bool planes = layout.inPlanes();
    const std::size_t step = planes ? 1 : layout.samples;
    for (int y = 0; y < std::min(chunk.height, target.height - chunk.top); ++y) {
        const std::uint8_t *row = chunk.data + chunk.rowBytes * static_cast<std::size_t>(y);
        for (int x = 0; x < std::min(chunk.width, target.width - chunk.left); ++x)
            for (int c = planes ? chunk.plane : 0; c < (planes ? chunk.plane + 1 : target.channels); ++c)
                target.at(chunk.left + x, chunk.top + y, c) = static_cast<float>(
                    sampleOf(row, static_cast<std::size_t>(x) * step + static_cast<std::size_t>(planes ? 0 : c), layout));
    }
}

bool readTiles(TIFF *file, const Layout &layout, Samples &target)
{
    std::uint32_t width = 0, height = 0;
    if (!TIFFGetField(file, TIFFTAG_TILEWIDTH, &width) || !TIFFGetField(file, TIFFTAG_TILELENGTH, &height) || width < 1 || height < 1)
        return false;
    std::vector<std::uint8_t> tile(static_cast<std::size_t>(std::max<tmsize_t>(TIFFTileSize(file), 0)));
    const auto rowBytes = static_cast<std::size_t>(std::max<tmsize_t>(TIFFTileRowSize(file), 0));
    if (tile.empty() || rowBytes * height > tile.size())
        return false;
    const int planes = layout.inPlanes() ? target.channels : 1;
    for (int plane = 0; plane < planes; ++plane)
        for (std::uint32_t top = 0; top < static_cast<std::uint32_t>(target.height); top += height)
            for (std::uint32_t left = 0; left < static_cast<std::uint32_t>(target.width); left += width) {
                if (TIFFReadTile(file, tile.data(), left, top, 0, static_cast<std::uint16_t>(plane)) < 0)
                    return false;
                place({static_cast<int>(left), static_cast<int>(top), static_cast<int>(width), static_cast<int>(height), plane, tile.data(), rowBytes},
                      layout, target);
            }
    return true;
}

bool readRows(TIFF *file, const Layout &layout, Samples &target)
{
    std::vector<std::uint8_t> row(static_cast<std::size_t>(std::max<tmsize_t>(TIFFScanlineSize(file), 0)));
    if (row.empty())
        return false;
    const int planes = layout.inPlanes() ? target.channels : 1;
    for (int plane = 0; plane < planes; ++plane)
        for (int y = 0; y < target.height; ++y) {
            if (TIFFReadScanline(file, row.data(), static_cast<std::uint32_t>(y), static_cast<std::uint16_t>(plane)) < 0)
                return false;
            place({0, y, target.width, 1, plane, row.data(), row.size()}, layout, target);
        }
    return true;
}

/// Brings floats that leave 0..1 into it: least and greatest colour value to 0 and 1. What is no number becomes the least.
void stretch(Samples &samples, int colours)
{
    float least = std::numeric_limits<float>::infinity(), greatest = -least;
    const auto step = static_cast<std::size_t>(samples.channels);
    const auto isColour = [&](std::size_t i) { return i % step < static_cast<std::size_t>(colours); };
    for (std::size_t i = 0; i < samples.values.size(); ++i)
        if (isColour(i) && std::isfinite(samples.values[i])) {
            least = std::min(least, samples.values[i]);
            greatest = std::max(greatest, samples.values[i]);
        }
    const bool asIs = least >= 0 && greatest <= 1;
    for (std::size_t i = 0; i < samples.values.size(); ++i) {
        float &value = samples.values[i];
        if (!std::isfinite(value))
            value = asIs || !isColour(i) ? 0.0f : least;
        if (isColour(i) && !asIs)
            value = greatest > least ? (value - least) / (greatest - least) : 0.0f;
    }
}

void toRgb(Samples &samples, int colours, bool whiteIsZero, RgbImage &target)
{
    target = RgbImage::ofSize(samples.width, samples.height);
    for (int y = 0; y < samples.height; ++y)
        for (int x = 0; x < samples.width; ++x)
            for (int c = 0; c < 3; ++c) {
                float value = std::clamp(samples.at(x, y, colours == 3 ? c : 0), 0.0f, 1.0f);
                if (whiteIsZero)
                    value = 1 - value;
                if (samples.channels > colours) {
                    const float alpha = std::clamp(samples.at(x, y, colours), 0.0f, 1.0f);
                    value = value * alpha + 1 - alpha;
                }
                target.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::lround(255 * value));
            }
}

} // namespace

bool hasUnusualSamples(TIFF *file)
{
    const Layout layout = layoutOf(file);
    const bool usualBits = layout.bits == 1 || layout.bits == 2 || layout.bits == 4 || layout.bits == 8 || layout.bits == 16;
    const bool usualFormat = layout.format == SAMPLEFORMAT_UINT || layout.format == SAMPLEFORMAT_VOID;
    return !usualBits || !usualFormat;
}

bool decodeSamples(TIFF *file, RgbImage &target, int width, int height)
{
    const Layout layout = layoutOf(file);
    const bool grey = layout.photometric == PHOTOMETRIC_MINISBLACK || layout.photometric == PHOTOMETRIC_MINISWHITE;
    const int colours = grey ? 1 : 3;
    const bool knownFloat = layout.bits == 16 || layout.bits == 32 || layout.bits == 64;
    const bool knownBits = layout.isFloat() ? knownFloat : (layout.bits >= 1 && layout.bits <= 32) || layout.bits == 64;
    if (!knownBits || (!grey && layout.photometric != PHOTOMETRIC_RGB) || layout.samples < colours || layout.format > SAMPLEFORMAT_VOID)
        return false;
    std::uint16_t extraCount = 0;
    const std::uint16_t *extras = nullptr;
    TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &extraCount, &extras);
    const bool alpha = layout.samples > colours && extraCount > 0 && extras[0] == EXTRASAMPLE_UNASSALPHA;
    Samples samples{width, height, colours + (alpha ? 1 : 0), {}};
    if (static_cast<long long>(width) * height > kMaxSampledPixels)
        return false;
    samples.values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(samples.channels));
    if (!(TIFFIsTiled(file) ? readTiles(file, layout, samples) : readRows(file, layout, samples)))
        return false;
    if (layout.isFloat())
        stretch(samples, colours);
    toRgb(samples, colours, layout.photometric == PHOTOMETRIC_MINISWHITE, target);
    return true;
}

} // namespace whisker::codec
