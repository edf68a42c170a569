#pragma once

// Inside this room: one pair of functions a format. They print nothing, throw only std::bad_alloc and may be called from any thread.

#include "engine/base/result.h"
#include "engine/image/planar_image.h"
#include "engine/image/rgb_image.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace whisker::codec {

using Bytes = std::span<const std::byte>;

/// Why a file does not decode: `reason` is a phrase that goes into a sentence which names the file.
struct Problem {
    ErrorCode code = ErrorCode::Unreadable;
    std::string reason{};
};
template <class T> using Outcome = std::expected<T, Problem>;

/// What a header says. `width` and `height` are as stored, before `orientation` (EXIF 2.32, tag 0x0112: 1..8) is applied.
struct Header {
    int width = 0;
    int height = 0;
    int orientation = 1;
};

/// A decoded picture as stored. `header` has the full size, `rgb` may be reduced (JPEG).
struct Picture {
    Header header;
    RgbImage rgb{};
    bool truncated = false;
    std::string note{};
};

Outcome<Header> readJpegHeader(Bytes bytes);
Outcome<Header> readPngHeader(Bytes bytes);
Outcome<Header> readBmpHeader(Bytes bytes);
Outcome<Header> readWebPHeader(Bytes bytes);
Outcome<Header> readTiffHeader(Bytes bytes);
Outcome<Header> readGifHeader(Bytes bytes);
Outcome<Header> readPnmHeader(Bytes bytes);

Outcome<Picture> decodeJpeg(Bytes bytes, int shortEdgeAtLeastPx);
Outcome<Picture> decodePng(Bytes bytes);
Outcome<Picture> decodeBmp(Bytes bytes);
Outcome<Picture> decodeWebP(Bytes bytes);
Outcome<Picture> decodeTiff(Bytes bytes);
Outcome<Picture> decodeGif(Bytes bytes);
Outcome<Picture> decodePnm(Bytes bytes);

/// The header, if its size is one that can be decoded (1 pixel to kMaxPixels).
Outcome<Header> checkedSize(long long width, long long height, int orientation = 1);

/// `picture` of which only the first `goodRows` rows (of rgb) were read: a truncated picture with the rest in grey from half of the rows on,
/// otherwise the problem.
Outcome<Picture> keepGoodRows(Picture picture, int goodRows, const std::string &reason);

/// 1..8 from a TIFF structure ("II*\0" or "MM\0*", as EXIF blocks hold it; a leading "Exif\0\0" is skipped); 1 where it says nothing valid.
int exifOrientation(Bytes exif);

/// The picture turned upright; `orientation` 1 moves it through.
RgbImage oriented(RgbImage image, int orientation);
PlanarImage oriented(PlanarImage image, int orientation);

/// `value` with `alpha` (both 0..255) on white.
inline std::uint8_t onWhite(int value, int alpha)
{
    return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

/// Numbers of a file's bytes by offset; 0 beyond the end, so check sizes where it matters.
class ByteReader {
public:
    ByteReader(Bytes bytes, bool bigEndian) : m_bytes(bytes), m_bigEndian(bigEndian) {}
    std::uint32_t u8(std::size_t at) const { return at < m_bytes.size() ? std::to_integer<std::uint32_t>(m_bytes[at]) : 0; }
    std::uint32_t u16(std::size_t at) const { return m_bigEndian ? u8(at) << 8 | u8(at + 1) : u8(at + 1) << 8 | u8(at); }
    std::uint32_t u32(std::size_t at) const { return m_bigEndian ? u16(at) << 16 | u16(at + 2) : u16(at + 2) << 16 | u16(at); }
    std::int32_t i32(std::size_t at) const { return static_cast<std::int32_t>(u32(at)); }
    std::size_t size() const { return m_bytes.size(); }

private:
    Bytes m_bytes;
    bool m_bigEndian;
};

inline const std::uint8_t *unsignedBytes(Bytes bytes)
{
    return reinterpret_cast<const std::uint8_t *>(bytes.data());
}

} // namespace whisker::codec
