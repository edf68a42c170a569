#pragma once

#include <chrono>
#include <optional>

namespace whisker {

/// Since the kernel started this process: linking and loading of libraries included. The kernel keeps it to 10 ms. Nothing where it does not say.
std::optional<std::chrono::milliseconds> sinceProcessStart();

} // namespace whisker
