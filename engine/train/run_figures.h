#pragma once

#include <cstdint>

namespace whisker {

/// A time to come, in seconds: in about eight of ten cases it takes no less than `least` and no more than `most`. 0 <= least <= likely <= most.
struct TimeLeft {
    double least = 0.0;
    double likely = 0.0;
    double most = 0.0;

    TimeLeft operator+(const TimeLeft &other) const { return {least + other.least, likely + other.likely, most + other.most}; }
    bool operator==(const TimeLeft &) const = default;
};

enum class TimeUnit { Second, Minute, Hour };

/// A time to come in the numbers that one would say: "20 to 40 s", "2 to 4 min", "1.5 to 3 h".
struct RoughTime {
    TimeUnit unit = TimeUnit::Second;
    double least = 0.0; ///< In `unit`; 0: less than `most`.
    double most = 0.0;  ///< The same as `least` where the range is so narrow that one would say "about".
};
/// Seconds in tens, minutes whole, hours in halves up to ten; the range is rounded so that it loses nothing but what is too narrow to be said.
RoughTime roughly(const TimeLeft &left);

/// Memory in bytes: of the machine's what the whole process has, of a GPU's what training has.
struct MemoryUse {
    std::uint64_t used = 0;
    std::uint64_t all = 0; ///< That there is; 0: not known.
    bool ofGpu = false;

    bool operator==(const MemoryUse &) const = default;
};

/// How often a training run waited for pictures, in all its parts.
struct LoaderWait {
    std::int64_t steps = 0;
    std::int64_t waits = 0; ///< Steps whose pictures were not all ready when it was their turn; the first one's never are.
    double share = 0.0;     ///< Of the time of those steps, [0, 1].

    bool operator==(const LoaderWait &) const = default;
};

} // namespace whisker
