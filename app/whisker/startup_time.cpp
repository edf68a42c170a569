#include "app/whisker/startup_time.h"

#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace whisker {

std::optional<std::chrono::milliseconds> sinceProcessStart()
{
    constexpr int kStartTimeField = 22; // proc(5), stat: in clock ticks since boot
    std::string line;
    if (!std::getline(std::ifstream("/proc/self/stat"), line))
        return std::nullopt;
    std::istringstream fields(line.substr(line.rfind(')') + 1)); // the name, field 2, may hold blanks
    std::string field;
    for (int k = 3; k <= kStartTimeField && fields >> field;)
        ++k;
    const double startSeconds = std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - startSeconds;
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace whisker
