#include "tests/tour/camera.h"

#include "tests/tour/heartbeat.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QPainter>
#include <QPixmap>

#include <utility>

namespace whisker::test {

namespace {
constexpr int kFastPng = 89; // zlib's level 1: two hundred pictures in a fraction of the time, a little larger
} // namespace

Camera::Camera(QWidget &window, QString folder, Heartbeat &heartbeat)
    : m_window(window), m_folder(std::move(folder)), m_heartbeat(heartbeat)
{
}

bool Camera::take(const QString &name)
{
    m_heartbeat.pause();
    bool saved = true;
    const bool dark = Theme::current().isDark(); // the first as it stands: a change of scheme takes longer than all else here
    for (const bool isDark : {dark, !dark}) {
        if (isDark != Theme::current().isDark())
            Theme::current().setScheme(isDark ? Scheme::Dark : Scheme::Light);
        // Palette and style reach every widget by events, and plots are drawn again at most 30 times a second.
        for (const QDeadlineTimer settled(100); !settled.hasExpired();)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
        saved = picture().save(QStringLiteral("%1/%2-%3.png").arg(m_folder, name, QLatin1String(isDark ? "dark" : "light")), "PNG", kFastPng) && saved;
    }
    m_heartbeat.resume();
    return saved;
}

QPixmap Camera::picture()
{
    QPixmap picture = m_window.grab();
    QPainter painter(&picture);
    for (QWidget *other : QApplication::topLevelWidgets()) {
        if (other != &m_window && other->isVisible())
            painter.drawPixmap(m_window.mapFromGlobal(other->mapToGlobal(QPoint(0, 0))), other->grab());
    }
    return picture;
}

} // namespace whisker::test
