#include "widgets/pill.h"

#include "widgets/internal/paint.h"

#include <QFontMetrics>

namespace whisker {

namespace {
constexpr int kPadding = 11;
constexpr int kDot = 10;
constexpr int kDotGap = 6;
} // namespace

Pill::Pill(QWidget *parent) : QWidget(parent)
{
    setFont(themeFont(12));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Pill::setText(const QString &text, Tone tone)
{
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Pill::sizeHint() const
{
    const int dot = m_tone == Tone::Text ? 0 : kDot + kDotGap;
    return {fontMetrics().horizontalAdvance(m_text) + dot + 2 * kPadding, 24};
}

void Pill::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    paintPanel(painter, rect(), height() / 2.0 - 0.5, colours.panel, colours.line);
    QRect area = rect().adjusted(kPadding, 0, -kPadding, 0);
    if (m_tone != Tone::Text) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.mark(m_tone));
        painter.drawEllipse(QPointF(area.left() + kDot / 2.0, rect().height() / 2.0), kDot / 2.0, kDot / 2.0);
        area.setLeft(area.left() + kDot + kDotGap);
    }
    painter.setPen(colours.textOf(m_tone));
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft, fontMetrics().elidedText(m_text, Qt::ElideRight, area.width() + 1));
}

} // namespace whisker
