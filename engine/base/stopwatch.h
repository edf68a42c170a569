#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace whisker {

/// Runs from its construction on.
class Stopwatch {
public:
    std::chrono::milliseconds elapsed() const { return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_start); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_start = Clock::now();
};

/// For `done` of `all` things in `elapsed`: time left at the speed so far; nothing before there is one.
std::optional<std::chrono::milliseconds> timeLeft(std::size_t done, std::size_t all, std::chrono::milliseconds elapsed);

} // namespace whisker
