#pragma once

#include <QString>
#include <QWidget>

namespace whisker::test {

class Heartbeat;

/// Takes pictures of a window in light and dark: NAME-light.png and NAME-dark.png. The heartbeat is paused meanwhile.
class Camera {
public:
    Camera(QWidget &window, QString folder, Heartbeat &heartbeat);
    bool take(const QString &name); ///< False where a picture could not be saved.

private:
    QWidget &m_window;
    QString m_folder;
    Heartbeat &m_heartbeat;
};

} // namespace whisker::test
