#include "engine/train/internal/batch_mixer.h"

#include "engine/base/counter_random.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace whisker::internal {

namespace {

constexpr std::uint64_t kMixStream = 0x4d4958; // keeps these draws apart from those of the order and of dropout

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

void blend(std::uint8_t *own, const std::uint8_t *other, std::size_t bytes, double share)
{
    const int ofOwn = static_cast<int>(std::lround(share * 256)), ofOther = 256 - ofOwn; // in whole numbers, which vectorise
    for (std::size_t i = 0; i < bytes; ++i)
        own[i] = static_cast<std::uint8_t>((own[i] * ofOwn + other[i] * ofOther + 128) >> 8);
}

void paste(std::uint8_t *own, const std::uint8_t *other, const Rectangle &where, int sizePx)
{
    const auto size = static_cast<std::size_t>(sizePx);
    const auto left = static_cast<std::size_t>(where.left), right = static_cast<std::size_t>(where.right);
    for (auto y = static_cast<std::size_t>(where.top); y < static_cast<std::size_t>(where.bottom); ++y) {
        const std::size_t begin = 3 * (y * size + left);
        std::copy_n(other + begin, 3 * (right - left), own + begin);
    }
}

} // namespace

MixedLabels BatchMixer::mix(TrainingBatch &batch, std::int64_t step) const
{
    const auto count = static_cast<std::size_t>(batch.size());
    if ((m_mixup == 0.0 && m_cutmix == 0.0) || count < 2)
        return {};
    const auto number = static_cast<std::uint64_t>(step);
    const std::vector<std::size_t> partner = shuffledIndices(count, CounterRandom(m_seed + kMixStream, number));
    const auto before = batch.pixels;
    const std::size_t bytes = before.size() / count;
    MixedLabels labels;
    for (std::size_t i = 0; i < count; ++i) {
        CounterRandom random(m_seed + kMixStream, number, i + 1);
        const bool byRectangle = m_mixup == 0.0 || (m_cutmix > 0.0 && random.below(2) == 1);
        double share = greaterShare(byRectangle ? m_cutmix : m_mixup, random);
        std::uint8_t *own = batch.pixels.data() + i * bytes;
        const std::uint8_t *other = before.data() + partner[i] * bytes;
        if (byRectangle) {
            const Rectangle where = drawRectangle(1.0 - share, m_sizePx, random);
            paste(own, other, where, m_sizePx);
            share = 1.0 - where.area(m_sizePx); // less where the rectangle reached over the edge
        } else {
            blend(own, other, bytes, share);
        }
        labels.partners.push_back(batch.labels[partner[i]]);
        labels.shares.push_back(static_cast<float>(share));
    }
    return labels;
}

} // namespace whisker::internal
