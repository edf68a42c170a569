// How the Train page shows all runs, and makes one once more.
#include "ui/train/train_page.h"

#include "ui/train/run_history.h"
#include "ui/train/run_overlays.h"
#include "ui/train/runs_table.h"
#include "ui/train/runs_view.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/notice_bar.h"

#include <QShortcut>
#include <algorithm>

namespace whisker {

void TrainPage::makeAllRuns()
{
    m_allRuns = new RunsView(*m_history, this);
    const QKeySequence key(Qt::CTRL | Qt::Key_R);
    auto *link = new Button(tr("All runs"), Button::Kind::Link, m_runsCard);
    link->setToolTip(tr("All runs in a table, with their receipts and your notes; there two are compared, and one is repeated (Ctrl+R)"));
    m_runsCard->addHeaderWidget(link);
    connect(link, &Button::clicked, this, &TrainPage::showAllRuns);
    auto *open = new QShortcut(key, this);
    open->setContext(Qt::WidgetWithChildrenShortcut);
    connect(open, &QShortcut::activated, this, &TrainPage::showAllRuns);
    m_backKey = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    m_backKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(m_backKey, &QShortcut::activated, this, &TrainPage::back);
    connect(m_back, &Button::clicked, this, &TrainPage::back);
}

void TrainPage::connectAllRuns()
{
    connect(m_allRuns, &RunsView::left, this, &TrainPage::leaveAllRuns);
    connect(m_allRuns, &RunsView::headChanged, this, &TrainPage::updateHeader);
    connect(m_allRuns, &RunsView::showWanted, this, &TrainPage::choose);
    connect(m_allRuns, &RunsView::overlayWanted, this, &TrainPage::layOver);
    connect(m_allRuns, &RunsView::repeatWanted, this, &TrainPage::repeat);
    connect(m_allRuns, &RunsView::removalWanted, this, &TrainPage::askToRemove);
    connect(m_allRuns, &RunsView::folderWanted, this, &TrainPage::openFolder);
    connect(m_allRuns, &RunsView::tryWanted, this, &TrainPage::tryModel);
    connect(m_allRuns, &RunsView::setupWanted, this, [this] {
        showView(m_before == View::Empty ? View::Empty : View::Setup);
        focusNext();
    });
    connect(m_allRuns, &RunsView::filesDropped, this, &TrainPage::filesDropped);
    connect(m_history, &RunHistory::repeatPlanned, this, &TrainPage::beginRepeat);
    connect(m_history, &RunHistory::judged, this, &TrainPage::tellVerdict);
}

void TrainPage::showAllRuns()
{
    if (m_view == View::Runs)
        return;
    m_before = m_view;
    const std::filesystem::path shown = m_view == View::Past && m_past ? m_past->folder : m_view == View::Live ? m_controller->runFolder() : std::filesystem::path();
    showView(View::Runs);
    updateRunning();
    m_allRuns->enter(shown);
}

void TrainPage::leaveAllRuns()
{
    if (m_view != View::Runs)
        return;
    showView(m_before);
    focusTarget()->setFocus();
}

/// Escape: the question first, then what lies behind it.
void TrainPage::back()
{
    if (!closeFocusedMessage())
        m_allRuns->back();
}

void TrainPage::layOver(const std::filesystem::path &runFolder)
{
    const bool laidOver = m_overlays->isLaidOver(runFolder);
    const QString problem = overlayOffer(runFolder).problem;
    if (!problem.isEmpty())
        return say(NoticeBar::Kind::Information, tr("It can't be laid over the curves on show: %1.").arg(problem));
    m_overlays->toggle(runFolder);
    if (m_before == View::Live || m_before == View::Past)
        leaveAllRuns();
    else
        say(NoticeBar::Kind::Information, laidOver ? tr("It is no longer laid over the curves.") : tr("It is laid over the curves of the next run that is shown."));
}

void TrainPage::repeat(const std::filesystem::path &runFolder)
{
    if (m_controller->isRunning() || refusesRuns())
        return;
    m_said.reset();
    updateNotice();
    m_history->planRepeat(runFolder, m_material.snapshot);
}

void TrainPage::beginRepeat(const std::filesystem::path &original, const RepeatPlan &plan)
{
    if (m_controller->isRunning())
        return; // something else was begun meanwhile
    leaveLastRun();
    beginPinned(plan.snapshot->classes);
    const auto known = std::ranges::find(m_history->runs(), original, &RunSummary::folder);
    RunReceipt receipt = known != m_history->runs().end() ? known->receipt : RunReceipt();
    receipt.config = plan.config;
    receipt.repeats = plan.output.repeats;
    receipt.started.clear();
    beginsWith(std::move(receipt));
    m_controller->repeat(plan, m_material.runsFolder);
    showView(View::Live);
    focusNext();
}

void TrainPage::judgeRepeat(const TrainReport &report)
{
    const std::filesystem::path original = repeatedRun(begunRun());
    const auto &runs = m_history->runs();
    if (original.empty())
        return;
    if (std::ranges::find(runs, original, &RunSummary::folder) != runs.end())
        m_history->judge(original, report.run, report.skipped);
    else
        tellOfRun(NoticeBar::Kind::Information, tr("The run that it repeats was deleted meanwhile: there is nothing to compare it with."));
}

/// Of a repeat that ended last; of others the comparison tells.
void TrainPage::tellVerdict(const std::filesystem::path &repeat, const RepeatVerdict &verdict)
{
    if (m_controller->isRunning() || m_controller->runFolder() != repeat)
        return;
    const bool stopped = report() && report()->outcome == TrainOutcome::Stopped;
    const auto kind = verdict.equal ? NoticeBar::Kind::Good : stopped ? NoticeBar::Kind::Information : NoticeBar::Kind::Warning;
    tellOfRun(kind, QString::fromStdString(verdict.sentence));
}

/// What is known of a run before it has learnt anything.
void TrainPage::beginsWith(RunReceipt receipt)
{
    m_begun = {};
    m_begun.config = std::move(receipt.config);
    m_begun.classes = std::move(receipt.classes);
    m_begun.trainImages = receipt.trainImages;
    m_begun.validationImages = receipt.validationImages;
    m_begun.testImages = receipt.testImages;
    m_begun.startModel = std::move(receipt.startModel);
    m_begun.repeats = std::move(receipt.repeats);
    m_begun.started = !receipt.started.empty() ? std::move(receipt.started) : QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
    m_since.start();
}

RunSummary TrainPage::begunRun() const
{
    return {m_controller->runFolder(), m_begun};
}

RunSummary TrainPage::runningSummary() const
{
    RunSummary run = begunRun();
    run.underWay = true;
    run.note = m_history->noteOf(run.folder);
    const TrainProgress &progress = m_controller->progress();
    run.receipt.device = progress.device;
    run.receipt.epochs = progress.stage == TrainStage::Training ? progress.epoch : 0;
    run.receipt.imagesPerSecond = progress.imagesPerSecond;
    run.receipt.seconds = double(m_since.elapsed()) / 1000.0;
    const auto &points = m_controller->points();
    const auto validated = std::find_if(points.rbegin(), points.rend(), [](const MetricPoint &point) { return point.series == MetricSeries::ValidationAccuracy; });
    if (validated != points.rend())
        run.receipt.validationAccuracy = validated->value;
    return run;
}

} // namespace whisker
