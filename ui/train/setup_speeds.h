#pragma once

#include "engine/train/speed_probe.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QString>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace whisker {

/// Knows how fast each network is on this machine: measures it once, on a thread of its own and only while nothing is trained, and keeps it in the
/// user's cache. Lives in the GUI thread; the destructor waits for a layer at most.
class SetupSpeeds : public QObject {
    Q_OBJECT
public:
    using Measure = SpeedMeasure;
    explicit SetupSpeeds(Measure measure = &measureSpeed, QObject *parent = nullptr);
    ~SetupSpeeds() override;

    void want();                  ///< Somebody looks: measures what is not known yet.
    void setPaused(bool paused);  ///< While something is trained.
    std::optional<NetworkSpeed> speed(const std::string &architecture) const;
    bool isMeasuring() const { return m_underWay; }

Q_SIGNALS:
    void changed(); ///< Something is known that was not, or measuring has begun or ended.

private:
    void begin();
    void measureAll(const std::stop_token &stop);
    void take(NetworkSpeeds speeds, bool last);

    const Measure m_measure;
    const std::filesystem::path m_file;
    NetworkSpeeds m_speeds;
    bool m_wanted = false;
    bool m_paused = false;
    bool m_underWay = false;
    bool m_tried = false; // to the end: what failed is not measured again in this window
    std::stop_source m_stop;
    JobThread m_thread; // last: joined before what it uses goes away
};

} // namespace whisker
