#pragma once

#include <QtGlobal>

class QPainter;
class QRectF;
class QWidget;

namespace whisker {

/// True where the keyboard has come here by a key: a click needs no ring.
bool showsFocus(const QWidget &widget);

/// The ring that shows the keyboard's focus, just inside `area`.
void paintFocusRing(QPainter &painter, const QRectF &area, qreal radius);

} // namespace whisker
