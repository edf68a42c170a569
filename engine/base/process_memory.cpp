#include "engine/base/process_memory.h"

#include <fstream>
#include <unistd.h>

namespace whisker {

std::optional<std::uint64_t> processMemoryBytes()
{
    std::uint64_t total = 0, resident = 0; // pages; proc(5), statm
    if (std::ifstream("/proc/self/statm") >> total >> resident)
        return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return std::nullopt;
}

std::optional<std::uint64_t> machineMemoryBytes()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    return pages > 0 ? std::optional(static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))) : std::nullopt;
}

} // namespace whisker
