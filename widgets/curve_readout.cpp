#include "widgets/internal/curve_readout.h"

#include "widgets/internal/curve_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whisker {

namespace {

/// Places that are the same but for rounding: the end of an epoch, and its last step.
bool isSame(double x, double y) { return std::abs(x - y) <= 1e-9 * std::max({1.0, std::abs(x), std::abs(y)}); }

} // namespace

std::optional<double> CurveReadout::pointAt(double x) const
{
    const CurveRange shown = m_viewport.shown();
    std::optional<double> nearest;
    for (const auto &one : m_series) {
        if (one->isEmpty() || x > one->lastX())
            continue;
        const double point = one->nearestX(x);
        if (point >= shown.first && point <= shown.last && (!nearest || std::abs(point - x) < std::abs(*nearest - x)))
            nearest = point;
    }
    return nearest;
}

double CurveReadout::pointBeyond(double x, double by) const
{
    std::optional<double> next;
    for (const auto &one : m_series) {
        const auto point = one->pointFrom(x + by, by > 0);
        if (point && (!next || std::abs(*point - x) < std::abs(*next - x)))
            next = point;
    }
    return next.value_or(x + by);
}

/// "epoch 2", "epoch 1.75".
QString CurveReadout::placeText(double x) const
{
    const double whole = std::round(x);
    const double parts = m_viewport.part() ? 1000 : 100;
    const QString number = QString::number(isSame(x, whole) ? whole : std::round(x * parts) / parts, 'g', 12);
    return QStringLiteral("%1 %2").arg(m_keyName, number).trimmed();
}

QStringList CurveReadout::valuesAt(double x) const
{
    QStringList lines;
    for (const auto &one : m_series) {
        const double value = x <= one->lastX() ? one->valueAt(x) : std::numeric_limits<double>::quiet_NaN();
        if (!std::isfinite(value))
            continue;
        const QString line = QStringLiteral("%1  %2").arg(one->series().name, curveValueText(value, m_format));
        const double itsX = one->nearestX(x);
        lines.append(isSame(itsX, x) ? line : CurvePlot::tr("%1 at %2").arg(line, placeText(itsX)));
    }
    if (!lines.isEmpty())
        lines.prepend(placeText(x));
    return lines;
}

QString CurveReadout::latestValues() const
{
    QStringList latest;
    for (const auto &one : m_series) {
        if (!one->isEmpty())
            latest.append(QStringLiteral("%1 %2").arg(one->series().name, curveValueText(one->valueAt(one->lastX()), m_format)));
    }
    return latest.join(QStringLiteral(", "));
}

} // namespace whisker
