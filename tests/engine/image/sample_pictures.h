#pragma once

#include "engine/image/rgb_image.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace whisker::test {

using Colour = std::array<int, 3>; // RGB

inline constexpr Colour kRed{255, 0, 0}, kGreen{0, 255, 0}, kBlue{0, 0, 255}, kWhite{255, 255, 255}, kBlack{0, 0, 0};

/// Red, green / blue, white: tells every turn and mirroring apart, and survives lossy formats.
RgbImage fourColours(int width, int height);
RgbImage solid(int width, int height, const Colour &colour);
/// Smooth in both directions, with another phase in each channel.
RgbImage waves(int width, int height);

/// Whether the pixel is within `tolerance` of `colour` in each channel.
bool isNear(const RgbImage &image, int x, int y, const Colour &colour, int tolerance = 0);
/// The colours in the middle of the four quarters, as letters R, G, B, W, K or ?: "RGBW" for fourColours().
std::string quarters(const RgbImage &image);
/// Mean absolute difference of two pictures of one size, in levels; 255 where the sizes differ.
double meanDifference(const RgbImage &a, const RgbImage &b);

inline std::span<const std::byte> bytesOf(const std::string &text) { return std::as_bytes(std::span(text)); }

} // namespace whisker::test
