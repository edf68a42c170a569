#include "ui/data/health_chart.h"

#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {
constexpr int kRowHeight = 24;
constexpr int kBarHeight = 10;
constexpr int kLabelWidth = 150; // the longest finding; the same in all charts, so that their bars stand in line
constexpr int kNumberWidth = 48; // where the numbers need no more
constexpr int kGap = 8;
constexpr int kTextSize = 12;
} // namespace

HealthChart::HealthChart(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HealthChart::setFigures(HealthFigures figures)
{
    m_figures = std::move(figures);
    m_current = std::min(m_current, static_cast<int>(m_figures.bars.size()) - 1);
    QStringList texts;
    const QFontMetricsF metrics(themeFont(kTextSize));
    qreal numbers = kNumberWidth;
    for (const auto &bar : m_figures.bars) {
        texts.append(QStringLiteral("%1 %2").arg(bar.label, bar.number()));
        numbers = std::max(numbers, tabularWidth(metrics, bar.number()));
    }
    m_numberWidth = static_cast<int>(std::ceil(numbers));
    setAccessibleName(QStringLiteral("%1: %2").arg(m_figures.title, texts.isEmpty() ? m_figures.note : texts.join(QStringLiteral(", "))));
    setFocusPolicy(m_figures.bars.empty() ? Qt::NoFocus : Qt::StrongFocus);
    updateGeometry();
    update();
}

QSize HealthChart::sizeHint() const { return {260, kRowHeight * std::max(2, static_cast<int>(m_figures.bars.size()))}; }
QSize HealthChart::minimumSizeHint() const { return {220, sizeHint().height()}; }

int HealthChart::most() const
{
    int most = 1;
    for (const auto &bar : m_figures.bars)
        most = std::max(most, bar.count());
    return most;
}

QRectF HealthChart::barArea(int row) const
{
    const int left = kLabelWidth + kGap;
    return QRectF(left, row * kRowHeight + (kRowHeight - kBarHeight) / 2.0, width() - left - m_numberWidth - kGap, kBarHeight);
}

int HealthChart::rowAt(const QPointF &place) const
{
    const int row = static_cast<int>(place.y()) / kRowHeight;
    return place.y() >= 0 && row < static_cast<int>(m_figures.bars.size()) ? row : -1;
}

void HealthChart::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setFont(themeFont(kTextSize));
    if (m_figures.bars.empty()) {
        painter.setPen(colours.quietText);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_figures.note);
        return;
    }
    const int scale = most();
    for (int row = 0; row < static_cast<int>(m_figures.bars.size()); ++row) {
        const auto &bar = m_figures.bars[static_cast<std::size_t>(row)];
        const bool current = row == m_current;
        const int top = row * kRowHeight;
        painter.setPen(current ? colours.accentText : colours.quietText);
        painter.drawText(QRect(0, top, kLabelWidth, kRowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(bar.label, Qt::ElideRight, kLabelWidth));
        painter.setPen(current ? colours.accentText : colours.text);
        drawTabularText(painter, QRectF(width() - m_numberWidth, top, m_numberWidth, kRowHeight), Qt::AlignRight | Qt::AlignVCenter, bar.number());
        const QRectF area = barArea(row);
        painter.fillRect(area, colours.hover);
        qreal x = area.left();
        for (const auto &part : bar.parts) {
            if (part.pictures.empty())
                continue;
            const qreal wide = std::max(1.0, area.width() * static_cast<qreal>(part.pictures.size()) / scale);
            painter.fillRect(QRectF(x, area.top(), wide, area.height()), part.colour == HealthPart::kNoClass ? colours.accent : classColour(part.colour));
            x += wide;
        }
    }
}

void HealthChart::mouseMoveEvent(QMouseEvent *event)
{
    m_current = rowAt(event->position());
    setCursor(m_current >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void HealthChart::leaveEvent(QEvent *)
{
    m_current = -1;
    update();
}

void HealthChart::mouseReleaseEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position());
    if (event->button() != Qt::LeftButton || row < 0)
        return;
    const auto &bar = m_figures.bars[static_cast<std::size_t>(row)];
    const QRectF area = barArea(row);
    qreal x = area.left();
    for (const auto &part : bar.parts) {
        x += area.width() * static_cast<qreal>(part.pictures.size()) / most();
        if (bar.parts.size() > 1 && event->position().x() >= area.left() && event->position().x() < x && !part.pictures.empty()) {
            Q_EMIT picturesWanted(part.name, part.pictures);
            return;
        }
    }
    choose(row);
}

void HealthChart::choose(int row)
{
    const auto &bar = m_figures.bars[static_cast<std::size_t>(row)];
    const HealthBar chosen = bar; // the answer may bring new figures
    if (chosen.finding)
        Q_EMIT findingWanted(*chosen.finding);
    else if (chosen.count() > 0)
        Q_EMIT picturesWanted(chosen.name, chosen.pictures());
}

void HealthChart::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_figures.bars.size()) - 1;
    if (event->key() == Qt::Key_Down && m_current < last)
        ++m_current;
    else if (event->key() == Qt::Key_Up && m_current > 0)
        --m_current;
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0)
        return choose(m_current);
    else
        return QWidget::keyPressEvent(event);
    update();
}

} // namespace whisker
