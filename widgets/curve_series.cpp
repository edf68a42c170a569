#include "widgets/internal/curve_series.h"

#include "widgets/internal/paint.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whisker {

namespace {
constexpr double kPixelsAPoint = 2;      // a smooth line needs no more
constexpr int kMarkedPoints = 30; // more of them would hide the line
constexpr int kAntialiasedPoints = 2000; // beyond this a thick antialiased line costs 50 times a thin one
constexpr double kInfinity = std::numeric_limits<double>::infinity();
} // namespace

PlottedSeries::PlottedSeries(QCustomPlot &plot, const CurveSeries &series)
    : m_series(series), m_points(new QCPGraphDataContainer), m_lowest(kInfinity), m_highest(-kInfinity)
{
    if (series.smoothing > 0) {
        m_raw = plot.addGraph();
        m_raw->setData(m_points);
        m_raw->setAntialiased(false);
        m_raw->setAdaptiveSampling(true);
    }
    m_line = plot.addGraph();
    if (!m_raw)
        m_line->setData(m_points);
    m_line->setAdaptiveSampling(true);
    takeColours();
}

void PlottedSeries::describe(const CurveSeries &series)
{
    m_series.name = series.name;
    m_series.colour = series.colour;
    takeColours();
}

QColor PlottedSeries::colour() const
{
    const ThemeColours &colours = Theme::current().colours();
    if (m_series.colour <= 0)
        return colours.accent;
    // The second class is a blue too close to the accent.
    return classColour(m_series.colour == 1 ? 0 : m_series.colour);
}

void PlottedSeries::takeColours()
{
    // Pale by mixing, not by alpha: an opaque thin line is the fast one. 0.4 looks as 28 % does where lines cross.
    if (m_raw)
        m_raw->setPen(QPen(mixed(Theme::current().colours().panel, colour(), 0.4), 1));
    m_line->setPen(QPen(colour(), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

double PlottedSeries::smoothed(double y)
{
    if (std::isfinite(y)) {
        m_mean = m_series.smoothing * m_mean + (1 - m_series.smoothing) * y;
        m_weight = m_series.smoothing * m_weight + (1 - m_series.smoothing);
    }
    return m_weight > 0 ? m_mean / m_weight : y;
}

void PlottedSeries::append(std::span<const double> xs, std::span<const double> ys)
{
    QVector<QCPGraphData> added;
    added.reserve(qsizetype(xs.size()));
    for (std::size_t i = 0; i < xs.size(); ++i) {
        added.append(QCPGraphData(xs[i], std::isfinite(ys[i]) ? ys[i] : std::numeric_limits<double>::quiet_NaN()));
        if (std::isfinite(ys[i])) {
            m_lowest = std::min(m_lowest, ys[i]);
            m_highest = std::max(m_highest, ys[i]);
        }
        if (m_raw)
            m_means.push_back(smoothed(ys[i]));
    }
    m_points->add(added, true);
}

void PlottedSeries::clear()
{
    m_points->clear();
    m_means.clear();
    m_mean = m_weight = 0.0;
    m_lowest = kInfinity;
    m_highest = -kInfinity;
    if (m_raw)
        m_line->data()->clear();
}

double PlottedSeries::lastX() const { return isEmpty() ? 0.0 : (m_points->constEnd() - 1)->key; }

double PlottedSeries::valueAt(double x) const
{
    if (isEmpty())
        return std::numeric_limits<double>::quiet_NaN();
    auto nearest = std::lower_bound(m_points->constBegin(), m_points->constEnd(), x,
                                    [](const QCPGraphData &point, double key) { return point.key < key; });
    if (nearest == m_points->constEnd() || (nearest != m_points->constBegin() && x - (nearest - 1)->key < nearest->key - x))
        --nearest;
    return m_raw ? m_means[std::size_t(nearest - m_points->constBegin())] : nearest->value;
}

void PlottedSeries::prepareToDraw(double widthPx)
{
    if (!m_raw) {
        const bool few = count() <= kAntialiasedPoints;
        m_line->setAntialiased(few);
        QPen pen = m_line->pen();
        pen.setWidthF(few ? 1.5 : 1);
        m_line->setPen(pen);
        // A first epoch is one point, and a line needs two.
        m_line->setScatterStyle(count() <= kMarkedPoints ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5) : QCPScatterStyle::ssNone);
        return;
    }
    QVector<QCPGraphData> drawn;
    const int wanted = std::max(60, int(std::clamp(widthPx, 0.0, 8000.0) / kPixelsAPoint));
    const int stride = std::max(1, count() / wanted);
    const auto point = [this](int i) { return QCPGraphData((m_points->constBegin() + i)->key, m_means[std::size_t(i)]); };
    for (int i = 0; i < count(); i += stride)
        drawn.append(point(i));
    if (!isEmpty())
        drawn.append(point(count() - 1));
    m_line->setAntialiased(true);
    m_line->data()->set(drawn, true);
}

} // namespace whisker
