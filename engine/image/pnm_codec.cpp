#include "engine/image/codec.h"

#include <algorithm>
#include <optional>

namespace whisker::codec {

namespace {

constexpr std::uint32_t kMaxMaximum = 65535;

bool isSpace(std::uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/// Reads the first picture of a PBM, PGM or PPM file (netpbm's manual pages pbm(5), pgm(5), ppm(5)): P1 to P6, any maximum up to 65535.
class PnmReader {
public:
    explicit PnmReader(Bytes bytes) : m_bytes(unsignedBytes(bytes), bytes.size()) {}
    Outcome<Header> readHeader();
    Outcome<Picture> decode();

private:
    std::optional<std::uint32_t> number();
    std::optional<std::uint32_t> sample(int x);
    bool readRow(int width, std::uint8_t *rgb);
    bool skipSpace();

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 2;
    bool m_text = false;
    int m_channels = 1;
    std::uint32_t m_maximum = 1;
    bool m_bitmap = false; // 1 is black
};

/// Steps over white space and comments; false at the end.
bool PnmReader::skipSpace()
{
    for (; m_at < m_bytes.size(); ++m_at) {
        if (m_bytes[m_at] == '#')
            while (m_at + 1 < m_bytes.size() && m_bytes[m_at] != '\n')
                ++m_at;
        else if (!isSpace(m_bytes[m_at]))
            return true;
    }
    return false;
}

std::optional<std::uint32_t> PnmReader::number()
{
    if (!skipSpace())
        return std::nullopt;
    std::uint32_t value = 0;
    const std::size_t start = m_at;
    for (; m_at < m_bytes.size() && m_bytes[m_at] >= '0' && m_bytes[m_at] <= '9'; ++m_at) {
        if (value > 100'000'000)
            return std::nullopt;
        value = 10 * value + (m_bytes[m_at] - '0');
    }
    return m_at > start ? std::optional(value) : std::nullopt;
}

Outcome<Header> PnmReader::readHeader()
{
    const std::uint8_t kind = m_bytes.size() > 2 ? m_bytes[1] : 0;
    m_text = kind <= '3';
    m_bitmap = kind == '1' || kind == '4';
    m_channels = kind == '3' || kind == '6' ? 3 : 1;
    const auto width = number();
    const auto height = number();
    const auto maximum = m_bitmap ? 1 : number();
    if (!width || !height || !maximum || *maximum < 1 || *maximum > kMaxMaximum)
        return std::unexpected(Problem{ErrorCode::Unreadable, "its header isn't complete"});
    m_maximum = *maximum;
    ++m_at; // exactly one white space before binary samples
    return checkedSize(*width, *height);
}

std::optional<std::uint32_t> PnmReader::sample(int x)
{
    if (m_text && !m_bitmap)
        return number();
    if (m_text) { // digits of a P1 need no space between them
        if (!skipSpace() || (m_bytes[m_at] != '0' && m_bytes[m_at] != '1'))
            return std::nullopt;
        return m_bytes[m_at++] == '1' ? 0 : 1;
    }
    if (m_bitmap) {
        const std::size_t at = m_at + static_cast<std::size_t>(x) / 8;
        return at < m_bytes.size() ? std::optional<std::uint32_t>(~m_bytes[at] >> (7 - x % 8) & 1) : std::nullopt;
    }
    const std::size_t bytes = m_maximum > 255 ? 2 : 1;
    if (m_at + bytes > m_bytes.size())
        return std::nullopt;
    std::uint32_t value = m_bytes[m_at++];
    if (bytes == 2)
        value = value << 8 | m_bytes[m_at++];
    return value;
}

bool PnmReader::readRow(int width, std::uint8_t *rgb)
{
    for (int x = 0; x < width; ++x, rgb += 3)
        for (int c = 0; c < m_channels; ++c) {
            const auto value = sample(x);
            if (!value)
                return false;
            const auto scaled = static_cast<std::uint8_t>((std::min(*value, m_maximum) * 255 + m_maximum / 2) / m_maximum);
            if (m_channels == 3)
                rgb[c] = scaled;
            else
                rgb[0] = rgb[1] = rgb[2] = scaled;
        }
    if (m_bitmap && !m_text)
        m_at += (static_cast<std::size_t>(width) + 7) / 8;
    return true;
}

Outcome<Picture> PnmReader::decode()
{
    const auto header = readHeader();
    if (!header)
        return std::unexpected(header.error());
    const auto fewestBytes = static_cast<long long>(header->width) * header->height * m_channels / (m_bitmap && !m_text ? 8 : 1);
    if (fewestBytes / 2 > static_cast<long long>(m_bytes.size())) // less than half of it: no need to allocate it all
        return std::unexpected(Problem{ErrorCode::Unreadable, "the file ends early"});
    Picture picture{.header = *header, .rgb = RgbImage::ofSize(header->width, header->height)};
    int rows = 0;
    while (rows < header->height && readRow(header->width, picture.rgb.row(rows)))
        ++rows;
    if (rows == header->height)
        return picture;
    return keepGoodRows(std::move(picture), rows, "the file ends early");
}

} // namespace

Outcome<Header> readPnmHeader(Bytes bytes)
{
    return PnmReader(bytes).readHeader();
}

Outcome<Picture> decodePnm(Bytes bytes)
{
    return PnmReader(bytes).decode();
}

} // namespace whisker::codec
