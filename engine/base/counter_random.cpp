#include "engine/base/counter_random.h"

#include <numeric>
#include <utility>

namespace whisker {

namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15u; // 2^64 / golden ratio: SplitMix64's increment

std::uint64_t mixed(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace

CounterRandom::CounterRandom(std::uint64_t seed, std::uint64_t a, std::uint64_t b)
    : m_state(mixed(mixed(mixed(seed + kGolden) ^ (a + 2 * kGolden)) ^ (b + 3 * kGolden)))
{
}

std::uint64_t CounterRandom::next()
{
    m_state += kGolden;
    return mixed(m_state);
}

double CounterRandom::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double CounterRandom::uniform(double low, double high)
{
    return low + (high - low) * uniform();
}

std::uint64_t CounterRandom::below(std::uint64_t bound)
{
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound; // above it some remainders would be likelier than others
    std::uint64_t value = next();
    while (value >= limit)
        value = next();
    return value % bound;
}

std::vector<std::size_t> shuffledIndices(std::size_t count, CounterRandom random)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t(0));
    for (std::size_t i = count; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

} // namespace whisker
