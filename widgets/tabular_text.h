#pragma once

#include <QRect>
#include <QString>

class QFontMetricsF;
class QPainter;

namespace whisker {

/// Text whose digits all take the same width, so that numbers below each other line up and a running number doesn't tremble. (Qt 6.4 can't
/// switch on a font's own tabular figures.)
qreal tabularWidth(const QFontMetricsF &metrics, const QString &text);
void drawTabularText(QPainter &painter, const QRectF &area, Qt::Alignment alignment, const QString &text);

/// A share of 1 as people compare them: "98.6 %", "> 99.9 %" where rounding would claim certainty, "< 0.1 %" where it would claim none.
QString percentText(double share);

} // namespace whisker
