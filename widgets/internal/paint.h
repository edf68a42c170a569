#pragma once

#include "widgets/focus_ring.h"
#include "widgets/theme.h"

#include <QPainter>

namespace whisker {

inline constexpr qreal kCardRadius = 8;
inline constexpr qreal kControlRadius = 6;

/// A filled rounded rectangle with a 1 px border that lies inside `area`. An invalid border colour leaves the border away.
void paintPanel(QPainter &painter, const QRectF &area, qreal radius, const QColor &fill, const QColor &border = {});

/// A class's dot; hollow for a negative index.
void paintClassDot(QPainter &painter, const QPointF &centre, qreal diameter, int classIndex);

QColor mixed(const QColor &a, const QColor &b, qreal shareOfB);

} // namespace whisker
