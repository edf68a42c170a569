#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

namespace whisker {

/// The least and the greatest of some values, and the least that is above 0, for a logarithmic axis.
struct ValueExtent {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();
    double lowestAboveZero = std::numeric_limits<double>::infinity();

    void add(double value); ///< One that is not finite counts for nothing.
    void add(const ValueExtent &other);
    bool isEmpty() const { return highest < lowest; }
};

/// A value as it stands in a readout.
QString curveValueText(double value, ValueFormat format);

class ValueTicker;

/// Scales, ticks and grid of a plot of curves.
class CurveAxes {
public:
    CurveAxes(QCustomPlot &plot, ValueFormat format);

    void setLogarithmic(bool on); ///< Of the values.
    bool isLogarithmic() const { return m_logarithmic; }
    /// `part`: of the curves rather than the whole; then the values need not begin at 0.
    void show(const CurveRange &xs, const ValueExtent &values, bool part);
    void takeColours();

private:
    QCustomPlot &m_plot;
    const ValueFormat m_format;
    bool m_logarithmic = false;
    QSharedPointer<ValueTicker> m_linear;
    QSharedPointer<ValueTicker> m_logarithms;
    QSharedPointer<QCPAxisTicker> m_whole;
    QSharedPointer<QCPAxisTicker> m_fine;
};

} // namespace whisker
