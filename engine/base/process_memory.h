#pragma once

#include <cstdint>
#include <optional>

namespace whisker {

/// Memory that this process really occupies (resident set), bytes; nothing where the system does not say. A read from the kernel, no disk: any thread.
std::optional<std::uint64_t> processMemoryBytes();

/// All memory of this machine, bytes; nothing where the system does not say.
std::optional<std::uint64_t> machineMemoryBytes();

/// Gives memory that was freed but is kept for the next to the system: after something large, so that it counts as what it is. Milliseconds; any thread.
void releaseFreedMemory();

} // namespace whisker
