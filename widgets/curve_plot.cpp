#include "widgets/curve_plot.h"

#include "widgets/internal/curve_axes.h"
#include "widgets/internal/curve_crosshair.h"
#include "widgets/internal/curve_legend.h"
#include "widgets/internal/curve_marks.h"
#include "widgets/internal/curve_navigation.h"
#include "widgets/internal/curve_readout.h"
#include "widgets/internal/curve_series.h"
#include "widgets/internal/paint.h"
#include "widgets/text_label.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QTimer>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {
constexpr int kSide = 16; // px left and right
constexpr int kLeastTimesDrawing = 50; // goes by before new points are drawn: a run is not to be slowed by its curves
constexpr double kLongestMs = 1000;    // but they stay live
} // namespace

struct CurvePlot::Private {
    CurvePlot *plot;
    ValueFormat format;
    TextLabel *title;
    TextLabel *subtitle;
    CurveLegend *legend;
    QCustomPlot *canvas;
    QHBoxLayout *head = new QHBoxLayout;
    CurveAxes axes{*canvas, format};
    CurveMarks marks{*canvas};
    CurveCrosshair cross{*canvas, format};
    QCPItemText *empty = newPlotText(*canvas, Qt::AlignCenter, 13);
    CurveViewport viewport{};
    std::optional<double> crosshair{}; // in units of x
    CurveNavigation *navigation = nullptr;
    std::vector<std::unique_ptr<PlottedSeries>> series{};
    CurveReadout values{series, viewport, format};
    QStringList readout{}; // as it stands beside the crosshair
    QTimer timer{};
    double expectedEnd = 0.0;
    double drawingMs = 0.0; // that the last one took
    bool pending = false;

    void build();
    void takeColours();
    void seriesChanged();
    void schedule() { scheduleIn(CurvePlot::kRedrawIntervalMs); }
    void scheduleLive() { scheduleIn(std::max(CurvePlot::kRedrawIntervalMs, int(std::min(kLeastTimesDrawing * drawingMs, kLongestMs)))); }
    void scheduleIn(int ms);
    void measure();
    void redraw();
    void fitHead();
    void placeCrosshair();
    void navigated();
    PlottedSeries *find(const QString &id) const;
};

void CurvePlot::Private::build()
{
    auto *column = new QVBoxLayout(plot);
    column->setContentsMargins(kSide, 12, kSide, 12);
    column->setSpacing(4);
    head->setSpacing(12);
    title->setSize(13, QFont::DemiBold);
    title->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed); // the names of the curves give way
    head->addWidget(title);
    head->addWidget(subtitle);
    head->addStretch(1);
    head->addWidget(legend);
    column->addLayout(head);
    column->addWidget(canvas, 1);
    canvas->setPlottingHint(QCP::phFastPolylines);
    canvas->setNoAntialiasingOnDrag(true);
    empty->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty->position->setCoords(0.5, 0.5);
    navigation = new CurveNavigation(*canvas, viewport, crosshair, [this](double x, double by) { return values.pointBeyond(x, by); }, [this] { navigated(); });
}

void CurvePlot::Private::takeColours()
{
    const ThemeColours &colours = Theme::current().colours();
    canvas->setBackground(QBrush(colours.panel));
    axes.takeColours();
    for (const auto &one : series)
        one->takeColours();
    marks.takeColours();
    cross.takeColours();
    empty->setColor(colours.quietText);
    plot->update();
    seriesChanged();
}

void CurvePlot::Private::seriesChanged()
{
    std::vector<CurveLegend::Entry> entries;
    for (const auto &one : series)
        entries.push_back({one->series().name, one->colour()});
    legend->setEntries(std::move(entries));
    fitHead();
    schedule();
}

/// The names of the curves come first.
void CurvePlot::Private::fitHead()
{
    const int gaps = 2 * head->spacing() + 1;
    const int needed = title->sizeHint().width() + subtitle->sizeHint().width() + legend->sizeHint().width() + gaps;
    subtitle->setVisible(!subtitle->text().isEmpty() && needed <= plot->contentsRect().width() - 2 * kSide);
}

void CurvePlot::Private::scheduleIn(int ms)
{
    if (!timer.isActive() || timer.remainingTime() > ms)
        timer.start(ms);
}

PlottedSeries *CurvePlot::Private::find(const QString &id) const
{
    const auto found = std::ranges::find_if(series, [&](const auto &one) { return one->series().id == id; });
    return found == series.end() ? nullptr : found->get();
}

void CurvePlot::Private::measure()
{
    double end = expectedEnd;
    for (const auto &one : series)
        end = std::max(end, one->lastX());
    viewport.setEnd(end);
}

void CurvePlot::Private::redraw()
{
    if (!plot->isVisible() || canvas->size().isEmpty()) { // QCustomPlot can't paint on nothing, and says so on stderr
        pending = true;
        return;
    }
    pending = false;
    QElapsedTimer clock;
    clock.start();
    measure();
    const bool part = viewport.part().has_value();
    const CurveRange shown = viewport.shown();
    ValueExtent extent;
    for (const auto &one : series)
        extent.add(part ? one->extentIn(shown) : one->extent());
    axes.show(shown, extent, part);
    for (const auto &one : series) {
        const double right = std::min(shown.last, one->lastX());
        one->prepareToDraw(shown, canvas->xAxis->coordToPixel(right) - canvas->xAxis->coordToPixel(shown.first));
    }
    empty->setVisible(!plot->emptyText().isEmpty());
    plot->setAccessibleDescription(values.latestValues());
    marks.place();
    placeCrosshair();
    canvas->replot(QCustomPlot::rpQueuedRefresh);
    drawingMs = double(clock.nsecsElapsed()) / 1e6;
    Q_EMIT plot->redrawn();
}

void CurvePlot::Private::placeCrosshair()
{
    const std::optional<double> point = crosshair ? values.pointAt(*crosshair) : std::nullopt;
    readout = point ? values.valuesAt(*point) : QStringList();
    // What the mouse gets as a tooltip stands here too, for those who come by keyboard.
    if (const QString said = crosshair ? marks.textNear(*crosshair) : QString(); !said.isEmpty())
        readout.append(said);
    if (crosshair)
        cross.show(point.value_or(*crosshair), readout);
    else
        cross.hide();
}

void CurvePlot::Private::navigated()
{
    schedule();
    Q_EMIT plot->viewChanged();
    Q_EMIT plot->crosshairChanged();
}

CurvePlot::CurvePlot(const QString &title, ValueFormat format, QWidget *parent)
    : QWidget(parent), m_d(new Private{this, format, new TextLabel(title, Tone::Text, this), new TextLabel({}, Tone::Quiet, this),
                                       new CurveLegend(this), new QCustomPlot(this)})
{
    m_d->build();
    m_d->canvas->setAccessibleName(title);
    m_d->canvas->installEventFilter(this);
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    m_d->subtitle->hide();
    m_d->timer.setSingleShot(true);
    m_d->timer.setTimerType(Qt::PreciseTimer);
    connect(&m_d->timer, &QTimer::timeout, this, [this] { m_d->redraw(); });
    connect(&Theme::current(), &Theme::changed, this, [this] { m_d->takeColours(); });
    m_d->takeColours();
}

CurvePlot::~CurvePlot()
{
    m_d->canvas->removeEventFilter(this);
    m_d->canvas->removeEventFilter(m_d->navigation); // a canvas that goes away may still have an event for it
}

void CurvePlot::setTitle(const QString &title)
{
    m_d->title->setText(title);
    m_d->canvas->setAccessibleName(title);
    setAccessibleName(title);
}

void CurvePlot::setSubtitle(const QString &text)
{
    m_d->subtitle->setText(text);
    m_d->fitHead();
}

void CurvePlot::setEmptyText(const QString &text)
{
    m_d->empty->setText(text);
    m_d->schedule();
}

QString CurvePlot::emptyText() const
{
    const bool any = std::ranges::any_of(m_d->series, [](const auto &one) { return !one->isEmpty(); });
    return any ? QString() : m_d->empty->text();
}

void CurvePlot::setKeyName(const QString &name) { m_d->values.setKeyName(name); }

void CurvePlot::setExpectedEnd(double last)
{
    m_d->expectedEnd = last;
    m_d->scheduleLive();
}

void CurvePlot::addSeries(const CurveSeries &series)
{
    if (PlottedSeries *known = m_d->find(series.id))
        known->describe(series);
    else
        m_d->series.push_back(std::make_unique<PlottedSeries>(*m_d->canvas, series));
    m_d->seriesChanged();
}

void CurvePlot::removeSeries(const QString &id)
{
    std::erase_if(m_d->series, [&](const auto &one) { return one->series().id == id; });
    m_d->seriesChanged();
}

void CurvePlot::removeAllSeries()
{
    m_d->series.clear();
    m_d->seriesChanged();
}

void CurvePlot::setSmoothing(const QString &id, double weight)
{
    if (PlottedSeries *series = m_d->find(id))
        series->setSmoothing(weight);
    m_d->schedule();
}

void CurvePlot::appendPoints(const QString &id, std::span<const double> xs, std::span<const double> ys)
{
    Q_ASSERT(xs.size() == ys.size());
    PlottedSeries *series = m_d->find(id);
    if (!series || xs.empty())
        return;
    series->append(xs, ys);
    m_d->scheduleLive();
}

void CurvePlot::clearPoints(const QString &id)
{
    if (PlottedSeries *series = m_d->find(id))
        series->clear();
    m_d->schedule();
}

int CurvePlot::pointCount(const QString &id) const
{
    const PlottedSeries *series = m_d->find(id);
    return series ? series->count() : 0;
}

void CurvePlot::setMarker(double x, const QString &text)
{
    if (m_d->marks.setBest(x, text))
        m_d->schedule();
}

void CurvePlot::clearMarker()
{
    if (m_d->marks.clearBest())
        m_d->schedule();
}

void CurvePlot::setEvents(std::vector<CurveEvent> events)
{
    m_d->marks.setEvents(std::move(events));
    m_d->schedule();
}

void CurvePlot::setLogarithmic(bool on)
{
    m_d->axes.setLogarithmic(on);
    m_d->schedule();
}

bool CurvePlot::isLogarithmic() const { return m_d->axes.isLogarithmic(); }

std::optional<CurveRange> CurvePlot::view() const { return m_d->viewport.part(); }

void CurvePlot::setView(std::optional<CurveRange> view)
{
    m_d->measure(); // there may be points that were not drawn yet
    m_d->viewport.setPart(view);
    m_d->schedule();
}

std::optional<double> CurvePlot::crosshair() const { return m_d->crosshair; }

void CurvePlot::setCrosshair(std::optional<double> x)
{
    m_d->crosshair = x;
    m_d->schedule();
}

QStringList CurvePlot::readout() const { return m_d->readout; }

QImage CurvePlot::picture(qreal ratio)
{
    const auto crosshair = std::exchange(m_d->crosshair, std::nullopt);
    const double screenRatio = m_d->canvas->bufferDevicePixelRatio();
    m_d->canvas->setBufferDevicePixelRatio(ratio);
    m_d->redraw();
    QImage picture(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    render(&picture);
    m_d->crosshair = crosshair;
    m_d->canvas->setBufferDevicePixelRatio(screenRatio);
    m_d->redraw();
    return picture;
}

QSize CurvePlot::sizeHint() const { return {640, 300}; }
QSize CurvePlot::minimumSizeHint() const { return {320, 180}; }

void CurvePlot::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    paintPanel(painter, rect(), kCardRadius, colours.panel, colours.line);
    if (showsFocus(*this))
        paintFocusRing(painter, rect(), kCardRadius);
}

void CurvePlot::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_d->pending)
        m_d->schedule();
}

void CurvePlot::keyPressEvent(QKeyEvent *event)
{
    if (!m_d->navigation->key(*event))
        QWidget::keyPressEvent(event);
}

void CurvePlot::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    if (m_d->canvas->underMouse() || !m_d->crosshair)
        return;
    m_d->crosshair.reset();
    m_d->navigated();
}

bool CurvePlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_d->canvas && event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), m_d->marks.textNear(m_d->canvas->xAxis->pixelToCoord(help->pos().x())), this);
        return true;
    }
    if (watched == m_d->canvas && event->type() == QEvent::Resize) {
        m_d->fitHead();
        m_d->schedule(); // more or fewer ticks have room
    }
    if (watched == m_d->canvas && event->type() == QEvent::MouseButtonPress)
        setFocus(Qt::MouseFocusReason);
    return QWidget::eventFilter(watched, event);
}

} // namespace whisker
