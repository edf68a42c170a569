#include "widgets/internal/curve_axes.h"

#include "widgets/tabular_text.h"

#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

constexpr int kTicks = 4;
constexpr int kTickHeight = 15; // of a label with room around it
constexpr int kTop = 8;
constexpr int kBelow = 20;        // the numbers of the x axis
constexpr int kLeft = 56;         // room for "0.00075": plots in a column begin alike
constexpr int kLongestNumber = 7; // so many characters have room there

/// 1.25e-4: a number that is too long as it is.
QString withPower(double value)
{
    const int power = int(std::floor(std::log10(std::abs(value))));
    return QStringLiteral("%1e%2").arg(QString::number(value / std::pow(10.0, power), 'g', 3)).arg(power);
}

} // namespace

/// Round numbers, as many as there is room for.
class ValueTicker : public QCPAxisTicker {
public:
    void setRoom(int heightPx)
    {
        m_most = std::max(1, heightPx / kTickHeight);
        setTickCount(std::min(m_most, kTicks));
    }

protected:
    double getTickStep(const QCPRange &range) override
    {
        double step = QCPAxisTicker::getTickStep(range);
        for (double wished = step; range.size() > (m_most + 1e-6) * step; wished *= 1.2)
            step = cleanMantissa(wished);
        return step;
    }
    QString getTickLabel(double tick, const QLocale &locale, QChar format, int precision) override
    {
        const QString label = QCPAxisTicker::getTickLabel(tick, locale, format, precision);
        return label.size() > kLongestNumber ? withPower(tick) : label;
    }

    int m_most = kTicks; ///< Steps between ticks.
};

namespace {

class PercentTicker : public ValueTicker {
protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return CurvePlot::tr("%1 %").arg(qRound(tick * 1000) / 10.0); }
};

/// Epochs have no halves, nor are 2.5 of them a step.
class WholeTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange &range) override { return std::max(1.0, std::floor(QCPAxisTicker::getTickStep(range))); }
    int getSubTickCount(double) override { return 0; }
};

/// 1, 2, 5 of every power of ten, or the powers alone where there are many; where the range is so narrow that hardly one of them is in it, even steps.
class LogarithmTicker : public ValueTicker {
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override
    {
        if (!(range.lower > 0) || range.upper / range.lower < 4)
            return ValueTicker::createTickVector(tickStep, range);
        const int first = int(std::floor(std::log10(range.lower)));
        const int last = int(std::ceil(std::log10(range.upper)));
        const bool powersAlone = last - first > 3;
        QVector<double> ticks;
        for (int exponent = first; exponent <= last; ++exponent) {
            for (const int digit : {1, 2, 5}) {
                const double tick = digit * std::pow(10.0, exponent);
                if (range.contains(tick) && (digit == 1 || !powersAlone))
                    ticks.append(tick);
            }
        }
        const qsizetype each = (ticks.size() + m_most) / (m_most + 1); // of them has room
        QVector<double> some;
        for (qsizetype i = 0; i < ticks.size(); i += each)
            some.append(ticks[i]);
        return some;
    }
    int getSubTickCount(double) override { return 0; }
};

/// The top of an axis from 0 that holds `value`: a whole number of round steps.
double roundTop(double value)
{
    if (!(value > 0))
        return 1.0;
    const double rough = value / kTicks;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
    return std::ceil(value / step - 1e-9) * step;
}

QCPRange wholeRange(const ValueExtent &values, ValueFormat format)
{
    if (format == ValueFormat::Number)
        return {!values.isEmpty() && values.lowest < 0 ? -roundTop(-values.lowest) : 0.0, roundTop(values.highest)};
    for (const double bottom : {0.9, 0.8, 0.5}) {
        if (!values.isEmpty() && values.lowest >= bottom)
            return {bottom, 1.0};
    }
    return {0.0, 1.0};
}

/// Of what was zoomed to: the values with a little air.
QCPRange closeRange(const ValueExtent &values, ValueFormat format)
{
    const double span = std::max(values.highest - values.lowest, 1e-9 + 0.02 * std::abs(values.highest));
    const double air = 0.08 * span;
    QCPRange range(values.lowest - air, values.highest + air);
    if (values.lowest >= 0)
        range.lower = std::max(0.0, range.lower);
    if (format == ValueFormat::Percent)
        range.upper = std::min(1.0 + 0.02 * span, range.upper);
    return range;
}

QCPRange logarithmicRange(const ValueExtent &values)
{
    if (!std::isfinite(values.lowestAboveZero))
        return {0.1, 1.0};
    return {values.lowestAboveZero / 1.2, std::max(values.highest, values.lowestAboveZero) * 1.2};
}

} // namespace

void ValueExtent::add(double value)
{
    if (!std::isfinite(value))
        return;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    if (value > 0)
        lowestAboveZero = std::min(lowestAboveZero, value);
}

void ValueExtent::add(const ValueExtent &other)
{
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
    lowestAboveZero = std::min(lowestAboveZero, other.lowestAboveZero);
}

QString curveValueText(double value, ValueFormat format)
{
    return format == ValueFormat::Percent ? percentText(value) : QString::number(value, 'g', 3);
}

CurveAxes::CurveAxes(QCustomPlot &plot, ValueFormat format)
    : m_plot(plot), m_format(format), m_linear(format == ValueFormat::Percent ? new PercentTicker : new ValueTicker),
      m_logarithms(new LogarithmTicker), m_whole(new WholeTicker), m_fine(new QCPAxisTicker)
{
    plot.axisRect()->setMinimumMargins(QMargins(kLeft, kTop, 12, 0));
    plot.xAxis->grid()->setVisible(false);
    for (const auto &ticker : {m_whole, m_fine})
        ticker->setTickCount(kTicks);
    plot.xAxis->setTicker(m_whole);
    plot.yAxis->setTicker(m_linear);
    for (QCPAxis *axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelFont(themeFont(11));
        axis->setTickLabelPadding(4);
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(0);
        axis->setNumberFormat("g");
        axis->setNumberPrecision(4);
        axis->setLayer("axes");
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
}

void CurveAxes::setLogarithmic(bool on)
{
    m_logarithmic = on;
    m_plot.yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_plot.yAxis->setTicker(on ? m_logarithms : m_linear);
}

void CurveAxes::show(const CurveRange &xs, const ValueExtent &values, bool part)
{
    m_plot.xAxis->setTicker(part && xs.last - xs.first < 2 * kTicks ? m_fine : m_whole);
    m_plot.xAxis->setRange(xs.first, xs.last);
    for (const auto &ticker : {m_linear, m_logarithms})
        ticker->setRoom(m_plot.height() - kTop - kBelow); // the axes themselves have theirs after the next drawing
    if (m_logarithmic)
        m_plot.yAxis->setRange(logarithmicRange(values));
    else
        m_plot.yAxis->setRange(part && !values.isEmpty() ? closeRange(values, m_format) : wholeRange(values, m_format));
    m_plot.yAxis->grid()->setVisible(!values.isEmpty());
    m_plot.yAxis->setTickLabels(!values.isEmpty());
    m_plot.xAxis->setTickLabels(!values.isEmpty());
}

void CurveAxes::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    for (QCPAxis *axis : {m_plot.xAxis, m_plot.yAxis}) {
        axis->setTickLabelColor(colours.quietText);
        axis->grid()->setPen(QPen(colours.line, 1));
    }
}

} // namespace whisker
