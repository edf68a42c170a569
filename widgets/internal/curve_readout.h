#pragma once

#include "widgets/internal/curve_series.h"
#include "widgets/internal/curve_viewport.h"

#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

namespace whisker {

/// Where the curves of a plot have points, and what they are worth there, in words. Reads what it was made with, which outlives it.
class CurveReadout {
public:
    CurveReadout(const std::vector<std::unique_ptr<PlottedSeries>> &series, const CurveViewport &viewport, ValueFormat format)
        : m_series(series), m_viewport(viewport), m_format(format)
    {
    }

    void setKeyName(const QString &name) { m_keyName = name; } ///< What x counts: "epoch".
    /// The x of the nearest point in sight, of curves that reach as far as `x`.
    std::optional<double> pointAt(double x) const;
    /// That of the next point `by` or more from `x`, backwards where that is below 0; where no curve goes so far, just there.
    double pointBeyond(double x, double by) const;
    QStringList valuesAt(double x) const; ///< As CurvePlot::readout().
    QString latestValues() const;         ///< "training 0.21, validation 0.3".

private:
    QString placeText(double x) const;

    const std::vector<std::unique_ptr<PlottedSeries>> &m_series;
    const CurveViewport &m_viewport;
    const ValueFormat m_format;
    QString m_keyName;
};

} // namespace whisker
