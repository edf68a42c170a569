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
#include <QShortcut>
#include <QDesktopServices>
#include <QUrl>
#include <algorithm>

namespace whisker {

void TrainPage::makeRunButtons()
{
    const QKeySequence key(Qt::CTRL | Qt::Key_P);
    m_more = new Button(tr("More epochs"), Button::Kind::Plain, this);
    m_more->setToolTip(tr("Trains this run on from where it ended"));
    auto *menu = new QMenu(m_more);
    for (const int epochs : {5, 10, 20, 50, 100})
        menu->addAction(tr("%1 more epochs").arg(epochs), this, [this, epochs] { trainMore(epochs); });
    m_more->setMenu(menu);
    m_goOn = new Button(tr("Go on"), Button::Kind::Primary, this);
    m_goOn->setKeyHint(key);
    m_goOn->setToolTip(tr("Goes on where the run stands, as if it had not been interrupted (Ctrl+P)"));
    m_pause = new Button(tr("Pause"), Button::Kind::Plain, this);
    m_pause->setKeyHint(key);
    m_pause->setToolTip(tr("Ends the run for now after the step that goes on; it can be gone on with at any time, also after the program was closed (Ctrl+P)"));
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
        if (const auto offered = std::exchange(m_offered, {}))
            offered();
        m_offer->dismiss();
    });
    connect(m_offer, &NoticeBar::secondTriggered, this, &TrainPage::withdrawOffer); // the run stays in the list
    connect(m_offer, &NoticeBar::closed, this, &TrainPage::withdrawOffer);
}

void TrainPage::withdrawOffer()
{
    m_offered = {};
    m_offer->dismiss();
}

void TrainPage::updateRunButtons()
{
    const bool running = m_controller->isRunning();
    const auto run = running ? std::nullopt : openRun();
    m_pause->setVisible(running && m_view != View::Runs && m_controller->config().mode != TrainMode::Quick);
    m_pause->setEnabled(m_controller->state() != TrainingController::State::Stopping);
    m_goOn->setVisible(run && !run->complete);
    m_more->setVisible(run.has_value());
    m_primary->setKind(m_goOn->isVisibleTo(this) ? Button::Kind::Plain : Button::Kind::Primary);
}

std::optional<TrainPage::OpenRun> TrainPage::openRun(const RunSummary &run)
{
    const RunStatus status = run.receipt.status;
    if (!run.hasCheckpoint || run.underWay || run.receipt.config.mode == TrainMode::Quick || status == RunStatus::Diverged)
        return std::nullopt;
    return OpenRun{run.folder, run.receipt.config, run.receipt.classes, status == RunStatus::Completed};
}

std::optional<TrainPage::OpenRun> TrainPage::openRun() const
{
    if (m_view == View::Past && m_past)
        return openRun(*m_past);
    if (m_view != View::Live || !m_result || !*m_result)
        return std::nullopt;
    const TrainReport &report = **m_result;
    if (m_controller->config().mode == TrainMode::Quick || report.outcome == TrainOutcome::Diverged)
        return std::nullopt;
    return OpenRun{report.run, m_controller->config(), report.classes, report.outcome == TrainOutcome::Completed};
}

void TrainPage::pause()
{
    if (!m_pause->isVisibleTo(this) || !m_pause->isEnabled())
        return;
    m_pausing = true;
    m_controller->cancel();
}

void TrainPage::goOn()
{
    if (const auto run = openRun(); run && !run->complete && !m_controller->isRunning())
        goOnWith(*run, 0);
}

void TrainPage::trainMore(int epochs)
{
    if (const auto run = openRun(); run && !m_controller->isRunning())
        goOnWith(*run, epochs);
}

void TrainPage::goOnWith(const OpenRun &wanted, int moreEpochs)
{
    const OpenRun run = wanted; // what it refers to may go
    m_result.reset();
    m_pausing = false;
    m_notice->dismiss();
    withdrawOffer();
    beginPinned(run.classes);
    const auto known = std::ranges::find(m_history->runs(), run.folder, &RunSummary::folder);
    RunReceipt receipt = known != m_history->runs().end() ? known->receipt : RunReceipt();
    receipt.config = run.config;
    receipt.config.epochs += moreEpochs;
    beginsWith(std::move(receipt));
    m_controller->goOn(run.folder, run.config, moreEpochs, m_material.snapshot);
    showView(View::Live);
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

/// Once a project: the newest run, where a crash or a power cut ended it.
void TrainPage::offerBrokenRun()
{
    if (!m_looksForBroken || m_history->runs().empty())
        return;
    m_looksForBroken = false;
    const RunSummary &newest = m_history->runs().front();
    const auto run = openRun(newest);
    if (newest.receipt.status != RunStatus::Unfinished || !run || m_controller->isRunning())
        return;
    m_offered = [this, run] {
        if (!m_controller->isRunning())
            goOnWith(*run, 0);
    };
    m_offer->showNotice(NoticeBar::Kind::Information,
                        tr("The run of %1 was broken off before it was finished. Nothing of it is lost up to its last checkpoint.")
                            .arg(runName(newest, QDateTime::currentDateTime())),
                        tr("Go on"), tr("Leave it"));
}

void TrainPage::connectRunList()
{
    connect(m_runs, &RunList::overlayWanted, m_overlays, &RunOverlays::toggle);
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
    std::vector<std::filesystem::path> there;
    QString name;
    for (const RunSummary &run : m_history->runs()) {
        if (std::ranges::find(runFolders, run.folder) == runFolders.end())
            continue;
        there.push_back(run.folder);
        name = runName(run, QDateTime::currentDateTime());
    }
    if (there.empty())
        return;
    m_offered = [this, there] { m_history->remove(there); };
    m_offer->showNotice(NoticeBar::Kind::Warning,
                        there.size() == 1 ? tr("Delete the run of %1 with its curves and its model? This can't be undone.").arg(name)
                                          : tr("Delete %1 runs with their curves and their models? This can't be undone.").arg(there.size()),
                        tr("Delete"), tr("Keep it"));
    if (there.size() > 1)
        m_offer->secondButton()->setText(tr("Keep them"));
    m_offer->secondButton()->setFocus();
}

/// It was deleted: what shows it goes.
void TrainPage::forgetRun(const std::filesystem::path &runFolder)
{
    const View shown = m_view == View::Runs ? m_before : m_view;
    const bool isPast = shown == View::Past && m_past && m_past->folder == runFolder;
    const bool isLast = shown == View::Live && m_result && *m_result && (*m_result)->run == runFolder;
    if (isPast || isLast) {
        m_result.reset();
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
