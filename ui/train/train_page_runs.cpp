// How runs are paused, gone on with and made longer on the Train page.
#include "ui/train/train_page.h"

#include "ui/project_session.h"
#include "ui/texts.h"
#include "ui/train/pinned_card.h"
#include "ui/train/run_list.h"
#include "ui/train/run_overlays.h"
#include "ui/train/run_texts.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"

#include <QMenu>
#include <QPointer>
#include <QShortcut>
#include <QDesktopServices>
#include <QUrl>
#include <algorithm>
#include <array>

namespace whisker {

namespace {

constexpr std::array kMoreEpochs{5, 10, 20, 50, 100};

} // namespace

void TrainPage::makeRunButtons()
{
    const QKeySequence key(Qt::CTRL | Qt::Key_P);
    m_more = new Button(tr("More epochs"), Button::Kind::Plain, this);
    auto *menu = new QMenu(m_more);
    for (const int epochs : kMoreEpochs)
        menu->addAction(QString(), this, [this, epochs] { trainMore(epochs); });
    m_more->setMenu(menu);
    m_goOn = new Button(tr("Go on"), Button::Kind::Primary, this);
    m_goOn->setKeyHint(key);
    m_pause = new Button(tr("Pause"), Button::Kind::Plain, this);
    m_pause->setKeyHint(key);
    m_pause->setToolTip(tr("Ends the run for now; it can be gone on with at any time, also after the program was closed (Ctrl+P)"));
    m_back = new Button(tr("Back"), Button::Kind::Plain, this);
    m_back->setKeyHint(Qt::Key_Escape);
    for (Button *button : {m_back, m_more, m_goOn, m_pause})
        m_header->addButton(button);
    connect(m_goOn, &Button::clicked, this, &TrainPage::goOn);
    connect(m_pause, &Button::clicked, this, &TrainPage::pause);
    auto *shortcut = new QShortcut(key, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, [this] { m_controller->isRunning() ? pause() : goOn(); });
}

void TrainPage::makeOffer()
{
    m_offer = new NoticeBar(this);
    connect(m_offer, &NoticeBar::actionTriggered, this, [this] {
        const QPointer<const QWidget> focused = window()->focusWidget();
        if (const auto offered = std::exchange(m_offered, {}))
            offered();
        m_offer->dismiss();
        keepFocus(focused);
    });
    connect(m_offer, &NoticeBar::secondTriggered, this, [this] { // the run stays in the list
        withdrawOffer();
        focusNext();
    });
    connect(m_offer, &NoticeBar::closed, this, &TrainPage::withdrawOffer);
}

void TrainPage::withdrawOffer()
{
    m_offered = {};
    m_asks = false;
    m_offer->dismiss();
}

void TrainPage::updateRunButtons()
{
    const bool running = m_controller->isRunning();
    const auto run = running ? std::nullopt : openRun();
    m_pause->setVisible(running && m_view != View::Runs && m_controller->config().mode != TrainMode::Quick);
    m_pause->setEnabled(m_controller->state() != TrainingController::State::Stopping);
    m_goOn->setVisible(run && !run->complete);
    m_more->setVisible(run && run->hasCheckpoint);
    m_primary->setKind(m_goOn->isVisibleTo(this) ? Button::Kind::Plain : Button::Kind::Primary);
    for (Button *button : {m_goOn, m_more}) {
        button->setEnabled(!m_material.readOnly);
        button->setToolTip(m_material.obstacle);
    }
    if (!run || m_material.readOnly)
        return;
    const int done = run->receipt.epochs;
    m_goOn->setToolTip(run->stopped && done > 0 ? tr("Goes on where the run stands, after epoch %1 of %2, as if it had not been interrupted (Ctrl+P)").arg(done).arg(run->receipt.config.epochs)
                       : run->hasCheckpoint     ? tr("Goes on from the last checkpoint of the run, as if it had not been interrupted (Ctrl+P)")
                                                : tr("Begins the run again: it has no checkpoint yet (Ctrl+P)"));
    const int before = run->complete ? done : run->receipt.config.epochs;
    m_more->setToolTip(run->complete ? tr("Trains this run on from where it ended, after its %1 epochs").arg(done)
                                     : tr("Goes on with this run, which is then longer than the %1 epochs that were planned").arg(before));
    const auto actions = m_more->menu()->actions();
    for (std::size_t i = 0; i < kMoreEpochs.size(); ++i)
        actions[qsizetype(i)]->setText(tr("%1 more epochs, %2 in all").arg(kMoreEpochs[i]).arg(before + kMoreEpochs[i]));
}

std::optional<TrainPage::OpenRun> TrainPage::openRun(const RunSummary &run)
{
    const RunReceipt &receipt = run.receipt;
    if (run.folder.empty() || run.underWay || receipt.config.mode == TrainMode::Quick || receipt.status == RunStatus::Diverged)
        return std::nullopt;
    const bool complete = receipt.status == RunStatus::Completed;
    const bool open = complete ? run.hasCheckpoint && receipt.epochs > 0 // with none there was nothing to gain, and there is nothing now
                               : canGoOn(run);
    return open ? std::optional(OpenRun{run.folder, receipt, complete, receipt.status == RunStatus::Stopped, run.hasCheckpoint}) : std::nullopt;
}

std::optional<TrainPage::OpenRun> TrainPage::openRun() const
{
    if (m_view == View::Past && m_past)
        return openRun(*m_past);
    return m_view == View::Live && m_end ? openRun(m_end->run) : std::nullopt;
}

void TrainPage::pause()
{
    if (!m_pause->isVisibleTo(this) || !m_pause->isEnabled())
        return;
    m_controller->pause();
}

void TrainPage::goOn()
{
    if (const auto run = openRun(); run && !run->complete && !m_controller->isRunning())
        goOnWith(*run, 0);
}

void TrainPage::trainMore(int epochs)
{
    if (const auto run = openRun(); run && run->hasCheckpoint && !m_controller->isRunning())
        goOnWith(*run, epochs);
}

void TrainPage::goOnWith(const OpenRun &wanted, int moreEpochs)
{
    if (refusesRuns())
        return;
    const std::filesystem::path folder = wanted.folder; // what it refers to may go
    RunReceipt receipt = wanted.receipt;
    if (moreEpochs > 0) {
        if (wanted.complete)
            receipt.config.epochs = receipt.epochs; // fewer than planned where it ran out of patience
        receipt.repeats.clear();                // what it becomes the first run was not
    }
    const TrainConfig config = receipt.config;
    receipt.config.epochs += moreEpochs;
    leaveLastRun();
    if (folder != m_controller->runFolder())
        beginPinned(receipt.classes); // else what was answered so far goes on
    beginsWith(std::move(receipt));
    m_controller->goOn(folder, config, moreEpochs, m_material.snapshot);
    showView(View::Live);
    focusNext();
}

void TrainPage::beginPinned(const std::vector<std::string> &classes)
{
    QStringList names;
    std::vector<int> colours; // as the project has them now
    for (const std::string &name : classes) {
        names.append(QString::fromStdString(name));
        const auto &known = m_material.snapshot ? m_material.snapshot->classes : classes;
        const auto place = std::size_t(std::ranges::find(known, name) - known.begin());
        colours.push_back(place < m_material.classColours.size() ? m_material.classColours[place] : -1);
    }
    m_pinned->begin(names, colours);
}

/// Once a project: the newest run, where it was paused, or a crash or a power cut ended it.
void TrainPage::offerBrokenRun()
{
    if (!m_looksForBroken || !m_history->isRead() || m_material.readOnly)
        return;
    m_looksForBroken = false;
    if (m_history->runs().empty())
        return;
    const RunSummary &newest = m_history->runs().front();
    const auto run = openRun(newest);
    if ((newest.receipt.status != RunStatus::Unfinished && !newest.receipt.paused) || !run || m_controller->isRunning())
        return;
    m_offered = [this, run] {
        if (!m_controller->isRunning())
            goOnWith(*run, 0);
    };
    m_offer->showNotice(NoticeBar::Kind::Information, interruptedText(newest, m_history->nameOf(newest)), tr("Go on"));
}

void TrainPage::connectRunList()
{
    connect(m_runs, &RunList::overlayWanted, m_overlays, &RunOverlays::toggle);
    connect(m_overlays, &RunOverlays::changed, m_runs, &RunList::updateOverlayAction);
    m_runs->setOverlayOffer([this](const std::filesystem::path &folder) { return overlayOffer(folder); });
    connect(m_runs, &RunList::removalWanted, this, [this](const std::filesystem::path &folder) { askToRemove({folder}); });
    connect(m_runs, &RunList::folderWanted, this, &TrainPage::openFolder);
    connect(m_history, &RunHistory::removed, this, &TrainPage::forgetRun);
}

void TrainPage::openFolder(const std::filesystem::path &folder)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromUtf8(folder.string())));
}

/// What would destroy something asks first.
void TrainPage::askToRemove(const std::vector<std::filesystem::path> &runFolders)
{
    if (m_material.readOnly)
        return say(NoticeBar::Kind::Warning, tr("This project is open for reading only: its runs can't be deleted here."));
    std::vector<std::filesystem::path> there;
    QString name;
    for (const RunSummary &run : m_history->runs()) {
        if (std::ranges::find(runFolders, run.folder) == runFolders.end())
            continue;
        there.push_back(run.folder);
        name = m_history->nameOf(run);
    }
    if (there.empty())
        return;
    m_offered = [this, there] { m_history->remove(there); };
    m_asks = true;
    m_offer->showNotice(NoticeBar::Kind::Warning,
                        there.size() == 1 ? tr("Delete the run of %1 with its curves and its model? This can't be undone.").arg(name)
                                          : tr("Delete %1 runs with their curves and their models? This can't be undone.").arg(there.size()),
                        tr("Delete"), tr("Keep it"));
    if (there.size() > 1)
        m_offer->secondButton()->setText(tr("Keep them"));
    m_offer->secondButton()->setFocus();
}

RunOverlays::Offer TrainPage::overlayOffer(const std::filesystem::path &runFolder) const
{
    const auto run = std::ranges::find(m_history->runs(), runFolder, &RunSummary::folder);
    return m_overlays->offer(run != m_history->runs().end() ? *run : RunSummary{runFolder});
}

/// It was deleted: what shows it goes.
void TrainPage::forgetRun(const std::filesystem::path &runFolder)
{
    const View shown = m_view == View::Runs ? m_before : m_view;
    const bool isPast = shown == View::Past && m_past && m_past->folder == runFolder;
    const bool isLast = shown == View::Live && m_end && m_end->run.folder == runFolder; // one that failed too
    if (isPast || isLast) {
        m_end.reset();
        m_past.reset();
        m_before = View::Setup;
        if (m_view != View::Runs)
            showView(View::Setup);
    }
    if (!m_session || m_session->latestModel().parent_path() != runFolder)
        return;
    std::vector<RunSummary> left = m_history->runs();
    std::erase_if(left, [&](const RunSummary &run) { return run.folder == runFolder; });
    m_session->announceModel(newestModel(left));
}

} // namespace whisker
