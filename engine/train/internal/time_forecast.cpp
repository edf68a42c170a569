#include "engine/train/internal/time_forecast.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::size_t kMostBlocks = 64;  // even
constexpr double kUnlikeEachOther = 0.25; // relative spread of single units that is assumed until it is known,
constexpr double kAssumedWeight = 2.0;    // with the weight of so many measured differences
constexpr std::size_t kEnoughToJudge = 8; // blocks
constexpr double kLong = 3.0;             // times the median
constexpr int kHiccupsExpected = 3;       // fewer were chance; from then on there will be as many as there were
constexpr double kWidest = 2.0;           // half to double: a few windows can't tell a change that lasts from one that is over, and wider ranges tell nobody more

/// 90 % quantile of Student's t for `freedom` >= 2, up to 2 %: eight of ten cases lie between it and its negative.
double studentQuantile(double freedom)
{
    return 1.2816 + 0.9 / freedom + 0.6 / (freedom * freedom);
}

TimeLeft times(const TimeLeft &time, double factor)
{
    return {time.least * factor, time.likely * factor, time.most * factor};
}

} // namespace

void TimeForecast::add(double seconds)
{
    m_latest = seconds;
    if (++m_seen <= m_warmUp)
        return;
    m_sum += withoutHiccup(seconds);
    if (++m_count < m_length)
        return;
    m_blocks.push_back(m_sum / static_cast<double>(m_length));
    m_sum = 0.0;
    m_count = 0;
    if (m_blocks.size() == kMostBlocks)
        halve();
}

/// One unit that is far longer than others (the program was halted, the machine busy elsewhere) says little of those to come: what it took more is set aside.
/// Two in a row are how it is now.
double TimeForecast::withoutHiccup(double seconds)
{
    if (m_blocks.size() < kEnoughToJudge)
        return seconds;
    std::vector<double> sorted = m_blocks;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    const bool before = std::exchange(m_longBefore, seconds > kLong * *middle);
    if (!m_longBefore || before)
        return seconds;
    m_hiccupSeconds += seconds - kLong * *middle;
    ++m_hiccups;
    return kLong * *middle;
}

void TimeForecast::halve()
{
    for (std::size_t i = 0; i < kMostBlocks / 2; ++i)
        m_blocks[i] = meanOf(2 * i, 2);
    m_blocks.resize(kMostBlocks / 2);
    m_length *= 2;
}

double TimeForecast::meanOf(std::size_t first, std::size_t blocks) const
{
    const auto begin = m_blocks.begin() + static_cast<std::ptrdiff_t>(first);
    return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(blocks), 0.0) / static_cast<double>(blocks);
}

/// How far the mean of `window` blocks was from that of the next, relative, as a rule.
double TimeForecast::differenceAt(std::size_t window) const
{
    double squares = 0.0;
    std::size_t pairs = 0;
    for (std::size_t first = 0; first + 2 * window <= m_blocks.size(); ++first, ++pairs) {
        const double before = meanOf(first, window), after = meanOf(first + window, window);
        const double difference = before + after > 0.0 ? 2.0 * (after - before) / (before + after) : 0.0;
        squares += difference * difference;
    }
    return pairs > 0 ? std::sqrt(squares / static_cast<double>(pairs)) : 0.0;
}

/// What the error grows by from `window` blocks to `units`: not at all where longer means tell more, up to as much as the time where units become ever
/// longer or shorter, as it does between a quarter of the window and the window.
double TimeForecast::growth(std::size_t window, std::int64_t units) const
{
    const double further = static_cast<double>(units) / static_cast<double>(static_cast<std::int64_t>(window) * m_length);
    if (window < 4 || further <= 1.0)
        return 1.0;
    const std::size_t part = window / 4;
    const double inPart = differenceAt(part), inWindow = differenceAt(window);
    if (inPart <= 0.0 || inWindow <= inPart)
        return 1.0;
    const double power = std::log(inWindow / inPart) / std::log(static_cast<double>(window) / static_cast<double>(part));
    return std::pow(further, std::min(power, 1.0));
}

/// What hiccups add to the `mean` of a unit, and how much of the sum is chance: their number is as uncertain as Poisson's distribution has it.
std::pair<double, double> TimeForecast::hiccupsOf(std::int64_t units, double mean) const
{
    if (m_hiccups < kHiccupsExpected || units == 0)
        return {0.0, 0.0};
    const double each = m_hiccupSeconds / static_cast<double>(m_seen);
    const double toCome = m_hiccups * static_cast<double>(units) / static_cast<double>(m_seen);
    return {each, each / (mean + each) * std::sqrt(1.0 / m_hiccups + 1.0 / toCome)};
}

std::optional<TimeLeft> TimeForecast::forUnits(std::int64_t units) const
{
    if (m_seen < (m_warmUp > 0 ? 2 : 1))
        return std::nullopt;
    const std::size_t count = m_blocks.size();
    const std::size_t window = std::clamp<std::size_t>(static_cast<std::size_t>(units / m_length), 1, std::max<std::size_t>(1, count / 4));
    const double inWindow = static_cast<double>(static_cast<std::int64_t>(window) * m_length); // units
    const double measured = differenceAt(window) * growth(window, units);
    const double independent = count >= 2 * window ? static_cast<double>(count) / static_cast<double>(window) - 1.0 : 0.0; // windows that overlap tell less
    const double weight = kAssumedWeight + independent;
    const double assumed = kUnlikeEachOther * kUnlikeEachOther * 2.0 / inWindow;
    const double mean = count == 0 ? m_latest : (meanOf(count - window, window) * inWindow + m_sum) / (inWindow + static_cast<double>(m_count));
    const auto [hiccups, chance] = hiccupsOf(units, mean);
    const double spread = std::hypot(std::sqrt((kAssumedWeight * assumed + independent * measured * measured) / weight), chance);
    const double factor = std::min(std::exp(studentQuantile(weight) * spread), kWidest);
    const double likely = (mean + hiccups) * static_cast<double>(units);
    return TimeLeft{likely / factor, likely, likely * factor};
}

/// What nobody has measured yet: forward alone takes a third of forward and backward, but these pictures come straight from files, on many threads.
TimeLeft RunForecast::guessed(double batches) const
{
    constexpr double kForward = 1.0 / 3.0;
    constexpr double kPerhaps = 2.0;
    const double likely = m_steps.forUnits(1)->likely * batches * kForward;
    return {likely / kPerhaps, likely, likely * kPerhaps};
}

std::optional<TimeLeft> RunForecast::left(std::int64_t steps, int epochEnds) const
{
    const auto training = m_steps.forUnits(steps);
    if (!training)
        return std::nullopt;
    const auto validated = m_epochEnds.forUnits(1); // known from the end of the first epoch on
    const auto validating = validated ? *m_epochEnds.forUnits(epochEnds) : times(guessed(m_validation), epochEnds);
    const auto testing = validated && m_validation > 0.0 ? times(*validated, m_test / m_validation) : guessed(m_test);
    return *training + validating + testing;
}

} // namespace whisker::internal
