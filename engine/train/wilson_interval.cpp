#include "engine/train/wilson_interval.h"

#include <algorithm>
#include <cmath>

namespace whisker {

std::pair<double, double> wilsonInterval(int right, int count)
{
    constexpr double kZ = 1.959964; // two-sided 95 % of the normal distribution
    const double n = count;
    const double share = right / n;
    const double middle = share + kZ * kZ / (2.0 * n);
    const double spread = kZ * std::sqrt(share * (1.0 - share) / n + kZ * kZ / (4.0 * n * n));
    const double scale = 1.0 + kZ * kZ / n;
    return {std::clamp((middle - spread) / scale, 0.0, share), std::clamp((middle + spread) / scale, share, 1.0)};
}

double percentOfBound(double share)
{
    if (share > 0.99 && share < 1.0)
        return std::min(std::floor(share * 1000.0) / 10.0, 99.9);
    return static_cast<double>(std::lround(share * 100.0));
}

} // namespace whisker
