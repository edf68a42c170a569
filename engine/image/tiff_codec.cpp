#include "engine/image/codec.h"

#include "engine/image/tiff_samples.h"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

namespace whisker::codec {

namespace {

constexpr tmsize_t kMaxAllocation = tmsize_t(1) << 31; // libtiff's own buffers: a strip of the largest picture

/// A file in memory for libtiff's callbacks, and its first complaint.
struct Memory {
    Bytes bytes;
    std::size_t at = 0;
    std::string complaint{};
};

Memory &memoryOf(thandle_t handle)
{
    return *static_cast<Memory *>(handle);
}

tmsize_t readBytes(thandle_t handle, void *target, tmsize_t count)
{
    Memory &memory = memoryOf(handle);
    const auto left = memory.at < memory.bytes.size() ? memory.bytes.size() - memory.at : 0;
    const auto got = std::min(left, static_cast<std::size_t>(std::max<tmsize_t>(count, 0)));
    if (got > 0)
        std::memcpy(target, memory.bytes.data() + memory.at, got);
    memory.at += got;
    return static_cast<tmsize_t>(got);
}

toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    Memory &memory = memoryOf(handle);
    const std::size_t base = whence == SEEK_CUR ? memory.at : whence == SEEK_END ? memory.bytes.size() : 0;
    memory.at = base + static_cast<std::size_t>(offset);
    return memory.at;
}

toff_t sizeOf(thandle_t handle)
{
    return memoryOf(handle).bytes.size();
}

/// Nothing else may go to libtiff's own handlers, which print.
[[gnu::format(printf, 4, 0)]] int onError(TIFF *, void *user, const char *, const char *format, va_list arguments)
{
    auto &complaint = static_cast<Memory *>(user)->complaint;
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    if (complaint.empty()) {
        complaint = text;
        complaint.erase(complaint.find_last_not_of(". \n") + 1);
    }
    return 1;
}

/// One TIFF: its first directory.
class TiffReader {
public:
    explicit TiffReader(Bytes bytes);
    Outcome<Header> readHeader();
    Outcome<Picture> decode();

private:
    Problem problem() const
    {
        return {ErrorCode::Unreadable, m_memory.complaint.empty() ? "its data isn't a TIFF that libtiff reads" : m_memory.complaint};
    }
    bool decodeRgba(Picture &picture);

    Memory m_memory;
    std::unique_ptr<TIFF, decltype(&TIFFClose)> m_tiff;
};

TiffReader::TiffReader(Bytes bytes) : m_memory{bytes}, m_tiff(nullptr, &TIFFClose)
{
    static std::once_flag silenced; // for the few complaints of libtiff that belong to no open file
    std::call_once(silenced, [] {
        TIFFSetErrorHandler(nullptr);
        TIFFSetWarningHandler(nullptr);
    });
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(), &TIFFOpenOptionsFree);
    if (!options)
        return;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxAllocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &onError, &m_memory);
    TIFFOpenOptionsSetWarningHandlerExtR(
        options.get(), [](TIFF *, void *, const char *, const char *, va_list) { return 1; }, nullptr);
    m_tiff.reset(TIFFClientOpenExt(
        "picture", "rm", &m_memory, &readBytes, [](thandle_t, void *, tmsize_t) -> tmsize_t { return 0; }, &seek, [](thandle_t) { return 0; },
        &sizeOf, nullptr, nullptr, options.get()));
}

Outcome<Header> TiffReader::readHeader()
{
    std::uint32_t width = 0, height = 0;
    if (!m_tiff || !TIFFGetField(m_tiff.get(), TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(m_tiff.get(), TIFFTAG_IMAGELENGTH, &height))
        return std::unexpected(problem());
    std::uint16_t orientation = 1;
    TIFFGetFieldDefaulted(m_tiff.get(), TIFFTAG_ORIENTATION, &orientation);
    return checkedSize(width, height, orientation >= 1 && orientation <= 8 ? orientation : 1);
}

/// libtiff's own conversion: up to 8 and 16 bits, palette, CMYK, YCbCr, CIELab, alpha. Its result is premultiplied.
bool TiffReader::decodeRgba(Picture &picture)
{
    const Header &header = picture.header;
    const auto pixels = static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
    const std::unique_ptr<std::uint32_t[]> raster(new std::uint32_t[pixels]);
    // Asking for the orientation that it has leaves the rows as stored.
    if (!TIFFReadRGBAImageOriented(m_tiff.get(), static_cast<std::uint32_t>(header.width), static_cast<std::uint32_t>(header.height), raster.get(),
                                   header.orientation, 1))
        return false;
    picture.rgb = RgbImage::ofSize(header.width, header.height); // only now: a small file may promise a huge picture
    std::uint8_t *rgb = picture.rgb.pixels.data();
    for (std::size_t i = 0; i < pixels; ++i, rgb += 3) {
        const std::uint32_t pixel = raster[i];
        const std::uint32_t white = 255 - TIFFGetA(pixel);
        rgb[0] = static_cast<std::uint8_t>(std::min(255u, TIFFGetR(pixel) + white));
        rgb[1] = static_cast<std::uint8_t>(std::min(255u, TIFFGetG(pixel) + white));
        rgb[2] = static_cast<std::uint8_t>(std::min(255u, TIFFGetB(pixel) + white));
    }
    return true;
}

Outcome<Picture> TiffReader::decode()
{
    const auto header = readHeader();
    if (!header)
        return std::unexpected(header.error());
    Picture picture{.header = *header};
    if (hasUnusualSamples(m_tiff.get())) {
        if (!decodeSamples(m_tiff.get(), picture.rgb, header->width, header->height))
            return std::unexpected(problem());
        return picture;
    }
    if (!decodeRgba(picture))
        return std::unexpected(problem());
    return picture;
}

} // namespace

Outcome<Header> readTiffHeader(Bytes bytes)
{
    return TiffReader(bytes).readHeader();
}

Outcome<Picture> decodeTiff(Bytes bytes)
{
    return TiffReader(bytes).decode();
}

} // namespace whisker::codec
