#include "widgets/text_label.h"

#include "widgets/tabular_text.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>

namespace whisker {

TextLabel::TextLabel(const QString &text, Tone tone, QWidget *parent) : QWidget(parent), m_tone(tone)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setText(text);
}

void TextLabel::setText(const QString &text)
{
    setAccessibleName(text);
    if (text == m_text)
        return;
    const QSize before = sizeHint();
    m_text = text;
    if (sizeHint() != before) // a running number of the same width asks for no new layout
        updateGeometry();
    update();
}

void TextLabel::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void TextLabel::setSize(int pixelSize, QFont::Weight weight)
{
    setFont(themeFont(pixelSize, weight));
    updateGeometry();
}

void TextLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void TextLabel::setTabular(bool tabular)
{
    m_tabular = tabular;
    updateGeometry();
    update();
}

void TextLabel::setElideMode(Qt::TextElideMode mode)
{
    m_elide = mode;
    update();
}

QSize TextLabel::sizeHint() const
{
    const QFontMetricsF metrics(font());
    const qreal width = m_tabular ? tabularWidth(metrics, m_text) : metrics.horizontalAdvance(m_text);
    return {int(std::ceil(width)) + 1, int(std::ceil(metrics.height()))};
}

QSize TextLabel::minimumSizeHint() const
{
    const QSize hint = sizeHint();
    return m_tabular ? hint : QSize(std::min(hint.width(), 2 * hint.height()), hint.height());
}

void TextLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(Theme::current().colours().textOf(m_tone));
    if (m_tabular)
        drawTabularText(painter, rect(), m_alignment, m_text);
    else
        painter.drawText(rect(), int(m_alignment) | Qt::TextSingleLine, fontMetrics().elidedText(m_text, m_elide, width()));
}

bool TextLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        if (sizeHint().width() > width())
            QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), m_text, this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace whisker
