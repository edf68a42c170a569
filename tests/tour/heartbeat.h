#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace whisker::test {

/// Measures the longest time the GUI thread did not answer: a 5 ms timer in its event loop, and the longest time between two beats less those 5 ms.
class Heartbeat : public QObject {
    Q_OBJECT
public:
    Heartbeat();
    void start();    ///< Begins a new measurement.
    double stop();   ///< Ends it; the longest silence in milliseconds, also of earlier parts between start() and stop().
    void pause();    ///< What follows is not the user's: a picture is taken.
    void resume();
    double longestMs() const { return m_longestMs; }
    /// The most processor time that the GUI thread used between two beats: what a silence would be on a machine with nothing else to do.
    double longestCpuMs() const { return m_longestCpuMs; }

private:
    void beat();

    static constexpr int kBeatMs = 5;
    QTimer m_timer;
    QElapsedTimer m_sinceBeat;
    double m_longestMs = 0;
    double m_longestCpuMs = 0;
    double m_cpuMs = 0;
};

/// Processor time of the calling thread so far.
double threadCpuMs();

} // namespace whisker::test
