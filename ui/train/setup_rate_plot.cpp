#include "ui/train/setup_rate_plot.h"

#include "ui/train/setup_field.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

constexpr int kFirstDecade = -6;
constexpr int kLastDecade = 1;
constexpr int kAxis = 26;  // for the numbers below, clear of those beside
constexpr int kSide = 40;  // and beside
constexpr int kTop = 8;

/// Where things lie in the plot.
struct Scale {
    QRectF area;
    double highest;

    double x(double rate) const
    {
        return area.left() + (std::log10(rate) - kFirstDecade) / (kLastDecade - kFirstDecade) * area.width();
    }
    double y(double loss) const { return area.bottom() - std::clamp(loss / highest, 0.0, 1.0) * area.height(); }
};

constexpr int kParts = 4; // of the axis of losses

/// `value`, or somewhat more, so that every part of an axis up to it is a short number.
double roundedUp(double value)
{
    const double part = value / kParts, decade = std::pow(10.0, std::floor(std::log10(part)));
    for (const double digit : {1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        if (digit * decade >= part)
            return kParts * digit * decade;
    }
    return kParts * 10.0 * decade;
}

/// Just above where it began: what runs away is cut off, or nothing else could be seen.
double highestShown(const std::vector<RatePoint> &points)
{
    const double first = points.front().smoothedLoss;
    double highest = first;
    for (const RatePoint &point : points)
        highest = std::max(highest, std::min(point.smoothedLoss, 1.6 * first));
    return roundedUp(std::max(1.1 * highest, 1e-6));
}

QPainterPath line(const Scale &scale, const std::vector<RatePoint> &points, double RatePoint::*value)
{
    QPainterPath path;
    for (const RatePoint &point : points) {
        const QPointF place(scale.x(point.learningRate), scale.y(point.*value));
        if (path.elementCount() == 0)
            path.moveTo(place);
        else
            path.lineTo(place);
    }
    return path;
}

void paintAxes(QPainter &painter, const Scale &scale)
{
    const ThemeColours &colours = Theme::current().colours();
    painter.setFont(themeFont(11));
    for (int decade = kFirstDecade; decade <= kLastDecade; ++decade) {
        const double x = scale.x(std::pow(10.0, decade));
        painter.setPen(colours.line);
        painter.drawLine(QPointF(x, scale.area.top()), QPointF(x, scale.area.bottom()));
        painter.setPen(colours.quietText);
        painter.drawText(QRectF(x - 40, scale.area.bottom() + 8, 80, kAxis - 8), Qt::AlignHCenter | Qt::AlignTop, numberText(std::pow(10.0, decade)));
    }
    for (int part = 0; part <= kParts; ++part) {
        const double loss = scale.highest * part / kParts;
        painter.setPen(colours.line);
        painter.drawLine(QPointF(scale.area.left(), scale.y(loss)), QPointF(scale.area.right(), scale.y(loss)));
        painter.setPen(colours.quietText);
        painter.drawText(QRectF(0, scale.y(loss) - 10, kSide - 6, 20), Qt::AlignRight | Qt::AlignVCenter, QString::number(loss, 'g', 3));
    }
}

} // namespace

RatePlot::RatePlot(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Loss against learning rate"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RatePlot::showCurve(const RateCurve &curve)
{
    m_curve = curve;
    update();
}

void RatePlot::paintEvent(QPaintEvent *)
{
    if (m_curve.points.empty())
        return;
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Scale scale{QRectF(kSide, kTop, width() - kSide - 24, height() - kTop - kAxis), highestShown(m_curve.points)};
    paintAxes(painter, scale);
    QColor pale = colours.accent;
    pale.setAlphaF(0.28F);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(pale, 1));
    painter.drawPath(line(scale, m_curve.points, &RatePoint::loss));
    painter.setPen(QPen(colours.accent, 1.5));
    painter.drawPath(line(scale, m_curve.points, &RatePoint::smoothedLoss));
    if (!m_curve.suggestion)
        return;
    const double x = scale.x(std::clamp(*m_curve.suggestion, 1e-6, 10.0));
    painter.setPen(QPen(colours.good, 1.5, Qt::DotLine));
    painter.drawLine(QPointF(x, scale.area.top()), QPointF(x, scale.area.bottom()));
    painter.setPen(colours.goodText);
    const bool right = x < width() / 2.0;
    painter.drawText(QRectF(right ? x + 6 : x - 166, scale.area.bottom() - 22, 160, 18), (right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                     tr("suggested: %1").arg(roundedRateText(*m_curve.suggestion)));
}

} // namespace whisker
