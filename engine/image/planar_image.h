#pragma once

#include "engine/image/rgb_image.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace whisker {

struct PlaneSize {
    int width = 0;
    int height = 0;

    std::size_t byteCount() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
    bool operator==(const PlaneSize &) const = default;
};

/// What the values of three planes are.
enum class PlaneColours : std::uint64_t {
    Rgb,
    YCbCr, ///< As JPEG has them: light by ITU-R BT.601 over the whole range, and two tints around 128.
};

/// How a picture lies in three planes of 8-bit values, one plane after the other, each row after row from the top, tightly packed. Every plane shows the
/// whole picture, but the second and third may have fewer values than the first, as in most JPEGs: eyes see light finer than colour.
struct PlanarLayout {
    PlaneColours colours = PlaneColours::Rgb;
    PlaneSize first{};
    PlaneSize others{};

    PlaneSize sizeOf(std::size_t plane) const { return plane == 0 ? first : others; }
    std::size_t offsetOf(std::size_t plane) const { return plane == 0 ? 0 : first.byteCount() + (plane - 1) * others.byteCount(); }
    std::size_t byteCount() const { return offsetOf(3); }
    bool operator==(const PlanarLayout &) const = default;
};

/// A picture that lies elsewhere and is not changed through this.
struct PlanarView {
    PlanarLayout layout{};
    const std::uint8_t *pixels = nullptr;

    const std::uint8_t *plane(std::size_t number) const { return pixels + layout.offsetOf(number); }
};

struct PlanarImage {
    PlanarLayout layout{};
    std::vector<std::uint8_t> pixels{}; ///< layout.byteCount()

    static PlanarImage ofLayout(const PlanarLayout &layout) { return {layout, std::vector<std::uint8_t>(layout.byteCount())}; }
    std::uint8_t *plane(std::size_t number) { return pixels.data() + layout.offsetOf(number); }
    operator PlanarView() const { return {layout, pixels.data()}; } // any picture can be looked at
    bool operator==(const PlanarImage &) const = default;
};

/// Red, green and blue, each in a plane of its own.
PlanarImage planarOf(const RgbView &picture);
/// The picture that planarOf() was given.
RgbImage rgbOf(const PlanarView &planes);

} // namespace whisker
