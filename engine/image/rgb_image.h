#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace whisker {

/// A picture in memory: 8-bit RGB, row after row from the top, tightly packed: pixels.size() == 3 * width * height.
struct RgbImage {
    int width = 0;  ///< Pixels.
    int height = 0; ///< Pixels.
    std::vector<std::uint8_t> pixels{};

    bool empty() const { return pixels.empty(); }
    std::size_t rowBytes() const { return 3 * static_cast<std::size_t>(width); }
    const std::uint8_t *row(int y) const { return pixels.data() + rowBytes() * static_cast<std::size_t>(y); }
    std::uint8_t *row(int y) { return pixels.data() + rowBytes() * static_cast<std::size_t>(y); }

    /// Black, `width` x `height` (each >= 0).
    static RgbImage ofSize(int width, int height);
    bool operator==(const RgbImage &) const = default;
};

/// A picture that lies elsewhere, laid out as in RgbImage and not changed through this.
struct RgbView {
    int width = 0;
    int height = 0;
    const std::uint8_t *pixels = nullptr;

    RgbView() = default;
    RgbView(int pixelsAcross, int pixelsDown, const std::uint8_t *first) : width(pixelsAcross), height(pixelsDown), pixels(first) {}
    RgbView(const RgbImage &image) : width(image.width), height(image.height), pixels(image.pixels.data()) {} // any picture can be looked at
    std::size_t rowBytes() const { return 3 * static_cast<std::size_t>(width); }
    std::size_t byteCount() const { return rowBytes() * static_cast<std::size_t>(height); }
    const std::uint8_t *row(int y) const { return pixels + rowBytes() * static_cast<std::size_t>(y); }
};

} // namespace whisker
