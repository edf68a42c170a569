#include "engine/base/stopwatch.h"

#include <algorithm>
#include <cstdint>

namespace whisker {

std::optional<std::chrono::milliseconds> timeLeft(std::size_t done, std::size_t all, std::chrono::milliseconds elapsed)
{
    if (done == 0 || all == 0 || elapsed.count() == 0)
        return std::nullopt;
    const auto left = static_cast<std::int64_t>(all - std::min(all, done));
    return std::chrono::milliseconds(elapsed.count() * left / static_cast<std::int64_t>(done));
}

} // namespace whisker
