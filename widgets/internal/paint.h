#pragma once

#include "widgets/theme.h"

#include <QPainter>

class QWidget;

namespace whisker {

inline constexpr qreal kCardRadius = 8;
inline constexpr qreal kControlRadius = 6;

/// A filled rounded rectangle with a 1 px border that lies inside `area`. An invalid border colour leaves the border away.
void paintPanel(QPainter &painter, const QRectF &area, qreal radius, const QColor &fill, const QColor &border = {});

/// True where the keyboard has come here by a key: a click needs no ring.
bool showsFocus(const QWidget &widget);

/// The ring that shows the keyboard's focus, just inside `area`.
void paintFocusRing(QPainter &painter, const QRectF &area, qreal radius);

/// A class's dot; hollow for a negative index.
void paintClassDot(QPainter &painter, const QPointF &centre, qreal diameter, int classIndex);

QColor mixed(const QColor &a, const QColor &b, qreal shareOfB);

} // namespace whisker
