#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

namespace whisker {

/// A vertical line through a plot, with the values there in a small box beside it.
class CurveCrosshair {
public:
    CurveCrosshair(QCustomPlot &plot, ValueFormat format);

    /// After the plot's ranges are set. Without lines there is no box; the line alone shows where the other plots stand.
    void show(double x, const QStringList &lines);
    void hide();
    void takeColours();

private:
    QCustomPlot &m_plot;
    const ValueFormat m_format;
    QCPItemStraightLine *m_line;
    QCPItemText *m_box;
};

/// A text and a line of a plot, above its graphs and not shown yet.
QCPItemText *newPlotText(QCustomPlot &plot, Qt::Alignment alignment, int sizePx);
QCPItemStraightLine *newPlotLine(QCustomPlot &plot);

} // namespace whisker
