#pragma once

#include <cstdint>
#include <optional>

namespace whisker {

/// Memory that this process really occupies (resident set), bytes; nothing where the system does not say. A read from the kernel, no disk: any thread.
std::optional<std::int64_t> processMemoryBytes();

} // namespace whisker
