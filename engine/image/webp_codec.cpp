#include "engine/image/codec.h"

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h> // WEBP_MAX_DIMENSION

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace whisker::codec {

namespace {

constexpr const char *kDamaged = "the file ends early or is damaged";

std::unexpected<Problem> damaged()
{
    return std::unexpected(Problem{ErrorCode::Unreadable, kDamaged});
}

WebPData dataOf(Bytes bytes)
{
    return {unsignedBytes(bytes), bytes.size()};
}

using Demuxer = std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)>;

Demuxer demuxed(Bytes bytes)
{
    const WebPData data = dataOf(bytes);
    return {WebPDemux(&data), &WebPDemuxDelete};
}

int orientationOf(Bytes bytes)
{
    const Demuxer demuxer = demuxed(bytes);
    WebPChunkIterator chunk{};
    int orientation = 1;
    if (demuxer && WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk))
        orientation = exifOrientation(std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size)));
    WebPDemuxReleaseChunkIterator(&chunk);
    return orientation;
}

void composite(const std::uint8_t *rgba, std::size_t pixels, std::uint8_t *rgb)
{
    for (std::size_t i = 0; i < pixels; ++i, rgba += 4, rgb += 3)
        for (std::size_t c = 0; c < 3; ++c)
            rgb[c] = onWhite(rgba[c], rgba[3]);
}

/// The first frame lies somewhere on a canvas that is transparent, so white here.
bool decodeFirstFrame(Bytes bytes, RgbImage &canvas)
{
    const Demuxer demuxer = demuxed(bytes);
    WebPIterator frame{};
    if (!demuxer || !WebPDemuxGetFrame(demuxer.get(), 1, &frame))
        return false;
    const std::unique_ptr<WebPIterator, decltype(&WebPDemuxReleaseIterator)> release(&frame, &WebPDemuxReleaseIterator);
    if (frame.width < 1 || frame.height < 1 || frame.x_offset < 0 || frame.y_offset < 0 || frame.x_offset > canvas.width - frame.width ||
        frame.y_offset > canvas.height - frame.height)
        return false;
    const auto width = static_cast<std::size_t>(frame.width);
    std::vector<std::uint8_t> rgba(4 * width * static_cast<std::size_t>(frame.height));
    if (!WebPDecodeRGBAInto(frame.fragment.bytes, frame.fragment.size, rgba.data(), rgba.size(), 4 * frame.width))
        return false;
    std::fill(canvas.pixels.begin(), canvas.pixels.end(), std::uint8_t(255));
    for (int y = 0; y < frame.height; ++y)
        composite(rgba.data() + 4 * width * static_cast<std::size_t>(y), width, canvas.row(frame.y_offset + y) + 3 * frame.x_offset);
    return true;
}

bool decodeStill(Bytes bytes, bool hasAlpha, RgbImage &target)
{
    const auto rowBytes = static_cast<int>(target.rowBytes());
    if (!hasAlpha)
        return WebPDecodeRGBInto(unsignedBytes(bytes), bytes.size(), target.pixels.data(), target.pixels.size(), rowBytes);
    std::vector<std::uint8_t> rgba(target.pixels.size() / 3 * 4);
    if (!WebPDecodeRGBAInto(unsignedBytes(bytes), bytes.size(), rgba.data(), rgba.size(), 4 * target.width))
        return false;
    composite(rgba.data(), rgba.size() / 4, target.pixels.data());
    return true;
}

} // namespace

Outcome<Header> readWebPHeader(Bytes bytes)
{
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(unsignedBytes(bytes), bytes.size(), &features) != VP8_STATUS_OK)
        return damaged();
    // A canvas may be larger than a frame by the format; that only a damaged or hostile file makes use of.
    if (features.width > WEBP_MAX_DIMENSION || features.height > WEBP_MAX_DIMENSION)
        return std::unexpected(Problem{ErrorCode::Unsupported, "its canvas is larger than " + std::to_string(WEBP_MAX_DIMENSION) + " pixels"});
    return checkedSize(features.width, features.height, orientationOf(bytes));
}

Outcome<Picture> decodeWebP(Bytes bytes)
{
    const auto header = readWebPHeader(bytes);
    if (!header)
        return std::unexpected(header.error());
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(unsignedBytes(bytes), bytes.size(), &features) != VP8_STATUS_OK)
        return damaged();
    Picture picture{.header = *header, .rgb = RgbImage::ofSize(header->width, header->height)};
    const bool decoded = features.has_animation ? decodeFirstFrame(bytes, picture.rgb) : decodeStill(bytes, features.has_alpha, picture.rgb);
    if (!decoded)
        return damaged();
    return picture;
}

} // namespace whisker::codec
