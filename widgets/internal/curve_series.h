#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/curve_axes.h"
#include "widgets/internal/custom_plot.h"

#include <optional>
#include <vector>

namespace whisker {

/// One curve of a plot: its points, its running mean, and the graphs that show them. Belongs to the plot it was made in, which must outlive it.
class PlottedSeries {
public:
    PlottedSeries(QCustomPlot &plot, const CurveSeries &series);
    PlottedSeries(const PlottedSeries &) = delete;
    PlottedSeries &operator=(const PlottedSeries &) = delete;
    ~PlottedSeries();

    const CurveSeries &series() const { return m_series; }
    void describe(const CurveSeries &series);
    void setSmoothing(double weight); ///< As CurveSeries::smoothing. O(points).
    QColor colour() const;
    void append(std::span<const double> xs, std::span<const double> ys);
    void clear();
    int count() const { return m_points->size(); }
    bool isEmpty() const { return m_points->isEmpty(); }
    double lastX() const;
    const ValueExtent &extent() const { return m_extent; } ///< Of all points.
    ValueExtent extentIn(const CurveRange &xs) const;      ///< O(points in it).
    double nearestX(double x) const;                       ///< Of the nearest point; NaN without points.
    double valueAt(double x) const;                        ///< Of the drawn line, at the nearest point; NaN without points.
    std::optional<double> pointFrom(double x, bool forwards) const; ///< The x of the first point there or beyond.

    /// Brings the drawn line up to date for a plot that shows `xs` on `widthPx` pixels. What is kept stays as it is.
    void prepareToDraw(const CurveRange &xs, double widthPx);
    void takeColours();

private:
    using Point = QCPGraphDataContainer::const_iterator;
    Point nearest(double x) const; ///< There must be points.
    std::pair<int, int> indicesIn(const CurveRange &xs) const; ///< From, to (excluded), with one neighbour at each side.
    double smoothed(double y);
    void computeMeans();
    void drawPoints(const CurveRange &xs);
    void drawMeans(const CurveRange &xs, double widthPx);

    QCustomPlot &m_plot;
    CurveSeries m_series;
    QCPGraph *m_raw; // pale points below the mean
    QCPGraph *m_line;
    QSharedPointer<QCPGraphDataContainer> m_points;
    QSharedPointer<QCPGraphDataContainer> m_drawnMeans; // a few a pixel
    std::vector<double> m_means;                        // one per point; empty without smoothing
    double m_mean = 0.0;
    double m_weight = 0.0; // of the past that m_mean has seen: undoes its start at 0
    ValueExtent m_extent;
};

} // namespace whisker
