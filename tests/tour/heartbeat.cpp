#include "tests/tour/heartbeat.h"

#include <algorithm>

namespace whisker::test {

Heartbeat::Heartbeat()
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kBeatMs);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start()
{
    m_longestMs = 0;
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
    m_timer.start();
}

void Heartbeat::beat()
{
    m_longestMs = std::max(m_longestMs, static_cast<double>(m_sinceBeat.nsecsElapsed()) / 1e6 - kBeatMs);
    m_sinceBeat.start();
}

} // namespace whisker::test
