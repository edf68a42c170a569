#include "widgets/internal/curve_series.h"

#include "widgets/internal/paint.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whisker {

namespace {
constexpr double kPixelsAPoint = 2;      // a smooth line needs no more
constexpr int kMarkedPoints = 30;        // more of them would hide the line
constexpr int kAntialiasedPoints = 2000; // beyond this a thick antialiased line costs 50 times a thin one
constexpr int kBeyondEdge = 4;           // px that a point on the edge of the plot takes beyond it
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool isBefore(const QCPGraphData &point, double x) { return point.key < x; }

/// A graph whose points and lines on the edges of its axes are whole, and that goes no further where there is more of it beyond.
class WholeGraph : public QCPGraph {
public:
    explicit WholeGraph(QCustomPlot &plot) : QCPGraph(plot.xAxis, plot.yAxis) {} // belongs to the plot, as all that is made for its axes

protected:
    QRect clipRect() const override
    {
        const QCPRange shown = keyAxis()->range();
        const bool begins = !data()->isEmpty() && data()->constBegin()->key >= shown.lower;
        const bool ends = !data()->isEmpty() && (data()->constEnd() - 1)->key <= shown.upper;
        return QCPGraph::clipRect().adjusted(begins ? -kBeyondEdge : 0, -kBeyondEdge, ends ? kBeyondEdge : 0, kBeyondEdge);
    }
};
} // namespace

PlottedSeries::PlottedSeries(QCustomPlot &plot, const CurveSeries &series)
    : m_plot(plot), m_series(series), m_raw(new WholeGraph(plot)), m_line(new WholeGraph(plot)), m_points(new QCPGraphDataContainer),
      m_drawnMeans(new QCPGraphDataContainer)
{
    m_raw->setData(m_points);
    m_raw->setAntialiased(false);
    for (QCPGraph *graph : {m_raw, m_line}) {
        graph->setAdaptiveSampling(true);
        if (series.pale)
            graph->setLayer("grid"); // below all that is of this run
    }
    takeColours();
}

PlottedSeries::~PlottedSeries()
{
    m_plot.removeGraph(m_raw);
    m_plot.removeGraph(m_line);
}

void PlottedSeries::describe(const CurveSeries &series)
{
    m_series.name = series.name;
    m_series.colour = series.colour;
    setSmoothing(series.smoothing);
    takeColours();
}

QColor PlottedSeries::colour() const
{
    const ThemeColours &colours = Theme::current().colours();
    QColor colour = colours.accent;
    if (m_series.colour > 0) // The second class is a blue too close to the accent.
        colour = classColour(m_series.colour == 1 ? 0 : m_series.colour);
    return m_series.pale ? mixed(colours.panel, colour, 0.6) : colour;
}

void PlottedSeries::takeColours()
{
    // Pale by mixing, not by alpha: an opaque thin line is the fast one. 0.4 looks as 28 % does where lines cross.
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

void PlottedSeries::setSmoothing(double weight)
{
    if (weight == m_series.smoothing)
        return;
    m_series.smoothing = weight;
    computeMeans();
}

void PlottedSeries::computeMeans()
{
    m_means.clear();
    m_mean = m_weight = 0.0;
    if (m_series.smoothing <= 0)
        return;
    m_means.reserve(std::size_t(count()));
    for (const QCPGraphData &point : *m_points)
        m_means.push_back(smoothed(point.value));
}

void PlottedSeries::append(std::span<const double> xs, std::span<const double> ys)
{
    QVector<QCPGraphData> added;
    added.reserve(qsizetype(xs.size()));
    for (std::size_t i = 0; i < xs.size(); ++i) {
        added.append(QCPGraphData(xs[i], std::isfinite(ys[i]) ? ys[i] : kNaN));
        m_extent.add(ys[i]);
        if (m_series.smoothing > 0)
            m_means.push_back(smoothed(ys[i]));
    }
    m_points->add(added, true);
}

void PlottedSeries::clear()
{
    m_points->clear();
    m_drawnMeans->clear();
    m_extent = {};
    computeMeans();
}

double PlottedSeries::lastX() const { return isEmpty() ? 0.0 : (m_points->constEnd() - 1)->key; }

std::pair<int, int> PlottedSeries::indicesIn(const CurveRange &xs) const
{
    const auto begin = m_points->constBegin();
    return {int(m_points->findBegin(xs.first) - begin), int(m_points->findEnd(xs.last) - begin)};
}

ValueExtent PlottedSeries::extentIn(const CurveRange &xs) const
{
    ValueExtent extent;
    const auto [from, to] = indicesIn(xs);
    for (int i = from; i < to; ++i)
        extent.add((m_points->constBegin() + i)->value);
    return extent;
}

PlottedSeries::Point PlottedSeries::nearest(double x) const
{
    Point nearest = std::lower_bound(m_points->constBegin(), m_points->constEnd(), x, isBefore);
    if (nearest == m_points->constEnd() || (nearest != m_points->constBegin() && x - (nearest - 1)->key < nearest->key - x))
        --nearest;
    return nearest;
}

double PlottedSeries::nearestX(double x) const { return isEmpty() ? kNaN : nearest(x)->key; }

double PlottedSeries::valueAt(double x) const
{
    if (isEmpty())
        return kNaN;
    const Point point = nearest(x);
    return m_means.empty() ? point->value : m_means[std::size_t(point - m_points->constBegin())];
}

std::optional<double> PlottedSeries::pointFrom(double x, bool forwards) const
{
    Point point = std::lower_bound(m_points->constBegin(), m_points->constEnd(), x, isBefore);
    if (!forwards && (point == m_points->constEnd() || point->key > x)) {
        if (point == m_points->constBegin())
            return {};
        --point;
    }
    return point != m_points->constEnd() ? std::optional(point->key) : std::nullopt;
}

void PlottedSeries::prepareToDraw(const CurveRange &xs, double widthPx)
{
    m_raw->setVisible(!m_means.empty());
    if (m_means.empty())
        drawPoints(xs);
    else
        drawMeans(xs, widthPx);
}

void PlottedSeries::drawPoints(const CurveRange &xs)
{
    if (m_line->data() != m_points)
        m_line->setData(m_points);
    const auto [from, to] = indicesIn(xs);
    const bool few = to - from <= kAntialiasedPoints;
    m_line->setAntialiased(few);
    QPen pen = m_line->pen();
    pen.setWidthF(few ? 1.5 : 1);
    m_line->setPen(pen);
    // A first epoch is one point, and a line needs two.
    const bool marked = to - from <= kMarkedPoints && !m_series.pale;
    m_line->setScatterStyle(marked ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5) : QCPScatterStyle::ssNone);
}

/// The mean of the means under each two pixels: a line of some hundred points, however many there are.
void PlottedSeries::drawMeans(const CurveRange &xs, double widthPx)
{
    const auto [from, to] = indicesIn(xs);
    const int wanted = std::max(60, int(std::clamp(widthPx, 0.0, 8000.0) / kPixelsAPoint));
    const int stride = std::max(1, (to - from) / wanted);
    QVector<QCPGraphData> drawn;
    drawn.reserve((to - from) / stride + 2);
    const auto add = [&](int i, int end) {
        double key = 0.0;
        double sum = 0.0;
        for (int k = i; k < end; ++k) {
            key += (m_points->constBegin() + k)->key;
            sum += m_means[std::size_t(k)];
        }
        drawn.append(QCPGraphData(key / (end - i), sum / (end - i)));
    };
    const int aligned = from - from % stride; // the groups stay the same while points are added
    for (int i = aligned; i < to; i += stride)
        add(i, std::min(i + stride, count()));
    if (stride > 1 && to == count() && to > 0)
        add(to - 1, to); // the line ends where its points do
    m_drawnMeans->set(drawn, true);
    if (m_line->data() != m_drawnMeans)
        m_line->setData(m_drawnMeans);
    QPen pen = m_line->pen();
    pen.setWidthF(1.5);
    m_line->setPen(pen);
    m_line->setAntialiased(true);
    m_line->setScatterStyle(count() == 1 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5) : QCPScatterStyle::ssNone);
}

} // namespace whisker
