#include "engine/base/process_memory.h"

#include <fstream>
#include <malloc.h>
#include <unistd.h>

extern "C" void MallocExtension_ReleaseFreeMemory() __attribute__((weak)); // of tcmalloc (gperftools/malloc_extension_c.h), where a program is linked with it

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

void releaseFreedMemory()
{
    if (MallocExtension_ReleaseFreeMemory)
        MallocExtension_ReleaseFreeMemory();
    else
        ::malloc_trim(0);
}

} // namespace whisker
