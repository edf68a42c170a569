#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace whisker {

/// What stands at places of the x axis: the dashed line of what was best, and quiet dotted ones for what happened there. Names stand in rows at the top.
class CurveMarks {
public:
    explicit CurveMarks(QCustomPlot &plot);

    bool setBest(double x, const QString &text); ///< True where that changes something,
    bool clearBest();                            ///< likewise.
    void setEvents(std::vector<CurveEvent> events);
    /// What happened within a few pixels of `x`, a sentence a line; empty where nothing did.
    QString textNear(double x) const;
    void place(); ///< After the plot's ranges are set.
    void takeColours();

private:
    struct Mark {
        CurveEvent event;
        QCPItemLine *line;
        QCPItemText *name; // null where it has none
    };
    using Row = std::vector<std::pair<double, double>>; // what its names take, from left to right in pixels
    bool placeName(QCPItemText &name, double pixel, std::span<Row> rows) const;

    QCustomPlot &m_plot;
    QCPItemStraightLine *m_best;
    QCPItemText *m_bestText;
    std::optional<double> m_bestX;
    std::vector<Mark> m_marks;
};

} // namespace whisker
