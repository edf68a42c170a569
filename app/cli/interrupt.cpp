#include "app/cli/interrupt.h"

#include <cstdint>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace whisker {

Interrupt::Interrupt()
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &watched, nullptr);
    m_signals = ::signalfd(-1, &watched, SFD_CLOEXEC);
    m_end = ::eventfd(0, EFD_CLOEXEC);
    if (sigset_t pending; ::sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM)))
        takeSignal();
    m_thread = std::jthread([this] { watch(); });
}

Interrupt::~Interrupt()
{
    ::eventfd_write(m_end, 1);
    m_thread.join();
    ::close(m_signals);
    ::close(m_end);
}

void Interrupt::watch()
{
    pollfd waited[] = {{m_signals, POLLIN, 0}, {m_end, POLLIN, 0}};
    while (true) {
        if (::poll(waited, 2, -1) < 0)
            continue; // EINTR
        if (waited[1].revents)
            return;
        takeSignal();
    }
}

void Interrupt::takeSignal()
{
    signalfd_siginfo info;
    if (::read(m_signals, &info, sizeof info) != static_cast<ssize_t>(sizeof info))
        return;
    if (m_source.stop_requested())
        ::_exit(130);
    m_source.request_stop();
}

} // namespace whisker
