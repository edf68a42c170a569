#include "engine/image/codec.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

namespace whisker::codec {

namespace {

// deflate (RFC 1951) makes at most 1032 bytes of one; a file that promises more is a bomb or cut short
constexpr long long kDeflateLimit = 1032;

/// One PNG. libpng's errors come back by longjmp, so the functions that call setjmp hold nothing that needs destroying.
class PngReader {
public:
    explicit PngReader(Bytes bytes) : m_left(bytes)
    {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &PngReader::onError, &PngReader::onWarning);
        m_info = m_png ? png_create_info_struct(m_png) : nullptr;
    }
    PngReader(const PngReader &) = delete;
    PngReader &operator=(const PngReader &) = delete;
    ~PngReader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }

    Outcome<Header> readHeader();
    Outcome<Picture> decode();

private:
    bool readInfo();
    bool prepare();
    bool readRows(RgbImage &target);
    Problem problem() const { return {ErrorCode::Unreadable, m_error[0] ? m_error : "it isn't a PNG that libpng reads"}; }

    static PngReader &of(png_structp png) { return *static_cast<PngReader *>(png_get_error_ptr(png)); }
    static void onError(png_structp png, png_const_charp message);
    static void onWarning(png_structp, png_const_charp) {} // about chunks that don't touch the pixels
    static void onRead(png_structp png, png_bytep target, std::size_t count);

    Bytes m_left;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    std::jmp_buf m_jump{};
    char m_error[128] = {};
    int m_orientation = 1;
    int m_passes = 1;
    int m_rows = 0; // of the last pass
    std::vector<std::uint8_t> m_rgba{}; // one row, or all of an interlaced picture
};

void PngReader::onError(png_structp png, png_const_charp message)
{
    PngReader &reader = of(png);
    std::snprintf(reader.m_error, sizeof reader.m_error, "%s", message);
    std::longjmp(reader.m_jump, 1);
}

void PngReader::onRead(png_structp png, png_bytep target, std::size_t count)
{
    PngReader &reader = of(png);
    if (reader.m_left.size() < count)
        png_error(png, "the file ends early");
    std::memcpy(target, reader.m_left.data(), count);
    reader.m_left = reader.m_left.subspan(count);
}

bool PngReader::readInfo()
{
    if (!m_info || setjmp(m_jump))
        return false;
    png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // checkedSize() knows better
    png_set_read_fn(m_png, this, &PngReader::onRead);
    png_read_info(m_png, m_info);
    png_uint_32 exifBytes = 0;
    png_bytep exif = nullptr;
    if (png_get_eXIf_1(m_png, m_info, &exifBytes, &exif) && exif)
        m_orientation = exifOrientation(std::as_bytes(std::span(exif, exifBytes)));
    return true;
}

bool PngReader::prepare()
{
    if (setjmp(m_jump))
        return false;
    png_set_expand(m_png); // palette, 1..4 bits and transparent colours
    png_set_scale_16(m_png);
    png_set_gray_to_rgb(m_png);
    m_passes = png_set_interlace_handling(m_png);
    png_read_update_info(m_png, m_info);
    return true;
}

bool PngReader::readRows(RgbImage &target)
{
    if (setjmp(m_jump))
        return false;
    const std::size_t rgbaStep = m_passes > 1 ? 4 * static_cast<std::size_t>(target.width) : 0;
    for (int pass = 0; pass < m_passes; ++pass)
        for (m_rows = 0; m_rows < target.height; ++m_rows) {
            if (m_rgba.empty()) {
                png_read_row(m_png, target.row(m_rows), nullptr);
                continue;
            }
            std::uint8_t *rgba = m_rgba.data() + rgbaStep * static_cast<std::size_t>(m_rows);
            png_read_row(m_png, rgba, nullptr);
            if (pass + 1 < m_passes)
                continue;
            std::uint8_t *rgb = target.row(m_rows);
            for (int x = 0; x < target.width; ++x, rgba += 4, rgb += 3)
                for (int c = 0; c < 3; ++c)
                    rgb[c] = onWhite(rgba[c], rgba[3]);
        }
    return true;
}

Outcome<Header> PngReader::readHeader()
{
    if (!readInfo())
        return std::unexpected(problem());
    return checkedSize(png_get_image_width(m_png, m_info), png_get_image_height(m_png, m_info), m_orientation);
}

Outcome<Picture> PngReader::decode()
{
    const auto header = readHeader();
    if (!header)
        return std::unexpected(header.error());
    const auto packedBytes = static_cast<long long>(png_get_rowbytes(m_png, m_info)) * header->height;
    if (packedBytes / kDeflateLimit > static_cast<long long>(m_left.size()))
        return std::unexpected(Problem{ErrorCode::Unreadable, "the file ends early"});
    if (!prepare())
        return std::unexpected(problem());
    Picture picture{.header = *header, .rgb = RgbImage::ofSize(header->width, header->height)};
    if (png_get_channels(m_png, m_info) == 4)
        m_rgba.resize(4 * static_cast<std::size_t>(header->width) * static_cast<std::size_t>(m_passes > 1 ? header->height : 1));
    if (readRows(picture.rgb))
        return picture;
    return keepGoodRows(std::move(picture), m_passes > 1 ? 0 : m_rows, problem().reason);
}

} // namespace

Outcome<Header> readPngHeader(Bytes bytes)
{
    return PngReader(bytes).readHeader();
}

Outcome<Picture> decodePng(Bytes bytes)
{
    return PngReader(bytes).decode();
}

} // namespace whisker::codec
