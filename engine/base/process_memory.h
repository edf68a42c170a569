#pragma once

#include <cstdint>
#include <optional>

namespace whisker {

/// Memory that this process really occupies (resident set), bytes; nothing where the system does not say. A read from the kernel, no disk: any thread.
std::optional<std::uint64_t> processMemoryBytes();

/// All memory of this machine, bytes; nothing where the system does not say.
std::optional<std::uint64_t> machineMemoryBytes();

} // namespace whisker
