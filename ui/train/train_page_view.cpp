// What the Train page shows of its state: title, figures, list of runs, status line.
#include "ui/train/train_page.h"

#include "ui/texts.h"
#include "ui/train/continued_texts.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/pinned_card.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_list.h"
#include "ui/train/run_texts.h"
#include "ui/train/runs_view.h"
#include "ui/train/training_texts.h"
#include "widgets/buttons.h"
#include "widgets/figure_row.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QLocale>
#include <QShortcut>
#include <QStackedWidget>
#include <tuple>

namespace whisker {

namespace {

std::chrono::milliseconds milliseconds(double seconds)
{
    return std::chrono::milliseconds(qint64(seconds * 1000.0));
}

QString share(const std::optional<double> &value)
{
    return value ? percentText(*value) : QString();
}

/// In the words of the table of runs; of one that was completed in the word for a run that has just ended.
RunState shownState(const RunSummary &past)
{
    const RunState state = stateOf(past);
    return state.text.isEmpty() ? RunState{TrainPage::tr("finished"), Tone::Good} : state;
}

QString ofAll(int done, int all)
{
    const QLocale locale;
    return all > 0 ? QStringLiteral("%1 / %2").arg(locale.toString(done), locale.toString(all)) : QString();
}

} // namespace

void TrainPage::showView(View view)
{
    if (view != m_view) {
        m_said.reset();
        m_closed.clear();
        if (m_asks)
            withdrawOffer();
    }
    m_view = view;
    m_pinned->setVisible(view != View::Past); // no run keeps what it answered
    m_stack->setCurrentIndex(view == View::Empty ? 0 : view == View::Runs ? 2 : 1);
    m_left->setCurrentIndex(view == View::Setup || view == View::Empty ? 0 : 1);
    m_figures->setVisible(view == View::Live || view == View::Past);
    if (view == View::Live) {
        m_curves->begin(m_controller->config());
        m_curves->append(m_controller->points());
        m_curves->setMarks(m_controller->marks());
        showLiveResult();
        updateFigures();
    }
    nameCurves();
    if (view != View::Past)
        m_runs->clearSelection();
    updateNotice();
    updateHeader();
}

/// Whose curves they are: for tables that are saved, and for what can be laid over them.
void TrainPage::nameCurves()
{
    if (m_view == View::Live || (m_view == View::Past && m_past)) {
        const bool live = m_view == View::Live;
        const std::filesystem::path &folder = live ? m_controller->runFolder() : m_past->folder;
        m_curves->setId(folder.filename().string());
        m_overlays->setShown(folder, live ? m_controller->config().mode : m_past->receipt.config.mode);
    } else if (m_view != View::Runs) {
        m_overlays->setShown({}, std::nullopt);
    }
}

void TrainPage::updateHeader()
{
    const bool running = m_controller->isRunning();
    m_stop->setVisible(running && m_view != View::Runs);
    m_stop->setEnabled(m_controller->state() != TrainingController::State::Stopping);
    m_stop->setToolTip(tr("Ends the run; the best so far is kept (Esc)"));
    m_stopKey->setEnabled(running && m_view != View::Runs);
    m_back->setVisible(m_view == View::Runs);
    m_backKey->setEnabled(m_view == View::Runs);
    updateRunButtons();
    m_primary->setVisible(!running && m_view != View::Empty);
    m_primary->setText(m_view == View::Setup ? tr("Start") : tr("New training"));
    m_primary->setKeyHint(m_view == View::Setup ? Qt::CTRL | Qt::Key_Return : Qt::CTRL | Qt::Key_N);
    const bool trainable = m_material.snapshot && m_material.obstacle.isEmpty();
    const QString reason = trainable ? m_recipe->problem() : m_material.obstacle;
    m_primary->setEnabled(m_view != View::Setup || (trainable && reason.isEmpty()));
    m_primary->setToolTip(m_view != View::Setup ? tr("Shows the set-up of a new run; starts nothing (Ctrl+N)") : m_primary->isEnabled() ? tr("Ctrl+Return") : reason);
    updateContinue();

    switch (m_view) {
    case View::Empty:
    case View::Setup:
        m_header->setTitle(tr("Train a model"));
        m_header->setDetail({});
        m_header->setState({}, Tone::Text);
        return;
    case View::Past: {
        const RunState state = m_past ? shownState(*m_past) : RunState();
        m_header->setTitle(m_past ? recipeTitle(m_past->receipt) : QString());
        m_header->setDetail(m_past ? pastText(*m_past) : QString());
        m_header->setState(state.text, state.tone);
        return;
    }
    case View::Runs:
        m_header->setTitle(m_allRuns->title());
        m_header->setDetail(m_allRuns->detail());
        m_header->setState({}, Tone::Text);
        return;
    case View::Live:
        break;
    }
    m_header->setTitle(recipeTitle(liveReceipt()));
    const QString device = QString::fromStdString(m_controller->progress().device);
    const bool tells = running && !m_controller->stageText().isEmpty() && m_controller->progress().stage != TrainStage::Training;
    m_header->setDetail(joined(tells ? m_controller->stageText() : device, originText(begunRun(), m_history->names())));
    showState();
}

void TrainPage::showState()
{
    switch (m_controller->state()) {
    case TrainingController::State::Idle:
        m_header->setState({}, Tone::Text);
        break;
    case TrainingController::State::Preparing:
        m_header->setState(tr("preparing"), Tone::Accent);
        break;
    case TrainingController::State::Training:
        m_header->setState(tr("training"), Tone::Good);
        break;
    case TrainingController::State::Stopping:
        m_header->setState(m_controller->pauses() ? tr("pausing") : tr("stopping"), Tone::Warning);
        break;
    case TrainingController::State::Failed: {
        const RunState state = m_end && !m_end->run.folder.empty() ? stateOf(m_end->run) : RunState(); // as in the list: a full disk may not have let it say that it failed
        m_header->setState(state.text.isEmpty() ? tr("failed") : state.text, state.text.isEmpty() ? Tone::Bad : state.tone);
        break;
    }
    case TrainingController::State::Finished: {
        const auto outcome = report() ? report()->outcome : TrainOutcome::Completed;
        if (outcome == TrainOutcome::Completed)
            m_header->setState(tr("finished"), Tone::Good);
        else if (outcome == TrainOutcome::Stopped)
            m_header->setState(m_end->run.receipt.paused ? tr("paused") : tr("stopped"), Tone::Quiet);
        else
            m_header->setState(tr("diverged"), Tone::Bad);
        break;
    }
    }
}

void TrainPage::updateFigures()
{
    if (m_view != View::Live)
        return;
    const TrainProgress &progress = m_controller->progress();
    const bool running = m_controller->isRunning();
    const bool quick = m_controller->config().mode == TrainMode::Quick;
    const bool learning = progress.stage == TrainStage::Training || !running;
    const TrainReport *ended = report();
    const RunReceipt receipt = liveReceipt();
    showValidation(receipt, receipt.validationAccuracy.has_value());
    m_figures->setValue(QStringLiteral("speed"), speedText(ended ? ended->imagesPerSecond : progress.imagesPerSecond));
    const bool stopping = m_controller->state() == TrainingController::State::Stopping;
    m_figures->setValue(QStringLiteral("left"), progress.left && !stopping ? timeRangeText(*progress.left) : QString());
    m_figures->setToolTip(QStringLiteral("left"), m_controller->config().patience > 0 && !quick
                                                      ? tr("Right in about eight of ten cases, judging by the steps so far. The run ends earlier where validation stops improving.")
                                                      : tr("Right in about eight of ten cases, judging by the steps so far."));
    const auto peak = ended ? ended->receipt.peakMemoryBytes : std::nullopt;
    showCosts(peak ? std::optional(MemoryUse{*peak}) : progress.memory, ended ? ended->loaderWait : progress.loaderWait, peak.has_value());
    m_figures->setValue(QStringLiteral("took"), ended ? durationText(milliseconds(ended->seconds)) : QString());
    m_figures->setValue(QStringLiteral("pictures"), ofAll(progress.step, progress.stepsPerEpoch));
    m_figures->setValue(QStringLiteral("iteration"), ended ? QString::number(ended->epochs) : QString::number(progress.epoch));
    m_figures->setValue(QStringLiteral("epoch"), ofAll(ended ? ended->epochs : progress.epoch, progress.epochs)); // finished ones in the end
    m_figures->setValue(QStringLiteral("step"), ofAll(progress.step, progress.stepsPerEpoch));
    m_figures->setFigureVisible(QStringLiteral("left"), running);
    m_figures->setFigureVisible(QStringLiteral("took"), ended);
    m_figures->setFigureVisible(QStringLiteral("pictures"), !learning);
    m_figures->setFigureVisible(QStringLiteral("iteration"), quick && learning);
    m_figures->setFigureVisible(QStringLiteral("epoch"), !quick && learning);
    m_figures->setFigureVisible(QStringLiteral("step"), !quick && learning && running);
}

void TrainPage::showPastFigures(const RunReceipt &receipt)
{
    const bool quick = receipt.config.mode == TrainMode::Quick;
    showValidation(receipt, receipt.validationAccuracy && !m_past->underWay); // without one, no part of it came to its end
    m_figures->setValue(QStringLiteral("speed"), speedText(receipt.imagesPerSecond));
    m_figures->setValue(QStringLiteral("took"), durationText(milliseconds(receipt.seconds)));
    m_figures->setValue(QStringLiteral("iteration"), QString::number(receipt.epochs));
    m_figures->setValue(QStringLiteral("epoch"), ofAll(receipt.epochs, receipt.config.epochs));
    showCosts(receipt.peakMemoryBytes ? std::optional(MemoryUse{*receipt.peakMemoryBytes}) : std::nullopt, receipt.loaderWait, true);
    for (const char *hidden : {"left", "pictures", "step"})
        m_figures->setFigureVisible(QLatin1String(hidden), false);
    m_figures->setFigureVisible(QStringLiteral("took"), true);
    m_figures->setFigureVisible(QStringLiteral("iteration"), quick);
    m_figures->setFigureVisible(QStringLiteral("epoch"), !quick);
}

/// Accuracy and loss of one moment: of the model that is kept, where it is `over`, else of the latest validation.
void TrainPage::showValidation(const RunReceipt &receipt, bool over)
{
    const bool best = over && receipt.config.mode != TrainMode::Quick && receipt.bestEpoch > 0;
    const bool start = over && keepsItsStart(receipt);
    const auto accuracy = over ? receipt.validationAccuracy : m_curves->validationAccuracy();
    const auto loss = best || start ? m_curves->valueAt(MetricSeries::ValidationLoss, receipt.bestEpoch) : m_curves->validationLoss();
    const QString tip = best ? tr("Of epoch %1, whose weights are the model").arg(receipt.bestEpoch) : start ? tr("Of the model that it began with, which is kept") : QString();
    for (const auto &[latestId, bestId, value] : {std::tuple("accuracy", "bestAccuracy", share(accuracy)), std::tuple("loss", "bestLoss", lossText(loss))}) {
        const QString id = QLatin1String(best ? bestId : latestId);
        m_figures->setValue(id, value);
        m_figures->setToolTip(id, tip);
        m_figures->setFigureVisible(QLatin1String(latestId), !best);
        m_figures->setFigureVisible(QLatin1String(bestId), best);
    }
}

/// What the run takes, or took at most.
void TrainPage::showCosts(const std::optional<MemoryUse> &memory, const std::optional<LoaderWait> &wait, bool over)
{
    m_figures->setValue(QStringLiteral("memory"), memory ? memoryText(qint64(memory->used)) : QString());
    m_figures->setToolTip(QStringLiteral("memory"), over ? tr("The most that was in use at once") : memory ? memoryTip(*memory) : QString());
    m_figures->setFigureVisible(QStringLiteral("memory"), memory.has_value());
    m_figures->setValue(QStringLiteral("waited"), wait ? waitText(*wait) : QString());
    m_figures->setToolTip(QStringLiteral("waited"), wait ? waitTip(*wait) : QString());
    m_figures->setToolTip(QStringLiteral("speed"), wait ? waitTip(*wait) : QString()); // where there is no room for that figure
    m_figures->setFigureVisible(QStringLiteral("waited"), wait.has_value());
}

QString TrainPage::lossText(const std::optional<double> &nats) const
{
    constexpr double kMostInFull = 1e5; // a run that runs away goes far beyond
    return nats ? QString::number(*nats, *nats < kMostInFull ? 'f' : 'g', 3) : QString();
}

void TrainPage::updateRunning()
{
    if (!m_controller->isRunning()) {
        m_runs->setRunning(std::nullopt);
        m_allRuns->setRunning(std::nullopt);
    } else {
        RunLine line;
        line.name = tr("now %1").arg(modeText(m_controller->config().mode));
        const bool stopping = m_controller->state() == TrainingController::State::Stopping;
        line.state = !stopping ? tr("running") : m_controller->pauses() ? tr("pausing") : tr("stopping");
        line.mark = stopping ? Tone::Warning : Tone::Good;
        line.toolTip = joined(recipeTitle(liveReceipt()), line.state);
        if (const auto validated = m_curves->validationAccuracy(); m_view == View::Live && validated) {
            line.accuracy = percentText(*validated);
            line.measuredOn = validationWord();
        }
        m_runs->setRunning(line, m_controller->runFolder());
        if (m_view == View::Runs) // it is told when it is entered
            m_allRuns->setRunning(runningSummary());
    }
    m_runs->setVisible(m_runs->lineCount() > 0);
    m_noRuns->setVisible(m_runs->lineCount() == 0);
}

void TrainPage::reportActivity()
{
    if (!m_controller->isRunning()) {
        Q_EMIT activityChanged(std::nullopt);
        return;
    }
    const TrainProgress &progress = m_controller->progress();
    const bool epochs = m_controller->config().mode != TrainMode::Quick;
    PageActivity activity{tr("Training")};
    if (m_controller->state() == TrainingController::State::Stopping) {
        activity.text = m_controller->pauses() ? tr("Pausing the training") : tr("Stopping the training");
    } else if (progress.stage == TrainStage::Training && epochs && progress.epochs > 0 && progress.stepsPerEpoch > 0) {
        activity.text = tr("Training: epoch %1 of %2").arg(progress.epoch).arg(progress.epochs);
        activity.share = (double(progress.epoch - 1) + double(progress.step) / progress.stepsPerEpoch) / progress.epochs;
    } else if (progress.stage != TrainStage::Training && progress.stepsPerEpoch > 0) {
        activity.text = tr("Training: picture %1 of %2").arg(progress.step).arg(progress.stepsPerEpoch);
        activity.share = double(progress.step) / progress.stepsPerEpoch;
    }
    if (progress.left && m_controller->state() != TrainingController::State::Stopping)
        activity.left = tr("%1 left").arg(timeRangeText(*progress.left));
    Q_EMIT activityChanged(activity);
}

} // namespace whisker
