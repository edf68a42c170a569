#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

#include <vector>

namespace whisker {

/// One curve of a plot: its points, its running mean, and the graphs that show them. Belongs to the plot it was made in, which must outlive it.
class PlottedSeries {
public:
    PlottedSeries(QCustomPlot &plot, const CurveSeries &series);

    const CurveSeries &series() const { return m_series; }
    void describe(const CurveSeries &series);
    QColor colour() const;
    void append(std::span<const double> xs, std::span<const double> ys);
    void clear();
    int count() const { return m_points->size(); }
    bool isEmpty() const { return m_points->isEmpty(); }
    double lastX() const;
    double lowest() const { return m_lowest; }   ///< Of the finite values; +infinity where there is none.
    double highest() const { return m_highest; } ///< -infinity where there is none.
    double valueAt(double x) const;              ///< Of the drawn line, at the nearest point; NaN without points.

    /// Brings the drawn line up to date, for a plot in which it is `widthPx` wide. Costs at most some hundred steps, however many points there are.
    void prepareToDraw(double widthPx);
    void takeColours();

private:
    double smoothed(double y);

    CurveSeries m_series;
    QCPGraph *m_raw = nullptr; // only where there is smoothing
    QCPGraph *m_line;
    QSharedPointer<QCPGraphDataContainer> m_points;
    std::vector<double> m_means; // one per point; empty without smoothing
    double m_mean = 0.0;
    double m_weight = 0.0; // of the past that m_mean has seen: undoes its start at 0
    double m_lowest;
    double m_highest;
};

} // namespace whisker
