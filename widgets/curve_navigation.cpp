#include "widgets/internal/curve_navigation.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {
constexpr double kZoomANotch = 1.25;
constexpr double kZoomAKey = 1.6;
constexpr double kPanAKey = 0.2;         // of what is seen
constexpr double kCrosshairAKey = 0.01;  // of what is seen, at least
constexpr double kNotch = 120;           // of a wheel, as Qt counts
} // namespace

CurveNavigation::CurveNavigation(QCustomPlot &canvas, CurveViewport &viewport, std::optional<double> &crosshair, NextPoint next,
                                 std::function<void()> changed)
    : QObject(&canvas), m_canvas(canvas), m_viewport(viewport), m_crosshair(crosshair), m_next(std::move(next)), m_changed(std::move(changed))
{
    canvas.setMouseTracking(true);
    canvas.installEventFilter(this);
}

void CurveNavigation::change() { m_changed(); }

bool CurveNavigation::isOver(const QPointF &place) const
{
    const QRect area = m_canvas.axisRect()->rect();
    return place.x() >= area.left() && place.x() <= area.right();
}

bool CurveNavigation::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Wheel: wheel(*static_cast<QWheelEvent *>(event)); return true;
    case QEvent::MouseButtonPress: press(*static_cast<QMouseEvent *>(event)); break;
    case QEvent::MouseMove: move(*static_cast<QMouseEvent *>(event)); break;
    case QEvent::MouseButtonRelease:
        m_dragged.reset();
        m_canvas.unsetCursor();
        break;
    case QEvent::MouseButtonDblClick:
        m_viewport.setPart(std::nullopt);
        change();
        break;
    case QEvent::Leave:
        m_crosshair.reset();
        change();
        break;
    default: break;
    }
    return QObject::eventFilter(watched, event);
}

void CurveNavigation::wheel(const QWheelEvent &event)
{
    const QPoint turn = event.angleDelta();
    const CurveRange shown = m_viewport.shown();
    if (std::abs(turn.x()) > std::abs(turn.y()))
        m_viewport.pan(-turn.x() / kNotch * 0.1 * (shown.last - shown.first));
    else if (turn.y() != 0)
        m_viewport.zoom(m_canvas.xAxis->pixelToCoord(event.position().x()), std::pow(kZoomANotch, turn.y() / kNotch));
    change();
}

void CurveNavigation::press(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton)
        return;
    m_dragged = event.position().x();
    if (m_viewport.part())
        m_canvas.setCursor(Qt::ClosedHandCursor);
}

void CurveNavigation::move(const QMouseEvent &event)
{
    if (m_dragged && (event.buttons() & Qt::LeftButton)) {
        m_viewport.pan(m_canvas.xAxis->pixelToCoord(*m_dragged) - m_canvas.xAxis->pixelToCoord(event.position().x()));
        m_dragged = event.position().x();
    }
    m_crosshair = isOver(event.position()) ? std::optional(m_canvas.xAxis->pixelToCoord(event.position().x())) : std::nullopt;
    change();
}

void CurveNavigation::moveCrosshair(double byShare)
{
    const CurveRange shown = m_viewport.shown();
    const double width = shown.last - shown.first;
    m_crosshair = std::max(0.0, m_next(m_crosshair.value_or(shown.first + width / 2), byShare * width));
    if (*m_crosshair > shown.last)
        m_viewport.pan(*m_crosshair - shown.last);
    else if (*m_crosshair < shown.first)
        m_viewport.pan(*m_crosshair - shown.first);
    m_crosshair = std::clamp(*m_crosshair, m_viewport.shown().first, m_viewport.shown().last);
}

bool CurveNavigation::key(const QKeyEvent &event)
{
    const CurveRange shown = m_viewport.shown();
    const double width = shown.last - shown.first;
    const double centre = m_crosshair.value_or(shown.first + width / 2);
    const bool shift = event.modifiers() & Qt::ShiftModifier;
    const double way = event.key() == Qt::Key_Left ? -1 : 1;
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier))
        return false;
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: m_viewport.zoom(centre, kZoomAKey); break;
    case Qt::Key_Minus: m_viewport.zoom(centre, 1 / kZoomAKey); break;
    case Qt::Key_0:
    case Qt::Key_Home: m_viewport.setPart(std::nullopt); break;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (shift)
            m_viewport.pan(way * kPanAKey * width);
        else
            moveCrosshair(way * kCrosshairAKey);
        break;
    default: return false;
    }
    change();
    return true;
}

} // namespace whisker
