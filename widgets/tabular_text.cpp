#include "widgets/tabular_text.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace whisker {

namespace {

qreal digitCell(const QFontMetricsF &metrics)
{
    qreal widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    return widest;
}

/// Calls visit(part, width, isDigit) for each digit and each run of what is no digit.
template <class Visit> void forEachPart(const QFontMetricsF &metrics, const QString &text, Visit visit)
{
    const qreal cell = digitCell(metrics);
    for (qsizetype i = 0; i < text.size();) {
        if (text[i] >= u'0' && text[i] <= u'9') {
            visit(text.mid(i, 1), cell, true);
            ++i;
            continue;
        }
        qsizetype end = i;
        while (end < text.size() && !(text[end] >= u'0' && text[end] <= u'9'))
            ++end;
        const QString part = text.mid(i, end - i);
        visit(part, metrics.horizontalAdvance(part), false);
        i = end;
    }
}

} // namespace

qreal tabularWidth(const QFontMetricsF &metrics, const QString &text)
{
    qreal width = 0;
    forEachPart(metrics, text, [&width](const QString &, qreal partWidth, bool) { width += partWidth; });
    return width;
}

void drawTabularText(QPainter &painter, const QRectF &area, Qt::Alignment alignment, const QString &text)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const qreal width = tabularWidth(metrics, text);
    qreal x = area.left();
    if (alignment & Qt::AlignRight)
        x = area.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = area.center().x() - width / 2;
    qreal top = area.center().y() - metrics.height() / 2;
    if (alignment & Qt::AlignTop)
        top = area.top();
    else if (alignment & Qt::AlignBottom)
        top = area.bottom() - metrics.height();
    const qreal baseline = top + metrics.ascent();
    forEachPart(metrics, text, [&](const QString &part, qreal partWidth, bool digit) {
        const qreal inset = digit ? (partWidth - metrics.horizontalAdvance(part)) / 2 : 0;
        painter.drawText(QPointF(x + inset, baseline), part);
        x += partWidth;
    });
}

QString percentText(double share)
{
    const auto text = [](const char *pattern, double percent) {
        return QCoreApplication::translate("percentText", pattern).arg(percent, 0, 'f', 1);
    };
    if (share > 0.0 && share < 0.0005)
        return text(QT_TRANSLATE_NOOP("percentText", "< %1 %"), 0.1);
    if (share < 1.0 && share >= 0.9995)
        return text(QT_TRANSLATE_NOOP("percentText", "> %1 %"), 99.9);
    return text(QT_TRANSLATE_NOOP("percentText", "%1 %"), share * 100);
}

} // namespace whisker
