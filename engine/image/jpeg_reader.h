#pragma once

#include "engine/image/codec.h"
#include "engine/image/planar_image.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace whisker::codec {

/// Whole pixels: columns [left, left + width), rows [top, top + height).
struct PixelRect {
    int left = 0, top = 0, width = 0, height = 0;
};

/// One of three planes as a JPEG has them.
struct StoredPlane {
    PlaneSize size{};
    double widthShown = 0, heightShown = 0; ///< Of the picture, in values of the plane; `size` rounds them up.
    std::size_t rowBytes = 0;
    std::size_t offset = 0; ///< Of its first value.
};

/// Y, Cb and Cr. Between rows and planes are values that are none of the picture's.
struct StoredPlanes {
    std::array<StoredPlane, 3> planes{};
    std::unique_ptr<std::uint8_t[]> values{};
};

/// One JPEG, decoded in two steps so that what is decoded can depend on the size. Used by one thread at a time; `bytes` must outlive it.
class JpegReader {
public:
    explicit JpegReader(Bytes bytes);
    ~JpegReader();

    Outcome<Header> readHeader();

    /// After readHeader(), once. Decodes at 1/`denominator` (1, 2, 4, 8; sizes round up) `wanted` (in reduced pixels) or a little more and
    /// gives what rgb covers in `covered`. A file that ends early yields a truncated picture where half of the rows are right.
    Outcome<Picture> decode(int denominator, const PixelRect &wanted, PixelRect &covered);
    Outcome<Picture> decodeWhole(int denominator);
    /// The whole picture as it is stored, which spares making colours as fine as light and making them RGB. After readHeader(), once, instead of decode().
    /// Nothing where it isn't Y, Cb and Cr, the two of one size, or where anything is wrong with it: then decode() has an answer.
    std::optional<StoredPlanes> decodePlanes(int denominator);

private:
    struct State;
    std::unique_ptr<State> m_state;
    bool m_tooShort = false; // for the size that the header says
};

/// The largest of 1, 2, 4, 8 at which `lengthPx` keeps at least `atLeastPx` (0: always 1).
int jpegDenominator(double lengthPx, double atLeastPx);

} // namespace whisker::codec
