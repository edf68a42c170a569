#include "engine/base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace whisker {

void stepBehindWindow()
{
    constexpr int kStep = 5; // about a third of the main thread's weight (sched(7))
    const int main = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid())); // Linux: of one thread, and the main one has the process's number
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), main + kStep);    // where it is refused nothing is lost
}

} // namespace whisker
