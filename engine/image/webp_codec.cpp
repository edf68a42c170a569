#include "engine/image/codec.h"

#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

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

int orientationOf(Bytes bytes)
{
    const WebPData data = dataOf(bytes);
    const std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)> demuxer(WebPDemux(&data), &WebPDemuxDelete);
    WebPChunkIterator chunk{};
    int orientation = 1;
    if (demuxer && WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk))
        orientation = exifOrientation(std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size)));
    WebPDemuxReleaseChunkIterator(&chunk);
    return orientation;
}

void composite(const std::uint8_t *rgba, RgbImage &target)
{
    for (std::size_t i = 0; i < target.pixels.size(); i += 3, rgba += 4)
        for (std::size_t c = 0; c < 3; ++c)
            target.pixels[i + c] = onWhite(rgba[c], rgba[3]);
}

bool decodeFirstFrame(Bytes bytes, RgbImage &target)
{
    WebPAnimDecoderOptions options{};
    if (!WebPAnimDecoderOptionsInit(&options))
        return false;
    options.color_mode = MODE_RGBA;
    const WebPData data = dataOf(bytes);
    const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(WebPAnimDecoderNew(&data, &options),
                                                                                      &WebPAnimDecoderDelete);
    std::uint8_t *rgba = nullptr; // the decoder's own canvas
    int timestamp = 0;
    if (!decoder || !WebPAnimDecoderGetNext(decoder.get(), &rgba, &timestamp))
        return false;
    composite(rgba, target);
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
    composite(rgba.data(), target);
    return true;
}

} // namespace

Outcome<Header> readWebPHeader(Bytes bytes)
{
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(unsignedBytes(bytes), bytes.size(), &features) != VP8_STATUS_OK)
        return damaged();
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
