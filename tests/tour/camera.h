#pragma once

#include <QPixmap>
#include <QString>
#include <QWidget>

namespace whisker::test {

class Heartbeat;

/// Takes pictures of a window in light and dark: NAME-light.png and NAME-dark.png, with the menus that are open. The heartbeat is paused meanwhile.
/// The window is left in the scheme of the second, which is the first of the next.
class Camera {
public:
    Camera(QWidget &window, QString folder, Heartbeat &heartbeat);
    bool take(const QString &name); ///< False where a picture could not be saved.

private:
    QPixmap picture(); ///< Of the window with the menus and dialogs before it.

    QWidget &m_window;
    QString m_folder;
    Heartbeat &m_heartbeat;
};

} // namespace whisker::test
