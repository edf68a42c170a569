#include "ui/train/run_curves.h"

#include "engine/base/atomic_file.h"
#include "ui/texts.h"
#include "ui/train/curve_tools.h"
#include "ui/train/curves_export.h"
#include "widgets/buttons.h"
#include "widgets/curve_plot.h"
#include "widgets/notice_bar.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPainter>
#include <QPointer>
#include <QResizeEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace whisker {

namespace {

const QString kTraining = QStringLiteral("training");
const QString kValidation = QStringLiteral("validation");
constexpr int kGap = 12;
constexpr int kRoomForRate = 470; // px: below it loss and accuracy need the room
constexpr qreal kSavedRatio = 2;

/// The points of one series as the plot takes them.
struct Line {
    std::vector<double> xs, ys;
    void add(const MetricPoint &point)
    {
        xs.push_back(point.epoch);
        ys.push_back(point.value);
    }
    void appendTo(CurvePlot *plot, const QString &id) const
    {
        if (!xs.empty())
            plot->appendPoints(id, xs, ys);
    }
};

/// One for each series, by its number.
std::array<Line, 5> linesOf(std::span<const MetricPoint> points)
{
    std::array<Line, 5> lines;
    for (const MetricPoint &point : points)
        lines[std::size_t(point.series)].add(point);
    return lines;
}

const Line &of(const std::array<Line, 5> &lines, MetricSeries series) { return lines[std::size_t(series)]; }

double lastEpoch(std::span<const MetricPoint> points)
{
    double last = 0.0;
    for (const MetricPoint &point : points)
        last = std::max(last, point.epoch);
    return last;
}

QString overlayId(std::size_t index) { return QStringLiteral("overlay/%1").arg(index); }

} // namespace

RunCurves::RunCurves(QWidget *parent)
    : QWidget(parent), m_tools(new CurveTools(this)), m_laidOver(new QWidget(this)), m_notice(new NoticeBar(this)), m_loss(new CurvePlot(tr("Loss"), ValueFormat::Number, this)),
      m_accuracy(new CurvePlot(tr("Accuracy"), ValueFormat::Percent, this)), m_rate(new CurvePlot(tr("Learning rate"), ValueFormat::Number, this))
{
    makePlots();
    connectTools();
    begin({});
}

RunCurves::~RunCurves() = default;

void RunCurves::makePlots()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    constexpr int kLeastHeight = 110; // with result, figures and a notice above them the window may still be 640 px high
    for (CurvePlot *plot : plots())
        plot->setMinimumHeight(kLeastHeight);
    column->addWidget(m_tools);
    column->addWidget(m_laidOver);
    column->addWidget(m_notice);
    auto *laidOver = new QHBoxLayout(m_laidOver);
    laidOver->setContentsMargins(4, 0, 4, 0);
    laidOver->setSpacing(kGap);
    laidOver->addStretch(1);
    m_laidOver->hide();
    column->addWidget(m_loss, 5);
    column->addWidget(m_accuracy, 4);
    column->addWidget(m_rate, 3);
    column->setStretchFactor(m_tools, 0);
    m_loss->setSubtitle(tr("cross-entropy"));
    linkPlots(plots());
}

void RunCurves::setOver(bool over)
{
    m_over = over;
    sayWhyEmpty();
    updateEnd();
}

/// In the plots that have no point.
void RunCurves::sayWhyEmpty()
{
    if (!m_over) {
        m_loss->setEmptyText(tr("The curve begins with the first step"));
        m_accuracy->setEmptyText(tr("The share of pictures it gets right"));
        m_rate->setEmptyText(tr("How far each step goes"));
        return;
    }
    const QString none = tr("There is no curve of this run");
    const bool stepped = std::ranges::find(m_points, MetricSeries::TrainingLoss, &MetricPoint::series) != m_points.end();
    m_loss->setEmptyText(none);
    m_accuracy->setEmptyText(m_points.empty() ? none : tr("It ended before it was measured"));
    m_rate->setEmptyText(m_points.empty() || stepped ? none : tr("It ended before its first step: there is no rate to show"));
}

void RunCurves::connectTools()
{
    connect(m_tools, &CurveTools::smoothingChanged, this, &RunCurves::smooth);
    connect(m_tools, &CurveTools::logarithmicChanged, m_loss, &CurvePlot::setLogarithmic);
    connect(m_tools, &CurveTools::allWished, this, [this] {
        for (CurvePlot *plot : plots())
            plot->setView(std::nullopt);
    });
    connect(m_tools, &CurveTools::pictureWished, this, [this] {
        askWhere(tr("Save the curves as a picture"), QStringLiteral("png"), tr("PNG picture (*.png)"), &RunCurves::savePicture);
    });
    connect(m_tools, &CurveTools::tableWished, this, [this] {
        askWhere(tr("Save the curves as a table"), QStringLiteral("csv"), tr("CSV table (*.csv)"), &RunCurves::saveTable);
    });
    connect(this, &RunCurves::saved, m_notice,
            [this](const QString &file) { m_notice->showNotice(NoticeBar::Kind::Good, tr("The curves were saved as %1.").arg(file)); });
    connect(this, &RunCurves::saveFailed, m_notice, [this](const QString &sentence) { m_notice->showNotice(NoticeBar::Kind::Error, sentence); });
}

void RunCurves::begin(const TrainConfig &config)
{
    m_id.clear();
    m_quick = config.mode == TrainMode::Quick;
    m_validationAccuracy.reset();
    m_validationLoss.reset();
    m_points.clear();
    m_last = 0.0;
    m_notice->dismiss();
    m_planned = m_quick ? 0.0 : config.epochs; // the solver ends when it is done, mostly long before its limit
    setOver(false);
    for (CurvePlot *plot : plots()) {
        plot->removeAllSeries();
        plot->clearMarker();
        plot->setView(std::nullopt);
        plot->setKeyName(m_quick ? tr("iteration") : tr("epoch"));
        // Smoothed is what comes with every step and trembles: not the solver's iterations, not what is counted once an epoch.
        plot->addSeries({kTraining, plot == m_rate ? tr("rate") : tr("training"), 0, plot == m_loss && !m_quick ? m_tools->smoothing() : 0.0});
        if (plot != m_rate)
            plot->addSeries({kValidation, tr("validation"), 1, 0.0});
    }
    m_tools->setSmoothingEnabled(!m_quick);
    setMarks({});
    setOverlays(std::move(m_overlays));
    resizeEvent(nullptr);
}

void RunCurves::smooth(double weight)
{
    if (!m_quick)
        m_loss->setSmoothing(kTraining, weight);
}

/// One x axis for all: as far as the run is to go, or has gone where it is over, or as the longest overlay.
void RunCurves::updateEnd()
{
    const double planned = m_over && m_last > 0.0 ? 0.0 : m_planned;
    for (CurvePlot *plot : plots())
        plot->setExpectedEnd(std::max({1.0, planned, m_last, m_lastLaidOver}));
}

void RunCurves::append(std::span<const MetricPoint> points)
{
    m_points.insert(m_points.end(), points.begin(), points.end());
    const auto lines = linesOf(points);
    of(lines, MetricSeries::TrainingLoss).appendTo(m_loss, kTraining);
    of(lines, MetricSeries::ValidationLoss).appendTo(m_loss, kValidation);
    of(lines, MetricSeries::TrainingAccuracy).appendTo(m_accuracy, kTraining);
    of(lines, MetricSeries::ValidationAccuracy).appendTo(m_accuracy, kValidation);
    of(lines, MetricSeries::LearningRate).appendTo(m_rate, kTraining);
    m_last = std::max(m_last, lastEpoch(points));
    updateEnd();
    if (m_over)
        sayWhyEmpty();
    if (const Line &accuracy = of(lines, MetricSeries::ValidationAccuracy); !accuracy.ys.empty())
        m_validationAccuracy = accuracy.ys.back();
    if (const Line &loss = of(lines, MetricSeries::ValidationLoss); !loss.ys.empty())
        m_validationLoss = loss.ys.back();
}

void RunCurves::setPoints(std::span<const MetricPoint> points)
{
    m_points.clear();
    m_last = 0.0;
    m_validationAccuracy.reset();
    m_validationLoss.reset();
    for (CurvePlot *plot : plots()) {
        for (const QString &series : {kTraining, kValidation})
            plot->clearPoints(series);
    }
    append(points);
}

void RunCurves::setBestEpoch(int epoch)
{
    if (epoch > 0 && !m_points.empty())
        m_loss->setMarker(epoch, tr("best: epoch %1").arg(epoch));
    else
        m_loss->clearMarker();
}

std::optional<double> RunCurves::valueAt(MetricSeries series, int epoch) const
{
    constexpr double kSame = 1e-6; // epochs are counted in steps
    const auto found = std::find_if(m_points.rbegin(), m_points.rend(),
                                    [&](const MetricPoint &point) { return point.series == series && std::abs(point.epoch - epoch) < kSame; });
    return found != m_points.rend() ? std::optional(found->value) : std::nullopt;
}

void RunCurves::setMarks(std::span<const RunMark> marks)
{
    for (CurvePlot *plot : plots()) {
        std::vector<CurveEvent> events;
        for (const RunMark &mark : marks)
            events.push_back({mark.epoch, QString::fromStdString(mark.text), plot == m_loss}); // as the best epoch: once for all
        plot->setEvents(std::move(events));
    }
}

void RunCurves::setOverlays(std::vector<Overlay> overlays)
{
    for (std::size_t i = 0; i < m_overlays.size(); ++i) {
        for (CurvePlot *plot : plots())
            plot->removeSeries(overlayId(i));
    }
    m_overlays = std::move(overlays);
    m_lastLaidOver = 0.0;
    for (std::size_t i = 0; i < m_overlays.size(); ++i) {
        showOverlay(i);
        m_lastLaidOver = std::max(m_lastLaidOver, lastEpoch(m_overlays[i].points));
    }
    updateEnd();
    showTakeOff();
}

void RunCurves::setTakeOffOffered(bool offered)
{
    m_takeOffOffered = offered;
    showTakeOff();
}

/// What lies over the curves, and how to be rid of it.
void RunCurves::showTakeOff()
{
    for (Button *button : m_takeOff) {
        button->hide();
        button->deleteLater(); // it may be its own click that is answered here
    }
    m_takeOff.clear();
    auto *row = static_cast<QHBoxLayout *>(m_laidOver->layout());
    for (int i = 0; m_takeOffOffered && i < int(m_overlays.size()); ++i) {
        auto *button = new Button(tr("Take off %1").arg(m_overlays[std::size_t(i)].name), Button::Kind::Link, m_laidOver);
        button->setToolTip(tr("Its curves are laid over these; takes them away"));
        connect(button, &Button::clicked, this, [this, i] { Q_EMIT takeOffWished(i); });
        row->insertWidget(i, button);
        m_takeOff.push_back(button);
    }
    m_laidOver->setVisible(!m_takeOff.empty());
}

void RunCurves::showOverlay(std::size_t index)
{
    const Overlay &overlay = m_overlays[index];
    const auto lines = linesOf(overlay.points);
    const auto show = [&](CurvePlot *plot, const Line &line) {
        if (line.xs.empty())
            return;
        plot->addSeries({overlayId(index), overlay.name, 2 + int(index), 0.0, true});
        line.appendTo(plot, overlayId(index));
    };
    const auto better = [&](MetricSeries validation, MetricSeries training) -> const Line & {
        return of(lines, validation).xs.empty() ? of(lines, training) : of(lines, validation);
    };
    show(m_loss, better(MetricSeries::ValidationLoss, MetricSeries::TrainingLoss));
    show(m_accuracy, better(MetricSeries::ValidationAccuracy, MetricSeries::TrainingAccuracy));
    show(m_rate, of(lines, MetricSeries::LearningRate));
}

void RunCurves::askWhere(const QString &title, const QString &suffix, const QString &filter, void (RunCurves::*save)(const std::filesystem::path &))
{
    auto *dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(tr("curves") + u'.' + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString &file) { (this->*save)(toPath(file)); });
    dialog->open();
}

void RunCurves::savePicture(const std::filesystem::path &file)
{
    const QSize onScreen = this->size();
    QLayout *around = parentWidget() ? parentWidget()->layout() : nullptr;
    if (around)
        around->setEnabled(false);                  // or it would put the size back at once
    resize(onScreen.expandedTo({0, kRoomForRate})); // for a moment as high as all plots need: nothing of it is seen
    QSize size(m_loss->width(), -kGap);
    std::vector<CurvePlot *> seen;
    for (CurvePlot *plot : plots()) {
        if (plot->isVisibleTo(this)) {
            seen.push_back(plot);
            size.rheight() += plot->height() + kGap;
        }
    }
    QImage picture(size * kSavedRatio, QImage::Format_RGB32);
    picture.setDevicePixelRatio(kSavedRatio);
    picture.fill(Theme::current().colours().ground);
    QPainter painter(&picture);
    int y = 0;
    for (CurvePlot *plot : seen) {
        painter.drawImage(0, y, plot->picture(kSavedRatio));
        y += plot->height() + kGap;
    }
    painter.end();
    resize(onScreen);
    if (around)
        around->setEnabled(true);
    write([picture, file] { return writePng(file, picture); }, file);
}

void RunCurves::saveTable(const std::filesystem::path &file)
{
    std::vector<NamedCurves> curves{{m_id, m_points}};
    for (const Overlay &overlay : m_overlays)
        curves.push_back({overlay.id.empty() ? overlay.name.toStdString() : overlay.id, overlay.points});
    write([curves = std::move(curves), file] { return writeFileAtomically(file, curvesCsv(curves)); }, file);
}

void RunCurves::write(std::function<Result<void>()> job, const std::filesystem::path &file)
{
    m_writer.add([this, job = std::move(job), file] {
        const auto written = job();
        const QString text = written ? displayText(file) : QString::fromStdString(written.error().message);
        QMetaObject::invokeMethod(this, [this, text, good = written.has_value()] {
            if (good)
                Q_EMIT saved(text);
            else
                Q_EMIT saveFailed(text);
        }, Qt::QueuedConnection);
    });
}

void RunCurves::resizeEvent(QResizeEvent *event)
{
    if (event)
        QWidget::resizeEvent(event);
    m_rate->setVisible(!m_quick && height() >= kRoomForRate); // the solver has no rate
}

} // namespace whisker
