#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace whisker {

/// Random numbers that are a pure function of (seed, a, b) and how many were drawn before: no shared state, so what a sample gets does not
/// depend on threads, on the order of work or on what was resumed. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, section 4).
class CounterRandom {
public:
    explicit CounterRandom(std::uint64_t seed, std::uint64_t a = 0, std::uint64_t b = 0);
    std::uint64_t next();
    double uniform();                          ///< In [0, 1), 53 random bits.
    double uniform(double low, double high);   ///< In [low, high).
    std::uint64_t below(std::uint64_t bound);  ///< In [0, bound); bound >= 1.

private:
    std::uint64_t m_state;
};

/// 0..count-1 in an order that depends on `random` alone (Fisher and Yates; Knuth, volume 2, 3.4.2 algorithm P).
std::vector<std::size_t> shuffledIndices(std::size_t count, CounterRandom random);

} // namespace whisker
