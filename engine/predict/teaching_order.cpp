#include "engine/predict/teaching_order.h"

#include "engine/base/counter_random.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace whisker {

namespace {

constexpr std::uint64_t kProjectionSeed = 64;

/// 1 - cosine; opposite is no farther than unlike.
double distance(const Sketch &left, const Sketch &right)
{
    const float cosine = std::inner_product(left.begin(), left.end(), right.begin(), 0.0F);
    return std::clamp(1.0 - static_cast<double>(cosine), 0.0, 1.0);
}

/// The distance of each candidate from the nearest that is known.
class Nearest {
public:
    explicit Nearest(std::span<const TeachingCandidate> candidates) : m_candidates(candidates), m_distances(candidates.size(), 1.0) {}

    void add(const Sketch &known)
    {
        for (std::size_t i = 0; i < m_distances.size(); ++i)
            m_distances[i] = std::min(m_distances[i], distance(m_candidates[i].sketch, known));
    }
    double worth(std::size_t place) const { return m_candidates[place].uncertainty * m_distances[place]; }

private:
    std::span<const TeachingCandidate> m_candidates;
    std::vector<double> m_distances;
};

} // namespace

Sketch sketchOf(std::span<const float> features)
{
    Sketch sketch{};
    for (std::size_t i = 0; i < features.size(); ++i) {
        std::uint64_t signs = CounterRandom(kProjectionSeed, i).next();
        for (float &value : sketch) {
            value += (signs & 1) != 0 ? features[i] : -features[i];
            signs >>= 1;
        }
    }
    const float length = std::sqrt(std::inner_product(sketch.begin(), sketch.end(), sketch.begin(), 0.0F));
    if (!std::isfinite(length) || length <= 0.0F)
        return {};
    for (float &value : sketch)
        value /= length;
    return sketch;
}

double uncertainty(std::span<const float> probabilities)
{
    if (probabilities.size() < 2)
        return 0.0;
    float greatest = 0.0F, second = 0.0F;
    for (const float probability : probabilities) {
        second = std::max(second, std::min(probability, greatest));
        greatest = std::max(greatest, probability);
    }
    return std::clamp(1.0 - static_cast<double>(greatest - second), 0.0, 1.0);
}

std::vector<std::size_t> teachingOrder(std::span<const TeachingCandidate> candidates, std::span<const Sketch> known, std::size_t diverse)
{
    std::vector<std::size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t place) { return candidates[place].uncertainty; });
    Nearest nearest(candidates);
    for (const Sketch &sketch : known)
        nearest.add(sketch);
    for (std::size_t next = 0; next < std::min(diverse, order.size()); ++next) {
        const auto from = order.begin() + static_cast<std::ptrdiff_t>(next);
        const auto best = std::ranges::max_element(from, order.end(), {}, [&](std::size_t place) { return nearest.worth(place); });
        std::rotate(from, best, best + 1);
        nearest.add(candidates[*from].sketch);
    }
    return order;
}

} // namespace whisker
