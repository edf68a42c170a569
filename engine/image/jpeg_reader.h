#pragma once

#include "engine/image/codec.h"

#include <memory>

namespace whisker::codec {

/// Whole pixels: columns [left, left + width), rows [top, top + height).
struct PixelRect {
    int left = 0, top = 0, width = 0, height = 0;
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

private:
    struct State;
    std::unique_ptr<State> m_state;
    bool m_tooShort = false; // for the size that the header says
};

/// The largest of 1, 2, 4, 8 at which `lengthPx` keeps at least `atLeastPx` (0: always 1).
int jpegDenominator(double lengthPx, double atLeastPx);

} // namespace whisker::codec
