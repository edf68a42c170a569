#include "widgets/internal/curve_marks.h"

#include "widgets/internal/curve_crosshair.h"
#include "widgets/internal/paint.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace whisker {

namespace {

constexpr double kNearPx = 5;
constexpr int kNamePaddingPx = 4;
constexpr std::size_t kNameRows = 3;
constexpr int kBesidePx = 2;
const QString kLines = QStringLiteral("marks"); // above the curves
const QString kNames = QStringLiteral("names"); // above the lines, which do not run through them, and below the crosshair

QCPItemText *newName(QCustomPlot &plot, const QString &text)
{
    QCPItemText *name = newPlotText(plot, Qt::AlignLeft | Qt::AlignTop, 11);
    name->setLayer(kNames);
    name->position->setType(QCPItemPosition::ptAbsolute);
    name->setPadding(QMargins(kNamePaddingPx, 0, kNamePaddingPx, 0));
    name->setText(text);
    return name;
}

} // namespace

CurveMarks::CurveMarks(QCustomPlot &plot) : m_plot(plot), m_best(newPlotLine(plot))
{
    for (const QString &layer : {kLines, kNames})
        plot.addLayer(layer, plot.layer("overlay"), QCustomPlot::limBelow);
    m_best->setLayer(kLines);
    for (QCPItemPosition *point : {m_best->point1, m_best->point2})
        point->setType(QCPItemPosition::ptAbsolute);
    m_bestText = newName(plot, {});
}

bool CurveMarks::setBest(double x, const QString &text)
{
    if (m_bestX == x && m_bestText->text() == text)
        return false;
    m_bestX = x;
    m_bestText->setText(text);
    return true;
}

bool CurveMarks::clearBest()
{
    if (!m_bestX)
        return false;
    m_bestX.reset();
    return true;
}

void CurveMarks::setEvents(std::vector<CurveEvent> events)
{
    for (const Mark &mark : m_marks) {
        m_plot.removeItem(mark.line);
        if (mark.name)
            m_plot.removeItem(mark.name);
    }
    m_marks.clear();
    for (CurveEvent &event : events) {
        auto *line = new QCPItemLine(&m_plot);
        line->setLayer(kLines);
        line->setAntialiased(false);
        for (QCPItemPosition *end : {line->start, line->end})
            end->setType(QCPItemPosition::ptAbsolute);
        QCPItemText *name = event.named ? newName(m_plot, event.text) : nullptr;
        m_marks.push_back({std::move(event), line, name});
    }
    takeColours();
}

QString CurveMarks::textNear(double x) const
{
    QStringList near;
    for (const Mark &mark : m_marks) {
        if (std::abs(m_plot.xAxis->coordToPixel(mark.event.x) - m_plot.xAxis->coordToPixel(x)) <= kNearPx)
            near.append(mark.event.text);
    }
    return near.join(u'\n');
}

void CurveMarks::place()
{
    const QRect area = m_plot.axisRect()->rect();
    const QCPRange shown = m_plot.xAxis->range();
    std::array<Row, kNameRows> rows;
    const auto pixelOf = [&](double x) { return std::min(std::round(m_plot.xAxis->coordToPixel(x)), double(area.right())); }; // what ends the axis is seen too
    const bool bestIsSeen = m_bestX && shown.contains(*m_bestX);
    const double best = bestIsSeen ? pixelOf(*m_bestX) : 0.0;
    m_best->setVisible(bestIsSeen);
    m_best->point1->setCoords(best, area.bottom());
    m_best->point2->setCoords(best, area.top());
    m_bestText->setVisible(bestIsSeen && placeName(*m_bestText, best, rows));
    for (const Mark &mark : m_marks) {
        const double pixel = pixelOf(mark.event.x);
        mark.line->setVisible(shown.contains(mark.event.x));
        mark.line->start->setCoords(pixel, area.bottom());
        mark.line->end->setCoords(pixel, area.top());
        if (mark.name)
            mark.name->setVisible(mark.line->visible() && placeName(*mark.name, pixel, rows));
    }
}

/// In the first row that has room for it; false where none has, and it is told only where the mouse is near.
bool CurveMarks::placeName(QCPItemText &name, double pixel, std::span<Row> rows) const
{
    const QRect area = m_plot.axisRect()->rect();
    const QFontMetricsF metrics(name.font());
    const double width = metrics.horizontalAdvance(name.text()) + 2 * kNamePaddingPx + kBesidePx;
    const bool leftwards = pixel + width > area.right();
    const double left = leftwards ? pixel - width : pixel;
    const auto isFree = [&](const Row &row) {
        return std::ranges::none_of(row, [&](const auto &taken) { return left < taken.second && taken.first < left + width; });
    };
    const auto row = std::ranges::find_if(rows, isFree);
    const double top = area.top() + 0.01 * area.height() + double(row - rows.begin()) * (std::ceil(metrics.height()) + 1); // a text is set in whole pixels
    if (row == rows.end() || left < 0 || top + metrics.height() > area.bottom())
        return false;
    name.setPositionAlignment((leftwards ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    name.position->setCoords(pixel + (leftwards ? -kBesidePx : kBesidePx), top);
    row->emplace_back(left, left + width);
    return true;
}

void CurveMarks::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    m_best->setPen(QPen(colours.good, 1, Qt::DashLine));
    m_bestText->setColor(colours.goodText);
    QColor ground = colours.panel; // lets curves through
    ground.setAlphaF(0.65f);
    m_bestText->setBrush(ground);
    for (const Mark &mark : m_marks) {
        mark.line->setPen(QPen(colours.quietText, 1, Qt::DotLine));
        if (!mark.name)
            continue;
        mark.name->setColor(colours.quietText);
        mark.name->setBrush(ground);
    }
}

} // namespace whisker
