#pragma once

#include "widgets/internal/curve_viewport.h"
#include "widgets/internal/custom_plot.h"

#include <QObject>
#include <functional>
#include <optional>

class QKeyEvent;
class QMouseEvent;
class QWheelEvent;

namespace whisker {

/// Mouse and keys over a plot: they move its viewport and its crosshair. The wheel zooms where the mouse is (sideways it moves), a drag moves, a double click shows all;
/// +, -, 0 or Home do it by keyboard, Left and Right move the crosshair from point to point and with Shift what is seen. Lives as the canvas's child.
class CurveNavigation : public QObject {
public:
    /// The x of the next point of a curve, `by` or more from `x`, backwards where that is below 0.
    using NextPoint = std::function<double(double x, double by)>;
    /// `changed` is called after each change of either.
    CurveNavigation(QCustomPlot &canvas, CurveViewport &viewport, std::optional<double> &crosshair, NextPoint next, std::function<void()> changed);

    bool key(const QKeyEvent &event); ///< True where it was one of them.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void wheel(const QWheelEvent &event);
    void press(const QMouseEvent &event);
    void move(const QMouseEvent &event);
    bool isOver(const QPointF &place) const;
    void moveCrosshair(double byShare);
    void change();

    QCustomPlot &m_canvas;
    CurveViewport &m_viewport;
    std::optional<double> &m_crosshair;
    const NextPoint m_next;
    const std::function<void()> m_changed;
    std::optional<double> m_dragged; // where the mouse took hold, in pixels
};

} // namespace whisker
