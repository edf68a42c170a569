#include "engine/image/codec.h"

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace whisker::codec {

namespace {

constexpr int kNoColour = -1;

/// Reads the first picture of a GIF (GIF89a specification, CompuServe 1990) with giflib, record by record.
class GifReader {
public:
    explicit GifReader(Bytes bytes) : m_left(bytes), m_gif(DGifOpen(this, &GifReader::onRead, &m_error), &GifReader::close) {}
    GifReader(const GifReader &) = delete;
    GifReader &operator=(const GifReader &) = delete;

    Outcome<Header> readHeader();
    Outcome<Picture> decode();

private:
    Problem problem() const;
    bool findPicture();
    bool readExtension();
    int paintRows(RgbImage &canvas);
    void paintRow(const GifPixelType *indices, RgbImage &canvas, int y) const;

    static int onRead(GifFileType *gif, GifByteType *target, int count);
    static void close(GifFileType *gif) { DGifCloseFile(gif, nullptr); }

    Bytes m_left;
    int m_error = 0;
    int m_transparent = kNoColour;
    std::unique_ptr<GifFileType, decltype(&GifReader::close)> m_gif;
};

int GifReader::onRead(GifFileType *gif, GifByteType *target, int count)
{
    auto &left = static_cast<GifReader *>(gif->UserData)->m_left;
    const auto got = std::min(static_cast<std::size_t>(std::max(count, 0)), left.size());
    std::memcpy(target, left.data(), got);
    left = left.subspan(got);
    return static_cast<int>(got);
}

Problem GifReader::problem() const
{
    const int code = m_gif ? m_gif->Error : m_error;
    const char *text = m_left.empty() ? nullptr : GifErrorString(code);
    return {ErrorCode::Unreadable, text ? text : "the file ends early"};
}

/// Remembers the transparent colour of a graphics control block; steps over all others.
bool GifReader::readExtension()
{
    int code = 0;
    GifByteType *block = nullptr;
    if (DGifGetExtension(m_gif.get(), &code, &block) == GIF_ERROR)
        return false;
    while (block) {
        GraphicsControlBlock control{};
        if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
            m_transparent = control.TransparentColor;
        if (DGifGetExtensionNext(m_gif.get(), &block) == GIF_ERROR)
            return false;
    }
    return true;
}

bool GifReader::findPicture()
{
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(m_gif.get(), &record) == GIF_OK) {
        if (record == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(m_gif.get()) == GIF_OK;
        if (record != EXTENSION_RECORD_TYPE || !readExtension())
            return false;
    }
    return false;
}

Outcome<Header> GifReader::readHeader()
{
    if (!m_gif || !findPicture())
        return std::unexpected(problem());
    const auto &frame = m_gif->Image;
    if (frame.Left < 0 || frame.Top < 0 || frame.Width < 1 || frame.Height < 1)
        return std::unexpected(Problem{ErrorCode::Unreadable, "its first picture has no valid size"});
    return checkedSize(std::max(m_gif->SWidth, frame.Left + frame.Width), std::max(m_gif->SHeight, frame.Top + frame.Height));
}

void GifReader::paintRow(const GifPixelType *indices, RgbImage &canvas, int y) const
{
    const auto &frame = m_gif->Image;
    const ColorMapObject *colours = frame.ColorMap ? frame.ColorMap : m_gif->SColorMap;
    std::uint8_t *rgb = canvas.row(frame.Top + y) + 3 * frame.Left;
    for (int x = 0; x < frame.Width; ++x, rgb += 3) {
        const int index = indices[x];
        if (index == m_transparent || !colours || index >= colours->ColorCount)
            continue;
        const GifColorType &colour = colours->Colors[index];
        rgb[0] = colour.Red;
        rgb[1] = colour.Green;
        rgb[2] = colour.Blue;
    }
}

/// The number of rows that were right.
int GifReader::paintRows(RgbImage &canvas)
{
    struct Pass {
        int first, step;
    };
    static constexpr Pass kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    static constexpr Pass kPlain[] = {{0, 1}};
    const auto &frame = m_gif->Image;
    std::vector<GifPixelType> indices(static_cast<std::size_t>(frame.Width));
    int rows = 0;
    for (const Pass &pass : frame.Interlace ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain))
        for (int y = pass.first; y < frame.Height; y += pass.step, ++rows) {
            if (DGifGetLine(m_gif.get(), indices.data(), frame.Width) == GIF_ERROR)
                return frame.Interlace ? 0 : rows;
            paintRow(indices.data(), canvas, y);
        }
    return rows;
}

Outcome<Picture> GifReader::decode()
{
    const auto header = readHeader();
    if (!header)
        return std::unexpected(header.error());
    Picture picture{.header = *header, .rgb = RgbImage::ofSize(header->width, header->height)};
    std::fill(picture.rgb.pixels.begin(), picture.rgb.pixels.end(), std::uint8_t(255));
    const int rows = paintRows(picture.rgb);
    if (rows == m_gif->Image.Height)
        return picture;
    return keepGoodRows(std::move(picture), m_gif->Image.Top + rows, problem().reason);
}

} // namespace

Outcome<Header> readGifHeader(Bytes bytes)
{
    return GifReader(bytes).readHeader();
}

Outcome<Picture> decodeGif(Bytes bytes)
{
    return GifReader(bytes).decode();
}

} // namespace whisker::codec
