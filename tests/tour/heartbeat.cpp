#include "tests/tour/heartbeat.h"

#include <algorithm>
#include <ctime>

namespace whisker::test {

Heartbeat::Heartbeat()
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kBeatMs);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start()
{
    m_longestMs = m_longestCpuMs = 0;
    resume();
}

double Heartbeat::stop()
{
    pause();
    return m_longestMs;
}

void Heartbeat::pause()
{
    if (m_timer.isActive())
        beat();
    m_timer.stop();
}

void Heartbeat::resume()
{
    m_sinceBeat.start();
    m_cpuMs = threadCpuMs();
    m_timer.start();
}

void Heartbeat::beat()
{
    m_longestMs = std::max(m_longestMs, static_cast<double>(m_sinceBeat.nsecsElapsed()) / 1e6 - kBeatMs);
    m_sinceBeat.start();
    const double cpu = threadCpuMs();
    m_longestCpuMs = std::max(m_longestCpuMs, cpu - m_cpuMs);
    m_cpuMs = cpu;
}

double threadCpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

} // namespace whisker::test
