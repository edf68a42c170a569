#include "engine/image/codec.h"

#include <algorithm>
#include <array>
#include <bit>

namespace whisker::codec {

namespace {

// Windows GDI, BITMAPINFOHEADER::biCompression
enum Compression : std::uint32_t { Plain = 0, RunLength8 = 1, RunLength4 = 2, BitFields = 3, AlphaBitFields = 6 };

constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::size_t kCoreHeaderBytes = 12; // OS/2 1.x
constexpr std::size_t kInfoHeaderBytes = 40;

/// Reads a Windows or OS/2 bitmap. Written here since OpenCV's reader prints to stderr where a file ends early. The alpha channel
/// is not used: most writers leave it 0.
class BmpReader {
public:
    explicit BmpReader(Bytes bytes) : m_read(bytes, false) {}
    Outcome<Header> readHeader();
    Outcome<Picture> decode();

private:
    void readMasks();
    void readPalette();
    int decodePlain(RgbImage &target) const;
    int decodeRuns(RgbImage &target) const;
    void setIndexed(RgbImage &target, int x, int fileRow, std::uint32_t index) const;
    std::uint8_t channel(std::uint32_t pixel, std::size_t which) const;

    ByteReader m_read;
    std::size_t m_headerBytes = 0;
    int m_width = 0, m_height = 0;
    bool m_topDown = false;
    std::uint32_t m_bits = 0;
    std::uint32_t m_compression = Plain;
    std::array<std::uint32_t, 3> m_masks{}; // red, green, blue
    std::array<std::array<std::uint8_t, 3>, 256> m_palette{};
};

Outcome<Header> BmpReader::readHeader()
{
    m_headerBytes = m_read.u32(kFileHeaderBytes);
    const bool core = m_headerBytes == kCoreHeaderBytes;
    if ((!core && m_headerBytes < kInfoHeaderBytes) || m_read.size() < kFileHeaderBytes + m_headerBytes)
        return std::unexpected(Problem{ErrorCode::Unreadable, "the file ends within its header"});
    const auto width = core ? static_cast<long long>(m_read.u16(18)) : m_read.i32(18);
    const auto height = core ? static_cast<long long>(m_read.u16(20)) : m_read.i32(22);
    m_bits = m_read.u16(core ? 24 : 28);
    m_compression = core ? Plain : m_read.u32(30);
    const auto header = checkedSize(width, height < 0 ? -height : height);
    if (!header)
        return header;
    m_topDown = height < 0;
    m_width = header->width;
    m_height = header->height;
    const bool indexed = m_bits == 1 || m_bits == 4 || m_bits == 8;
    const bool direct = m_bits == 16 || m_bits == 24 || m_bits == 32;
    const bool known = (m_compression == Plain && (indexed || direct)) || (m_compression == RunLength8 && m_bits == 8) ||
                       (m_compression == RunLength4 && m_bits == 4) ||
                       ((m_compression == BitFields || m_compression == AlphaBitFields) && (m_bits == 16 || m_bits == 32));
    if (!known)
        return std::unexpected(Problem{ErrorCode::Unreadable, "its compression " + std::to_string(m_compression) + " with " +
                                                                  std::to_string(m_bits) + " bits isn't known"});
    return header;
}

void BmpReader::readMasks()
{
    if (m_compression == BitFields || m_compression == AlphaBitFields)
        m_masks = {m_read.u32(54), m_read.u32(58), m_read.u32(62)}; // right behind a 40-byte header, or part of a longer one
    else if (m_bits == 16)
        m_masks = {0x7C00, 0x03E0, 0x001F};
    else
        m_masks = {0xFF0000, 0x00FF00, 0x0000FF};
}

void BmpReader::readPalette()
{
    const bool core = m_headerBytes == kCoreHeaderBytes;
    const std::size_t step = core ? 3 : 4;
    const std::size_t said = core ? 0 : m_read.u32(46);
    const std::size_t most = std::size_t(1) << m_bits;
    const std::size_t count = said > 0 && said < most ? said : most;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            m_palette[i][c] = static_cast<std::uint8_t>(m_read.u8(kFileHeaderBytes + m_headerBytes + step * i + 2 - c));
}

std::uint8_t BmpReader::channel(std::uint32_t pixel, std::size_t which) const
{
    const std::uint32_t mask = m_masks[which];
    if (mask == 0)
        return 0;
    const int shift = std::countr_zero(mask);
    const std::uint64_t most = mask >> shift;
    return static_cast<std::uint8_t>((((pixel & mask) >> shift) * std::uint64_t(255) + most / 2) / most);
}

void BmpReader::setIndexed(RgbImage &target, int x, int fileRow, std::uint32_t index) const
{
    if (x >= m_width || fileRow >= m_height)
        return;
    const auto &colour = m_palette[index];
    std::copy(colour.begin(), colour.end(), target.row(m_topDown ? fileRow : m_height - 1 - fileRow) + 3 * x);
}

/// The number of rows, in the file's order, that were there.
int BmpReader::decodePlain(RgbImage &target) const
{
    const std::size_t rowBytes = (static_cast<std::size_t>(m_width) * m_bits + 31) / 32 * 4;
    const std::size_t start = m_read.u32(10);
    for (int y = 0; y < m_height; ++y) {
        const std::size_t row = start + rowBytes * static_cast<std::size_t>(y);
        if (row + (static_cast<std::size_t>(m_width) * m_bits + 7) / 8 > m_read.size()) // the last row's filling may be missing
            return y;
        std::uint8_t *rgb = target.row(m_topDown ? y : m_height - 1 - y);
        for (std::size_t x = 0; x < static_cast<std::size_t>(m_width); ++x, rgb += 3) {
            if (m_bits <= 8) {
                const std::size_t bit = x * m_bits;
                const auto index = m_read.u8(row + bit / 8) >> (8 - m_bits - bit % 8) & ((1u << m_bits) - 1);
                std::copy(m_palette[index].begin(), m_palette[index].end(), rgb);
            } else if (m_bits == 24) {
                for (std::size_t c = 0; c < 3; ++c)
                    rgb[c] = static_cast<std::uint8_t>(m_read.u8(row + 3 * x + 2 - c));
            } else {
                const auto pixel = m_bits == 16 ? m_read.u16(row + 2 * x) : m_read.u32(row + 4 * x);
                for (std::size_t c = 0; c < 3; ++c)
                    rgb[c] = channel(pixel, c);
            }
        }
    }
    return m_height;
}

/// Run lengths: (count, value) or (0, n): n = 0 ends a row, 1 the picture, 2 moves on, else n literal values filled to 16 bits.
int BmpReader::decodeRuns(RgbImage &target) const
{
    const bool nibbles = m_bits == 4;
    const auto half = [](std::uint32_t byte, std::size_t i) { return i % 2 == 0 ? byte >> 4 : byte & 15; };
    std::size_t at = m_read.u32(10);
    int x = 0, y = 0;
    while (at + 2 <= m_read.size() && y < m_height) {
        const auto count = m_read.u8(at);
        const auto value = m_read.u8(at + 1);
        at += 2;
        if (count > 0) {
            for (std::size_t i = 0; i < count; ++i)
                setIndexed(target, x++, y, nibbles ? half(value, i) : value);
        } else if (value == 0) {
            x = 0;
            ++y;
        } else if (value == 1) {
            return m_height;
        } else if (value == 2) {
            x = std::min(m_width, x + static_cast<int>(m_read.u8(at)));
            y += static_cast<int>(m_read.u8(at + 1));
            at += 2;
        } else {
            for (std::size_t i = 0; i < value; ++i)
                setIndexed(target, x++, y, nibbles ? half(m_read.u8(at + i / 2), i) : m_read.u8(at + i));
            const std::size_t used = nibbles ? (value + 1) / 2 : value;
            at += used + used % 2;
        }
        x = std::min(x, m_width);
    }
    return std::min(y, m_height);
}

Outcome<Picture> BmpReader::decode()
{
    const auto header = readHeader();
    if (!header)
        return std::unexpected(header.error());
    const bool runs = m_compression == RunLength8 || m_compression == RunLength4;
    const auto bytesNeeded = runs ? 0 : static_cast<long long>(header->width) * header->height * m_bits / 8;
    if (bytesNeeded / 2 > static_cast<long long>(m_read.size())) // less than half of it: no need to allocate it all
        return std::unexpected(Problem{ErrorCode::Unreadable, "the file ends early"});
    readMasks();
    if (m_bits <= 8)
        readPalette();
    Picture picture{.header = *header, .rgb = RgbImage::ofSize(m_width, m_height)};
    const int rows = runs ? decodeRuns(picture.rgb) : decodePlain(picture.rgb);
    if (rows == m_height)
        return picture;
    if (m_topDown)
        return keepGoodRows(std::move(picture), rows, "the file ends early");
    // Bitmaps are stored from the bottom, so what is missing is the top.
    picture.rgb = oriented(std::move(picture.rgb), 4);
    auto kept = keepGoodRows(std::move(picture), rows, "the file ends early");
    if (kept)
        kept->rgb = oriented(std::move(kept->rgb), 4);
    return kept;
}

} // namespace

Outcome<Header> readBmpHeader(Bytes bytes)
{
    return BmpReader(bytes).readHeader();
}

Outcome<Picture> decodeBmp(Bytes bytes)
{
    return BmpReader(bytes).decode();
}

} // namespace whisker::codec
