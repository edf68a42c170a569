#include "engine/train/picture_mixing.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace whisker {

namespace {

/// From Beta(alpha, alpha), the half above 0.5; alpha in (0, 1] (Joehnk, 1964, whose rejection is quick there).
double greaterShare(double alpha, CounterRandom &random)
{
    for (;;) {
        const double x = std::pow(random.uniform(), 1.0 / alpha), y = std::pow(random.uniform(), 1.0 / alpha);
        if (x + y > 1.0)
            continue;
        return x + y > 0.0 ? std::max(x, y) / (x + y) : 1.0; // both are below the least number: one of them by far
    }
}

/// A rectangle with `area` of the picture's, in the picture's shape around a place drawn by chance, and what of it lies inside.
struct Rectangle {
    int left, top, right, bottom;
    double area(int sizePx) const { return static_cast<double>(right - left) * (bottom - top) / (static_cast<double>(sizePx) * sizePx); }
};

Rectangle drawRectangle(double area, int sizePx, CounterRandom &random)
{
    const double half = sizePx * std::sqrt(area) / 2;
    const double x = random.uniform(0, sizePx), y = random.uniform(0, sizePx);
    const auto inside = [&](double place) { return std::clamp(static_cast<int>(std::lround(place)), 0, sizePx); };
    return {inside(x - half), inside(y - half), inside(x + half), inside(y + half)};
}

void blend(std::span<std::uint8_t> own, const std::uint8_t *other, double share)
{
    const int ofOwn = static_cast<int>(std::lround(share * 256)), ofOther = 256 - ofOwn; // in whole numbers, which vectorise
    for (std::size_t i = 0; i < own.size(); ++i)
        own[i] = static_cast<std::uint8_t>((own[i] * ofOwn + other[i] * ofOther + 128) >> 8);
}

void paste(std::span<std::uint8_t> own, const RgbView &other, const Rectangle &where)
{
    const auto left = static_cast<std::size_t>(where.left), right = static_cast<std::size_t>(where.right);
    for (int y = where.top; y < where.bottom; ++y)
        std::copy_n(other.row(y) + 3 * left, 3 * (right - left), own.data() + static_cast<std::size_t>(y) * other.rowBytes() + 3 * left);
}

} // namespace

double mixPicture(std::span<std::uint8_t> own, const RgbView &other, const PictureMixing &mixing, CounterRandom random)
{
    assert(mixing.any() && other.width == other.height && own.size() == other.byteCount());
    const bool byRectangle = mixing.mixup == 0.0 || (mixing.cutmix > 0.0 && random.below(2) == 1);
    const double share = greaterShare(byRectangle ? mixing.cutmix : mixing.mixup, random);
    if (!byRectangle) {
        blend(own, other.pixels, share);
        return share;
    }
    const Rectangle where = drawRectangle(1.0 - share, other.width, random);
    paste(own, other, where);
    return 1.0 - where.area(other.width); // more where the rectangle reached over the edge
}

} // namespace whisker
