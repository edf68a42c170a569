#include "widgets/curve_plot.h"

#include "widgets/internal/curve_series.h"
#include "widgets/internal/paint.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

namespace whisker {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

QString valueText(double value, ValueFormat format)
{
    return format == ValueFormat::Percent ? percentText(value) : QString::number(value, 'g', 3);
}

class PercentTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return CurvePlot::tr("%1 %").arg(qRound(tick * 1000) / 10.0); }
};

/// Epochs have no halves.
class WholeTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange &range) override { return std::max(1.0, QCPAxisTicker::getTickStep(range)); }
    int getSubTickCount(double) override { return 0; }
};

/// The top of an axis from 0 that holds `value`: a whole number of round steps.
double roundTop(double value)
{
    if (!(value > 0))
        return 1.0;
    const double rough = value / 4;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
    return std::ceil(value / step - 1e-9) * step;
}

QCPRange valueRange(double lowest, double highest, ValueFormat format)
{
    if (format == ValueFormat::Number)
        return {lowest < 0 && std::isfinite(lowest) ? -roundTop(-lowest) : 0.0, roundTop(highest)};
    for (const double bottom : {0.9, 0.8, 0.5}) {
        if (std::isfinite(lowest) && lowest >= bottom)
            return {bottom, 1.0};
    }
    return {0.0, 1.0};
}

} // namespace

/// The names of the curves with a dash in their colour.
class CurveLegend : public QWidget {
public:
    explicit CurveLegend(QWidget *parent) : QWidget(parent)
    {
        setFont(themeFont(12));
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }
    std::vector<std::unique_ptr<PlottedSeries>> *series = nullptr;
    QSize sizeHint() const override
    {
        int width = 0;
        for (const auto &entry : *series)
            width += kDash + 6 + fontMetrics().horizontalAdvance(entry->series().name) + kGap;
        return {std::max(0, width - kGap), 18};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        int x = 0;
        for (const auto &entry : *series) {
            paintPanel(painter, QRectF(x, height() / 2.0 - 1.5, kDash, 3), 1.5, entry->colour());
            x += kDash + 6;
            const int width = fontMetrics().horizontalAdvance(entry->series().name);
            painter.setPen(Theme::current().colours().quietText);
            painter.drawText(QRect(x, 0, width + 1, height()), Qt::AlignVCenter, entry->series().name);
            x += width + kGap;
        }
    }

private:
    static constexpr int kDash = 14;
    static constexpr int kGap = 16;
};

struct CurvePlot::Private {
    CurvePlot *plot;
    ValueFormat format;
    TextLabel *title;
    TextLabel *subtitle;
    CurveLegend *legend;
    QCustomPlot *canvas;
    std::vector<std::unique_ptr<PlottedSeries>> series;
    QCPItemStraightLine *marker;
    QCPItemText *markerText;
    QCPItemStraightLine *cross;
    QCPItemText *readout;
    QCPItemText *empty;
    QString keyName;
    QTimer timer;
    double expectedEnd = 0.0;
    double mouseX = std::numeric_limits<double>::quiet_NaN(); // in widget pixels
    bool pending = false;

    void build();
    void takeColours();
    void schedule();
    void redraw();
    void placeReadout();
    PlottedSeries *find(const QString &id) const;
};

void CurvePlot::Private::build()
{
    auto *column = new QVBoxLayout(plot);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(4);
    auto *head = new QHBoxLayout;
    head->setSpacing(12);
    title->setSize(13, QFont::DemiBold);
    head->addWidget(title);
    head->addWidget(subtitle);
    head->addStretch(1);
    head->addWidget(legend);
    column->addLayout(head);
    column->addWidget(canvas, 1);

    canvas->setPlottingHint(QCP::phFastPolylines);
    canvas->setNoAntialiasingOnDrag(true);
    canvas->axisRect()->setMinimumMargins(QMargins(46, 8, 12, 0)); // left: room for "92.5 %", so that plots in a column begin alike
    canvas->xAxis->grid()->setVisible(false);
    canvas->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new WholeTicker));
    if (format == ValueFormat::Percent)
        canvas->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker));
    canvas->xAxis->ticker()->setTickCount(4);
    canvas->yAxis->ticker()->setTickCount(4);
    for (QCPAxis *axis : {canvas->xAxis, canvas->yAxis}) {
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
    const auto line = [this] {
        auto *item = new QCPItemStraightLine(canvas);
        item->setVisible(false);
        item->setLayer("overlay"); // graphs are added later and would cover it
        item->setAntialiased(false);
        return item;
    };
    const auto text = [this](Qt::Alignment alignment, int size) {
        auto *item = new QCPItemText(canvas);
        item->setVisible(false);
        item->setLayer("overlay");
        item->setFont(themeFont(size));
        item->setPositionAlignment(alignment);
        item->setTextAlignment(Qt::AlignLeft);
        item->setClipToAxisRect(false);
        return item;
    };
    marker = line();
    markerText = text(Qt::AlignLeft | Qt::AlignTop, 11);
    markerText->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    markerText->setPadding(QMargins(6, 0, 0, 0));
    cross = line();
    readout = text(Qt::AlignLeft | Qt::AlignTop, 11);
    readout->position->setType(QCPItemPosition::ptAbsolute);
    readout->setPadding(QMargins(8, 5, 8, 5));
    empty = text(Qt::AlignCenter, 13);
    empty->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty->position->setCoords(0.5, 0.5);
}

void CurvePlot::Private::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    canvas->setBackground(QBrush(colours.panel));
    for (QCPAxis *axis : {canvas->xAxis, canvas->yAxis}) {
        axis->setTickLabelColor(colours.quietText);
        axis->grid()->setPen(QPen(colours.line, 1));
    }
    for (const auto &one : series)
        one->takeColours();
    marker->setPen(QPen(colours.good, 1, Qt::DashLine));
    markerText->setColor(colours.goodText);
    cross->setPen(QPen(mixed(colours.line, colours.quietText, 0.5), 1));
    readout->setColor(colours.text);
    readout->setBrush(colours.panel);
    readout->setPen(QPen(colours.line, 1));
    empty->setColor(colours.quietText);
    legend->update();
    plot->update();
    schedule();
}

void CurvePlot::Private::schedule()
{
    if (!timer.isActive())
        timer.start(kRedrawIntervalMs);
}

PlottedSeries *CurvePlot::Private::find(const QString &id) const
{
    const auto found = std::ranges::find_if(series, [&](const auto &one) { return one->series().id == id; });
    return found == series.end() ? nullptr : found->get();
}

void CurvePlot::Private::redraw()
{
    if (!plot->isVisible() || canvas->size().isEmpty()) { // QCustomPlot can't paint on nothing, and says so on stderr
        pending = true;
        return;
    }
    pending = false;
    double lowest = kInfinity;
    double highest = -kInfinity;
    double end = expectedEnd;
    bool any = false;
    QStringList last;
    for (const auto &one : series) {
        any = any || !one->isEmpty();
        lowest = std::min(lowest, one->lowest());
        highest = std::max(highest, one->highest());
        end = std::max(end, one->lastX());
        if (!one->isEmpty())
            last.append(QStringLiteral("%1 %2").arg(one->series().name, valueText(one->valueAt(one->lastX()), format)));
    }
    plot->setAccessibleDescription(last.join(QStringLiteral(", ")));
    canvas->xAxis->setRange(0, end > 0 ? end : 1);
    canvas->yAxis->setRange(valueRange(lowest, highest, format));
    for (const auto &one : series)
        one->prepareToDraw(canvas->xAxis->coordToPixel(one->lastX()) - canvas->xAxis->coordToPixel(0));
    empty->setVisible(!any && !empty->text().isEmpty());
    canvas->yAxis->grid()->setVisible(any);
    canvas->yAxis->setTickLabels(any);
    canvas->xAxis->setTickLabels(any);
    placeReadout();
    canvas->replot(QCustomPlot::rpQueuedRefresh);
    Q_EMIT plot->redrawn();
}

void CurvePlot::Private::placeReadout()
{
    const QRect area = canvas->axisRect()->rect();
    const bool inside = std::isfinite(mouseX) && mouseX >= area.left() && mouseX <= area.right();
    const double x = inside ? canvas->xAxis->pixelToCoord(mouseX) : 0.0;
    QStringList lines;
    for (const auto &one : series) {
        const double value = inside && x <= one->lastX() ? one->valueAt(x) : std::numeric_limits<double>::quiet_NaN();
        if (std::isfinite(value))
            lines.append(QStringLiteral("%1  %2").arg(one->series().name, valueText(value, format)));
    }
    cross->setVisible(!lines.isEmpty());
    readout->setVisible(!lines.isEmpty());
    if (lines.isEmpty())
        return;
    lines.prepend(QStringLiteral("%1 %2").arg(keyName, QString::number(x, 'f', 1)).trimmed());
    cross->point1->setCoords(x, 0);
    cross->point2->setCoords(x, 1);
    readout->setText(lines.join(u'\n'));
    const bool leftHalf = mouseX < area.center().x();
    // Losses fall and shares rise: the corner they leave free; below the marker's text.
    const bool atTop = format == ValueFormat::Number;
    readout->setPositionAlignment((leftHalf ? Qt::AlignLeft : Qt::AlignRight) | (atTop ? Qt::AlignTop : Qt::AlignBottom));
    readout->position->setCoords(mouseX + (leftHalf ? 10 : -10), atTop ? area.top() + 22 : area.bottom() - 8);
}

CurvePlot::CurvePlot(const QString &title, ValueFormat format, QWidget *parent) : QWidget(parent), m_d(std::make_unique<Private>())
{
    m_d->plot = this;
    m_d->format = format;
    m_d->title = new TextLabel(title, Tone::Text, this);
    m_d->subtitle = new TextLabel({}, Tone::Quiet, this);
    m_d->legend = new CurveLegend(this);
    m_d->legend->series = &m_d->series;
    m_d->canvas = new QCustomPlot(this);
    m_d->build();
    m_d->canvas->setAccessibleName(title);
    m_d->canvas->setMouseTracking(true);
    m_d->canvas->installEventFilter(this);
    setAccessibleName(title);
    m_d->subtitle->hide();
    m_d->timer.setSingleShot(true);
    m_d->timer.setTimerType(Qt::PreciseTimer);
    connect(&m_d->timer, &QTimer::timeout, this, [this] { m_d->redraw(); });
    connect(&Theme::current(), &Theme::changed, this, [this] { m_d->takeColours(); });
    m_d->takeColours();
}

CurvePlot::~CurvePlot() { m_d->canvas->removeEventFilter(this); }

void CurvePlot::setTitle(const QString &title)
{
    m_d->title->setText(title);
    m_d->canvas->setAccessibleName(title);
    setAccessibleName(title);
}

void CurvePlot::setSubtitle(const QString &text)
{
    m_d->subtitle->setText(text);
    m_d->subtitle->setVisible(!text.isEmpty());
}

void CurvePlot::setEmptyText(const QString &text)
{
    m_d->empty->setText(text);
    m_d->schedule();
}

void CurvePlot::setKeyName(const QString &name) { m_d->keyName = name; }

void CurvePlot::setExpectedEnd(double last)
{
    m_d->expectedEnd = last;
    m_d->schedule();
}

void CurvePlot::addSeries(const CurveSeries &series)
{
    if (PlottedSeries *known = m_d->find(series.id))
        known->describe(series);
    else
        m_d->series.push_back(std::make_unique<PlottedSeries>(*m_d->canvas, series));
    m_d->legend->updateGeometry();
    m_d->legend->update();
    m_d->schedule();
}

void CurvePlot::removeAllSeries()
{
    m_d->series.clear();
    m_d->canvas->clearGraphs();
    m_d->legend->updateGeometry();
    m_d->legend->update();
    m_d->schedule();
}

void CurvePlot::appendPoints(const QString &id, std::span<const double> xs, std::span<const double> ys)
{
    Q_ASSERT(xs.size() == ys.size());
    PlottedSeries *series = m_d->find(id);
    if (!series || xs.empty())
        return;
    series->append(xs, ys);
    m_d->schedule();
}

void CurvePlot::clearPoints()
{
    for (const auto &series : m_d->series)
        series->clear();
    clearMarker();
    m_d->schedule();
}

int CurvePlot::pointCount(const QString &id) const
{
    const PlottedSeries *series = m_d->find(id);
    return series ? series->count() : 0;
}

void CurvePlot::setMarker(double x, const QString &text)
{
    m_d->marker->point1->setCoords(x, 0);
    m_d->marker->point2->setCoords(x, 1);
    m_d->marker->setVisible(true);
    m_d->markerText->setText(text);
    m_d->markerText->position->setCoords(x, 0.01);
    m_d->markerText->setVisible(true);
    m_d->schedule();
}

void CurvePlot::clearMarker()
{
    m_d->marker->setVisible(false);
    m_d->markerText->setVisible(false);
    m_d->schedule();
}

QSize CurvePlot::sizeHint() const { return {640, 300}; }
QSize CurvePlot::minimumSizeHint() const { return {320, 180}; }

void CurvePlot::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    paintPanel(painter, rect(), kCardRadius, colours.panel, colours.line);
}

void CurvePlot::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_d->pending)
        m_d->schedule();
}

bool CurvePlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_d->canvas && event->type() == QEvent::MouseMove) {
        m_d->mouseX = static_cast<QMouseEvent *>(event)->position().x();
        m_d->schedule();
    } else if (watched == m_d->canvas && event->type() == QEvent::Leave) {
        m_d->mouseX = std::numeric_limits<double>::quiet_NaN();
        m_d->schedule();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace whisker
