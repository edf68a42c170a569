#include "widgets/internal/curve_marks.h"

#include "widgets/internal/curve_crosshair.h"
#include "widgets/internal/paint.h"

#include <cmath>

namespace whisker {

namespace {
constexpr double kTickHeightPx = 9;
constexpr double kNearPx = 5;
} // namespace

CurveMarks::CurveMarks(QCustomPlot &plot)
    : m_plot(plot), m_best(newPlotLine(plot)), m_bestText(newPlotText(plot, Qt::AlignLeft | Qt::AlignTop, 11))
{
    m_bestText->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_bestText->setPadding(QMargins(6, 0, 6, 0));
}

void CurveMarks::setBest(double x, const QString &text)
{
    m_bestX = x;
    m_best->setVisible(true);
    m_bestText->setText(text);
    m_bestText->position->setCoords(x, 0.01);
    m_bestText->setVisible(true);
}

void CurveMarks::clearBest()
{
    m_best->setVisible(false);
    m_bestText->setVisible(false);
    m_bestText->setText({});
}

void CurveMarks::setEvents(std::vector<CurveEvent> events)
{
    for (QCPItemLine *tick : m_ticks)
        m_plot.removeItem(tick);
    m_ticks.clear();
    m_events = std::move(events);
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        auto *tick = new QCPItemLine(&m_plot);
        tick->setLayer("overlay");
        tick->setAntialiased(false);
        for (QCPItemPosition *end : {tick->start, tick->end})
            end->setType(QCPItemPosition::ptAbsolute);
        m_ticks.push_back(tick);
    }
    takeColours();
}

QString CurveMarks::textNear(double x) const
{
    QStringList near;
    for (const CurveEvent &event : m_events) {
        if (std::abs(m_plot.xAxis->coordToPixel(event.x) - m_plot.xAxis->coordToPixel(x)) <= kNearPx)
            near.append(event.text);
    }
    return near.join(u'\n');
}

void CurveMarks::place()
{
    const QRect area = m_plot.axisRect()->rect();
    const QCPRange shown = m_plot.xAxis->range();
    m_best->point1->setCoords(m_bestX, m_plot.yAxis->range().lower); // a logarithmic axis knows no 0
    m_best->point2->setCoords(m_bestX, m_plot.yAxis->range().upper);
    const bool seen = !m_bestText->text().isEmpty() && shown.contains(m_bestX);
    m_bestText->setVisible(seen);
    const bool atRight = m_plot.xAxis->coordToPixel(m_bestX) > area.right() - 100;
    m_bestText->setPositionAlignment((atRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    for (std::size_t i = 0; i < m_ticks.size(); ++i) {
        const double pixel = std::round(m_plot.xAxis->coordToPixel(m_events[i].x));
        m_ticks[i]->setVisible(shown.contains(m_events[i].x));
        m_ticks[i]->start->setCoords(pixel, area.bottom());
        m_ticks[i]->end->setCoords(pixel, area.bottom() - kTickHeightPx);
    }
}

void CurveMarks::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    m_best->setPen(QPen(colours.good, 1, Qt::DashLine));
    m_bestText->setColor(colours.goodText);
    for (QCPItemLine *tick : m_ticks)
        tick->setPen(QPen(colours.quietText, 2));
}

} // namespace whisker
