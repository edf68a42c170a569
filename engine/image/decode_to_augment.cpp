#include "engine/image/decode_to_augment.h"

#include "engine/base/path_text.h"
#include "engine/image/decode.h"
#include "engine/image/jpeg_reader.h"
#include "engine/image/plane_resampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>

namespace whisker {

namespace {

using codec::StoredPlane;

/// A decoded picture before it is made smaller.
struct Decoded {
    PlaneColours colours;
    int width, height; ///< Of the picture in the file.
    std::array<StoredPlane, 3> planes;
    const std::uint8_t *values;
};

/// Of the first plane.
PlaneSize reducedSize(const Decoded &decoded, int shortEdgePx)
{
    const PlaneSize size = decoded.planes[0].size;
    if (std::min(size.width, size.height) <= shortEdgePx)
        return size;
    const double scale = static_cast<double>(shortEdgePx) / std::min(decoded.width, decoded.height);
    const auto reduced = [&](int length) { return std::max(shortEdgePx, static_cast<int>(std::lround(length * scale))); };
    return {reduced(decoded.width), reduced(decoded.height)};
}

void copyPlane(const StoredPlane &plane, const std::uint8_t *values, std::uint8_t *target)
{
    const auto width = static_cast<std::size_t>(plane.size.width);
    for (int y = 0; y < plane.size.height; ++y)
        std::memcpy(target + static_cast<std::size_t>(y) * width, values + plane.offset + static_cast<std::size_t>(y) * plane.rowBytes, width);
}

PlanarImage reduced(const Decoded &decoded, int shortEdgePx)
{
    const PlaneSize first = reducedSize(decoded, shortEdgePx), others = decoded.planes[1].size;
    auto target = PlanarImage::ofLayout({decoded.colours, first, {std::min(first.width, others.width), std::min(first.height, others.height)}});
    std::optional<PlaneResampler> resampler;
    for (std::size_t i = 0; i < 3; ++i) {
        const StoredPlane &plane = decoded.planes[i];
        const PlaneSize size = target.layout.sizeOf(i);
        if (size == plane.size && size.width == plane.widthShown && size.height == plane.heightShown) {
            copyPlane(plane, decoded.values, target.plane(i));
            continue;
        }
        if (i < 2) // the third is like the second
            resampler.emplace(plane.size, Box{0, 0, plane.widthShown, plane.heightShown}, size, Interpolation::Bilinear);
        (*resampler)(decoded.values + plane.offset, plane.rowBytes, target.plane(i), static_cast<std::size_t>(size.width));
    }
    return target;
}

/// Nothing where decodeImage() has to be asked.
std::optional<PlanarImage> jpegToAugment(std::span<const std::byte> bytes, int shortEdgePx)
{
    codec::JpegReader reader(bytes);
    const auto header = reader.readHeader();
    if (!header)
        return std::nullopt;
    const auto stored = reader.decodePlanes(codec::jpegDenominator(std::min(header->width, header->height), shortEdgePx));
    if (!stored)
        return std::nullopt;
    return codec::oriented(reduced({PlaneColours::YCbCr, header->width, header->height, stored->planes, stored->values.get()}, shortEdgePx),
                           header->orientation);
}

PlanarImage toAugment(const DecodedImage &decoded, int shortEdgePx)
{
    const auto longEdge = [](int width, int height) { return std::max(width, height); };
    const int edge = longEdge(decoded.rgb.width, decoded.rgb.height);
    const int denominator = (longEdge(decoded.fullWidth, decoded.fullHeight) + edge - 1) / edge; // libjpeg rounds sizes up
    const auto planes = planarOf(decoded.rgb);
    Decoded parts{PlaneColours::Rgb, decoded.fullWidth, decoded.fullHeight, {}, planes.pixels.data()};
    for (std::size_t i = 0; i < 3; ++i)
        parts.planes[i] = {planes.layout.first, static_cast<double>(decoded.fullWidth) / denominator, static_cast<double>(decoded.fullHeight) / denominator,
                           static_cast<std::size_t>(planes.layout.first.width), planes.layout.offsetOf(i)};
    return reduced(parts, shortEdgePx);
}

} // namespace

Result<PlanarImage> decodedToAugment(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, int shortEdgePx)
try {
    if (sniffFileKind(bytes) == FileKind::Jpeg)
        if (auto picture = jpegToAugment(bytes, shortEdgePx))
            return *std::move(picture);
    const auto decoded = decodeImage(bytes, nameForErrors, {.shortEdgeAtLeastPx = shortEdgePx});
    if (!decoded)
        return std::unexpected(decoded.error());
    return toAugment(*decoded, shortEdgePx);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, pathText(nameForErrors) + " can't be prepared: there is not enough memory. Close other programs.", nameForErrors);
}

} // namespace whisker
