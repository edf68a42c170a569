#include "ui/train/setup_speeds.h"

#include "engine/base/thread_priority.h"

#include <utility>

namespace whisker {

SetupSpeeds::SetupSpeeds(Measure measure, QObject *parent)
    : QObject(parent), m_measure(std::move(measure)), m_file(speedsFile()), m_thread(JobThread::AtEnd::Drop)
{
}

SetupSpeeds::~SetupSpeeds()
{
    m_stop.request_stop();
}

std::optional<NetworkSpeed> SetupSpeeds::speed(const std::string &architecture) const
{
    const auto entry = m_speeds.find(architecture);
    return entry != m_speeds.end() ? std::optional(entry->second) : std::nullopt;
}

void SetupSpeeds::want()
{
    m_wanted = true;
    begin();
}

void SetupSpeeds::setPaused(bool paused)
{
    m_paused = paused;
    if (paused)
        m_stop.request_stop();
    else
        begin();
}

void SetupSpeeds::begin()
{
    if (!m_wanted || m_paused || m_underWay || m_tried)
        return;
    m_underWay = true;
    m_stop = std::stop_source();
    m_thread.add([this, stop = m_stop.get_token()] { measureAll(stop); });
    Q_EMIT changed();
}

/// On the thread.
void SetupSpeeds::measureAll(const std::stop_token &stop)
{
    stepBehindWindow();
    const auto tell = [this](const NetworkSpeeds &speeds, bool last) {
        QMetaObject::invokeMethod(this, [this, speeds, last] { take(speeds, last); }, Qt::QueuedConnection);
    };
    tell(measureSpeeds(architectures(), m_file, m_measure, [&](const NetworkSpeeds &speeds) { tell(speeds, false); }, stop), true);
}

void SetupSpeeds::take(NetworkSpeeds speeds, bool last)
{
    m_speeds = std::move(speeds);
    if (last) {
        m_underWay = false;
        m_tried = !m_stop.stop_requested();
        begin(); // a run that made it stop has ended meanwhile
    }
    Q_EMIT changed();
}

} // namespace whisker
