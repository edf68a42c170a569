#include "ui/train/run_curves.h"

#include "widgets/curve_plot.h"

#include <QVBoxLayout>
#include <vector>

namespace whisker {

namespace {

const QString kTraining = QStringLiteral("training");
const QString kValidation = QStringLiteral("validation");

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

} // namespace

RunCurves::RunCurves(QWidget *parent)
    : QWidget(parent), m_loss(new CurvePlot(tr("Loss"), ValueFormat::Number, this)),
      m_accuracy(new CurvePlot(tr("Accuracy"), ValueFormat::Percent, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    constexpr int kLeastHeight = 120; // with result, figures and a notice above them the window may still be 640 px high
    m_loss->setMinimumHeight(kLeastHeight);
    m_accuracy->setMinimumHeight(kLeastHeight);
    column->addWidget(m_loss, 3);
    column->addWidget(m_accuracy, 2);
    m_loss->setSubtitle(tr("cross-entropy"));
    m_loss->setEmptyText(tr("The curve begins with the first step"));
    m_accuracy->setEmptyText(tr("The share of pictures it gets right"));
    begin({});
}

void RunCurves::begin(const TrainConfig &config)
{
    constexpr double kSmoothing = 0.95; // averages some 20 steps
    const bool quick = config.mode == TrainMode::Quick;
    m_validationAccuracy.reset();
    m_validationLoss.reset();
    for (CurvePlot *plot : {m_loss, m_accuracy}) {
        plot->removeAllSeries();
        plot->clearMarker();
        // Smoothed is what comes with every step and trembles: not the solver's iterations, not what is counted once an epoch.
        plot->addSeries({kTraining, tr("training"), 0, plot == m_loss && !quick ? kSmoothing : 0.0});
        plot->addSeries({kValidation, tr("validation"), 1, 0.0});
        plot->setKeyName(quick ? tr("iteration") : tr("epoch"));
        plot->setExpectedEnd(quick ? 1.0 : config.epochs); // the solver ends when it is done, mostly long before its limit
    }
}

void RunCurves::append(std::span<const MetricPoint> points)
{
    Line trainingLoss, validationLoss, trainingAccuracy, validationAccuracy;
    for (const MetricPoint &point : points) {
        switch (point.series) {
        case MetricSeries::TrainingLoss: trainingLoss.add(point); break;
        case MetricSeries::ValidationLoss: validationLoss.add(point); break;
        case MetricSeries::TrainingAccuracy: trainingAccuracy.add(point); break;
        case MetricSeries::ValidationAccuracy: validationAccuracy.add(point); break;
        case MetricSeries::LearningRate: break; // nothing a beginner looks at
        }
    }
    trainingLoss.appendTo(m_loss, kTraining);
    validationLoss.appendTo(m_loss, kValidation);
    trainingAccuracy.appendTo(m_accuracy, kTraining);
    validationAccuracy.appendTo(m_accuracy, kValidation);
    if (!validationAccuracy.ys.empty())
        m_validationAccuracy = validationAccuracy.ys.back();
    if (!validationLoss.ys.empty())
        m_validationLoss = validationLoss.ys.back();
}

void RunCurves::setBestEpoch(int epoch)
{
    if (epoch > 0)
        m_loss->setMarker(epoch, tr("best: epoch %1").arg(epoch));
    else
        m_loss->clearMarker();
}

} // namespace whisker
