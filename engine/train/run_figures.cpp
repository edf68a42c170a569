#include "engine/train/run_figures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace whisker {

namespace {

constexpr double kNarrow = 1.35; // most / least: below it one number says as much

struct Rounding {
    TimeUnit unit;
    double seconds; // in the unit
    double step;    // in units
    double upTo;    // units
};

constexpr std::array<Rounding, 4> kRoundings = {{
    {TimeUnit::Second, 1.0, 10.0, 90.0},
    {TimeUnit::Minute, 60.0, 1.0, 90.0},
    {TimeUnit::Hour, 3600.0, 0.5, 10.0},
    {TimeUnit::Hour, 3600.0, 1.0, HUGE_VAL},
}};

} // namespace

RoughTime roughly(const TimeLeft &left)
{
    const bool narrow = left.most <= kNarrow * left.least;
    const double longest = narrow ? left.likely : left.most;
    const auto rounding = std::ranges::find_if(kRoundings, [&](const Rounding &each) { return longest < each.upTo * each.seconds; });
    const auto rounded = [&](double seconds) { return std::round(seconds / rounding->seconds / rounding->step) * rounding->step; };
    const double most = std::max(rounded(longest), rounding->step);
    return {rounding->unit, narrow ? most : rounded(left.least), most};
}

} // namespace whisker
