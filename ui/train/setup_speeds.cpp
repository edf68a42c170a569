#include "ui/train/setup_speeds.h"

#include "engine/base/locations.h"
#include "engine/base/log.h"
#include "engine/base/thread_priority.h"
#include "engine/nn/architectures.h"

#include <utility>

namespace whisker {

SetupSpeeds::SetupSpeeds(Measure measure, QObject *parent)
    : QObject(parent), m_measure(std::move(measure)), m_file(userCacheFolder() / "speeds.json"), m_thread(JobThread::AtEnd::Drop)
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
    auto speeds = readSpeeds(m_file);
    const auto tell = [&](bool last) {
        QMetaObject::invokeMethod(this, [this, speeds, last] { take(speeds, last); }, Qt::QueuedConnection);
    };
    if (!speeds.empty())
        tell(false);
    for (const ArchitectureInfo &info : architectures()) {
        const std::string name(info.name);
        if (speeds.contains(name))
            continue;
        const auto speed = m_measure(name, stop);
        if (stop.stop_requested())
            break;
        if (!speed) {
            logMessage(LogLevel::Warning, speed.error().message);
            continue;
        }
        speeds[name] = *speed;
        if (const auto written = writeSpeeds(m_file, speeds); !written)
            logMessage(LogLevel::Warning, written.error().message);
        tell(false);
    }
    tell(true);
}

void SetupSpeeds::take(std::map<std::string, NetworkSpeed> speeds, bool last)
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
