#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

#include <vector>

namespace whisker {

/// What stands at places of the x axis: the dashed line of what was best, and quiet ticks on the ground of the plot for what happened there.
class CurveMarks {
public:
    explicit CurveMarks(QCustomPlot &plot);

    void setBest(double x, const QString &text);
    void clearBest();
    void setEvents(std::vector<CurveEvent> events);
    /// What happened within a few pixels of `x`, a sentence a line; empty where nothing did.
    QString textNear(double x) const;
    void place(); ///< After the plot's ranges are set.
    void takeColours();

private:
    QCustomPlot &m_plot;
    QCPItemStraightLine *m_best;
    QCPItemText *m_bestText;
    double m_bestX = 0.0;
    std::vector<CurveEvent> m_events;
    std::vector<QCPItemLine *> m_ticks; // one for each event
};

} // namespace whisker
