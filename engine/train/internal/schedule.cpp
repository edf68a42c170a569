#include "engine/train/internal/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace whisker::internal {

namespace {

/// From `from` to `to` along half a cosine; `share` in [0, 1].
double annealed(double from, double to, double share)
{
    return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
}

double oneCycle(double place)
{
    constexpr double kRise = 0.25;
    constexpr double kStart = 1.0 / 25.0;
    constexpr double kEnd = 1e-4 / 25.0;
    return place < kRise ? annealed(kStart, 1.0, place / kRise) : annealed(1.0, kEnd, (place - kRise) / (1.0 - kRise));
}

} // namespace

double scheduledRate(ScheduleKind schedule, double highest, std::int64_t number, std::int64_t steps)
{
    switch (schedule) {
    case ScheduleKind::Cosine:
        return highest * annealed(1.0, 0.0, static_cast<double>(number) / static_cast<double>(steps));
    case ScheduleKind::Step:
        return highest * std::pow(0.1, static_cast<double>(std::min<std::int64_t>(2, 3 * number / steps)));
    case ScheduleKind::OneCycle:
        break;
    }
    return highest * oneCycle(steps > 1 ? static_cast<double>(number) / static_cast<double>(steps - 1) : 1.0);
}

double scheduledRate(const TrainConfig &config, const std::vector<ScheduleCycle> &cycles, std::int64_t number, int stepsPerEpoch)
{
    ScheduleCycle now{0, config.epochs};
    for (const ScheduleCycle &cycle : cycles) {
        if (cycle.firstStep <= number)
            now = cycle;
    }
    const std::int64_t end = static_cast<std::int64_t>(now.epochs) * stepsPerEpoch;
    return scheduledRate(config.schedule, config.learningRate, number - now.firstStep, end - now.firstStep);
}

} // namespace whisker::internal
