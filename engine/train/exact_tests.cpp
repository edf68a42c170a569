#include "engine/train/exact_tests.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace whisker {

namespace {

/// The natural logarithm of n! / (k! (n - k)!).
double logChoose(std::size_t n, std::size_t k)
{
    return std::lgamma(static_cast<double>(n) + 1.0) - std::lgamma(static_cast<double>(k) + 1.0) - std::lgamma(static_cast<double>(n - k) + 1.0);
}

} // namespace

double mcnemarsExactTest(std::size_t onlyFirst, std::size_t onlySecond)
{
    if (onlyFirst == onlySecond)
        return 1.0;
    const std::size_t all = onlyFirst + onlySecond;
    const double logAll = static_cast<double>(all) * std::numbers::ln2;
    double sum = 0.0;
    for (std::size_t fewer = 0; fewer <= std::min(onlyFirst, onlySecond); ++fewer)
        sum += std::exp(logChoose(all, fewer) - logAll);
    return std::min(2.0 * sum, 1.0);
}

double fishersExactTest(std::size_t firstRight, std::size_t firstCount, std::size_t secondRight, std::size_t secondCount)
{
    if (firstCount == 0 || secondCount == 0)
        return 1.0;
    const std::size_t right = firstRight + secondRight;
    const double all = logChoose(firstCount + secondCount, right);
    const auto logProbability = [&](std::size_t ours) { return logChoose(firstCount, ours) + logChoose(secondCount, right - ours) - all; };
    constexpr double kRounding = 1e-7; // relative, as R's fisher.test allows it: tables that are equally probable must count as such
    const double seen = logProbability(firstRight) + kRounding;
    double sum = 0.0;
    const std::size_t least = right > secondCount ? right - secondCount : 0;
    for (std::size_t ours = least; ours <= std::min(firstCount, right); ++ours) {
        if (const double log = logProbability(ours); log <= seen)
            sum += std::exp(log);
    }
    return std::min(sum, 1.0);
}

} // namespace whisker
