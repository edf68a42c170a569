#include "widgets/internal/curve_crosshair.h"

#include "widgets/internal/paint.h"

#include <algorithm>

namespace whisker {

QCPItemStraightLine *newPlotLine(QCustomPlot &plot)
{
    auto *item = new QCPItemStraightLine(&plot);
    item->setVisible(false);
    item->setLayer("overlay"); // graphs are added later and would cover it
    item->setAntialiased(false);
    return item;
}

QCPItemText *newPlotText(QCustomPlot &plot, Qt::Alignment alignment, int sizePx)
{
    auto *item = new QCPItemText(&plot);
    item->setVisible(false);
    item->setLayer("overlay");
    item->setFont(themeFont(sizePx));
    item->setPositionAlignment(alignment);
    item->setTextAlignment(Qt::AlignLeft);
    item->setClipToAxisRect(false);
    return item;
}

CurveCrosshair::CurveCrosshair(QCustomPlot &plot, ValueFormat format)
    : m_plot(plot), m_format(format), m_line(newPlotLine(plot)), m_box(newPlotText(plot, Qt::AlignLeft | Qt::AlignTop, 11))
{
    m_box->position->setType(QCPItemPosition::ptAbsolute);
    m_box->setPadding(QMargins(8, 5, 8, 5));
}

void CurveCrosshair::hide()
{
    m_line->setVisible(false);
    m_box->setVisible(false);
}

void CurveCrosshair::show(double x, const QStringList &lines)
{
    const QRect area = m_plot.axisRect()->rect();
    const double pixel = m_plot.xAxis->coordToPixel(x);
    const bool inside = pixel >= area.left() - 1 && pixel <= area.right() + 1;
    m_line->setVisible(inside);
    m_box->setVisible(inside && !lines.isEmpty());
    if (!inside)
        return;
    // A logarithmic axis knows no 0.
    m_line->point1->setCoords(x, m_plot.yAxis->range().lower);
    m_line->point2->setCoords(x, m_plot.yAxis->range().upper);
    m_box->setText(lines.join(u'\n'));
    const bool leftHalf = pixel < area.center().x();
    // Losses fall and shares rise: the corner they leave free; below the marker's text where there is room.
    const double down = area.height() > 110 ? 22 : 2;
    const double height = QFontMetricsF(m_box->font()).height() * double(lines.size()) + m_box->padding().top() + m_box->padding().bottom();
    const double top = m_format == ValueFormat::Number ? area.top() + down : area.bottom() - 2 - height;
    m_box->setPositionAlignment((leftHalf ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignTop);
    m_box->position->setCoords(pixel + (leftHalf ? 10 : -10), std::clamp(top, 0.0, std::max(0.0, m_plot.height() - height))); // whole in a low plot too
}

void CurveCrosshair::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    m_line->setPen(QPen(mixed(colours.line, colours.quietText, 0.5), 1));
    m_box->setColor(colours.text);
    m_box->setBrush(colours.panel);
    m_box->setPen(QPen(colours.line, 1));
}

} // namespace whisker
