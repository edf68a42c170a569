#pragma once

#include "engine/train/run_figures.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace whisker::internal {

/// How long more units of the same work will take, from how long those took that are done, with a range that is honest whether they are steady, noisy or
/// drifting: it asks how well the mean of k units told the mean of the next k so far (Allan, Proc. IEEE 54, 1966), k being as many as there are to come or,
/// where that is more, a quarter of those that are done, beyond which it takes the error to stay what it is. Constant time and memory, however many units.
class TimeForecast {
public:
    /// The first `warmUp` >= 0 units are slower than others will be, and count only while there are no others.
    explicit TimeForecast(int warmUp) : m_warmUp(warmUp) {}

    void add(double seconds); ///< A unit is done that took so long; >= 0.
    /// For that many more, >= 0; nothing before a unit is known that isn't the first of a warm-up.
    std::optional<TimeLeft> forUnits(std::int64_t units) const;

private:
    double withoutHiccup(double seconds);
    double meanOf(std::size_t first, std::size_t blocks) const;
    double differenceAt(std::size_t window) const;
    double growth(std::size_t window, std::int64_t units) const;
    std::pair<double, double> hiccupsOf(std::int64_t units, double mean) const;
    void halve();

    const int m_warmUp;
    std::int64_t m_seen = 0;
    double m_latest = 0.0;
    bool m_longBefore = false;
    int m_hiccups = 0;
    double m_hiccupSeconds = 0.0; ///< Set aside of them.
    std::vector<double> m_blocks; ///< Mean seconds of m_length units each, oldest first.
    std::int64_t m_length = 1;
    double m_sum = 0.0;           ///< Of the block under way.
    std::int64_t m_count = 0;
};

/// When a run of steps and epochs will be done.
class RunForecast {
public:
    /// `validation` and `test`: pictures that are looked at after each epoch and in the end, in batches.
    RunForecast(double validation, double test) : m_validation(validation), m_test(test) {}

    void stepTook(double seconds) { m_steps.add(seconds); }
    /// What comes after the last step of an epoch: validation and checkpoint.
    void epochEndTook(double seconds) { m_epochEnds.add(seconds); }
    std::optional<TimeLeft> left(std::int64_t steps, int epochEnds) const;

private:
    TimeLeft guessed(double batches) const;

    const double m_validation, m_test;
    TimeForecast m_steps{3}; ///< First operations of their kind are made ready; a GPU's step is recorded after three.
    TimeForecast m_epochEnds{0};
};

} // namespace whisker::internal
