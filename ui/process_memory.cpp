#include "ui/process_memory.h"

#include <fstream>
#include <unistd.h>

namespace whisker {

std::optional<std::int64_t> processMemoryBytes()
{
    std::int64_t total = 0, resident = 0; // pages; proc(5), statm
    if (std::ifstream("/proc/self/statm") >> total >> resident)
        return resident * ::sysconf(_SC_PAGESIZE);
    return std::nullopt;
}

} // namespace whisker
