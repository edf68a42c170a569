#pragma once

#include <stop_token>
#include <thread>

namespace whisker {

/// Turns the first SIGINT or SIGTERM into a stop request, so that work ends at its next safe point; the second ends the process at once with 130.
/// Make it before any other thread: they inherit that the signals are blocked for them. A signal that came while they were blocked counts at once.
class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;
    ~Interrupt();

    std::stop_token token() const { return m_source.get_token(); }

private:
    void watch();
    void takeSignal();

    std::stop_source m_source;
    int m_signals = -1; // signalfd
    int m_end = -1;     // eventfd that ends watch()
    std::jthread m_thread;
};

} // namespace whisker
