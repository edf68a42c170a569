#include "ui/data/files_controller.h"

#include "ui/data/export_sheet.h"
#include "ui/data/watch_panel.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileInfo>
#include <QMenu>
#include <QUrl>
#include <algorithm>
#include <utility>

namespace whisker {

using Work = FilesBar::Work;
using Kind = NoticeBar::Kind;

FilesController::FilesController(ProjectSession &session, QWidget *page, WatchTimes times)
    : QObject(page), m_session(session), m_page(page), m_choose(&askForPath), m_watcher(new FolderWatcher(session, times, this)),
      m_transfer(new TransferController(session, this)), m_button(new Button(tr("Files"), Button::Kind::Plain, page)), m_menu(new QMenu(page)),
      m_bar(new FilesBar(page)), m_watchPanel(new WatchPanel(session, *m_watcher, m_button, page)), m_exportSheet(new ExportSheet(session, m_button, page))
{
    buildMenu();
    listenToWatcher();
    listenToTransfer();
    connect(m_bar, &FilesBar::cancelled, m_transfer, &TransferController::cancel);
    connect(&session, &ProjectSession::opened, this, [this] {
        m_bar->dismiss();
        m_saysMissing = false;
        m_toldMissing = 0;
        m_missing = firstMissing();
        refreshActions();
    });
    for (const auto changed : {&ProjectSession::imagesAdded, &ProjectSession::imagesRemoved})
        connect(&session, changed, this, &FilesController::refreshActions);
    connect(&session, &ProjectSession::imagesChanged, this, &FilesController::lookForMissing);
    connect(&session, &ProjectSession::importStarted, this, [this] {
        if (m_bar->notice()->kind() == Kind::Good || m_bar->notice()->kind() == Kind::Information)
            m_bar->dismiss(); // it is about something before
    });
    refreshActions();
}

FilesController::~FilesController() = default;

QAction *FilesController::addAction(const QString &text, const QKeySequence &keys, const QString &tip, void (FilesController::*slot)())
{
    auto *action = m_menu->addAction(text);
    action->setShortcut(keys);
    action->setShortcutVisibleInContextMenu(true);
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, slot);
    m_page->addAction(action);
    return action;
}

void FilesController::buildMenu()
{
    m_menu->setToolTipsVisible(true);
    m_changing.push_back(addAction(tr("Import a list (CSV or JSON)..."), Qt::CTRL | Qt::Key_I, tr("Files with their labels, as a table or as JSON"), &FilesController::importList));
    m_changing.push_back(addAction(tr("Watch a folder..."), Qt::CTRL | Qt::SHIFT | Qt::Key_W, tr("New pictures in it come in by themselves; and the folders that are watched"), &FilesController::watchFolder));
    m_menu->addSeparator();
    m_exporting.push_back(addAction(tr("Export labels as CSV..."), Qt::CTRL | Qt::Key_E, tr("A table of all pictures, which can be imported again"), &FilesController::exportLabels));
    m_exporting.push_back(addAction(tr("Export pictures as class folders..."), Qt::CTRL | Qt::SHIFT | Qt::Key_E, tr("Copies or links, for other programs"), &FilesController::exportPictures));
    m_menu->addSeparator();
    m_find = addAction(tr("Find missing pictures..."), Qt::CTRL | Qt::SHIFT | Qt::Key_M, tr("Pictures that were moved, by their content"), &FilesController::findMissing);
    const QKeySequence keys = Qt::ALT | Qt::Key_F;
    auto *open = new QAction(tr("Files"), this);
    open->setShortcut(keys);
    connect(open, &QAction::triggered, this, &FilesController::openMenu);
    m_page->addAction(open);
    m_button->setToolTip(tr("Lists, watched folders, exports, missing pictures (%1)").arg(keyText(keys)));
    connect(m_button, &Button::clicked, this, &FilesController::openMenu);
}

void FilesController::openMenu()
{
    openBelow(*m_menu, *m_button);
}

void FilesController::refreshActions()
{
    const bool mayChange = m_session.isOpen() && !m_session.isReadOnly(), isIdle = !m_transfer->isBusy(), any = !m_session.state().images.empty();
    for (QAction *action : m_changing)
        action->setEnabled(mayChange);
    for (QAction *action : m_exporting)
        action->setEnabled(m_session.isOpen() && isIdle && any);
    m_find->setEnabled(mayChange && isIdle && any);
    m_button->setVisible(m_session.isOpen());
}

void FilesController::listenToWatcher()
{
    const Offer list{tr("Watched folders"), [this] { m_watchPanel->open(); }};
    connect(m_watcher, &FolderWatcher::noticed, this, [this, list](const QString &sentence) {
        const bool away = std::ranges::any_of(m_watcher->folders(), [this](const WatchedFolder &each) { return m_watcher->isAway(each.folder); });
        m_saysMissing = false;
        m_bar->showMessage(away ? Kind::Warning : Kind::Information, sentence, list);
    });
    connect(m_watcher, &FolderWatcher::failed, this, [this, list](const QString &sentence) {
        m_saysMissing = false;
        m_bar->showMessage(Kind::Error, sentence, list);
    });
    connect(m_watchPanel, &WatchPanel::folderWanted, this, [this] {
        const auto watch = [this, meaning = m_watchPanel->meaning()](const QString &folder) { m_watcher->watch(folder, meaning); };
        m_choose(m_page, {PathQuestion::Kind::Folder, tr("Watch a folder"), tr("Watch"), {}}, watch);
    });
}

void FilesController::listenToTransfer()
{
    connect(m_exportSheet, &ExportSheet::folderWanted, this, &FilesController::chooseExportFolder);
    connect(m_transfer, &TransferController::started, this, [this] {
        m_progress = {};
        m_saysMissing = false;
        m_isSearching = m_work == Work::Search;
        m_bar->begin(m_work);
        refreshActions();
        Q_EMIT activityChanged();
    });
    connect(m_transfer, &TransferController::progressed, this, [this](const TransferProgress &progress) {
        m_progress = progress;
        m_bar->showProgress(progress);
        Q_EMIT activityChanged();
    });
    connect(m_transfer, &TransferController::ended, this, [this] {
        if (m_transfer->isBusy())
            return;
        m_isSearching = false;
        m_bar->end();
        refreshActions();
        Q_EMIT activityChanged();
    });
    connect(m_transfer, &TransferController::labelsExported, this, [this](const QString &csv, qulonglong rows) {
        const QFileInfo file(csv);
        const QString text = countText(static_cast<qint64>(rows), tr("1 picture is listed in %1."), tr("%1 pictures are listed in %2."));
        showExported(text.arg(file.fileName()), Kind::Good, file.absolutePath());
    });
    connect(m_transfer, &TransferController::picturesExported, this, [this](const QString &folder, const ExportReport &report) {
        const Kind kind = report.cancelled ? Kind::Information : report.skipped.empty() ? Kind::Good : Kind::Warning;
        showExported(exportedText(report), kind, folder);
    });
    connect(m_transfer, &TransferController::relinked, this, &FilesController::showRelinked);
    connect(m_transfer, &TransferController::picturesMissing, this, [this](qulonglong count) {
        if (std::exchange(m_toldMissing, count) != count) // not again after it was closed
            showMissing(Kind::Warning, missingText(static_cast<qint64>(count)));
    });
    connect(m_transfer, &TransferController::failed, this, [this](const QString &sentence) {
        m_bar->showMessage(Kind::Error, sentence, {tr("Choose again..."), m_again});
    });
}

void FilesController::askAndDo(const PathQuestion &question, Work work, std::function<void()> again, std::function<void(const QString &)> begin)
{
    m_choose(m_page, question, [this, work, again = std::move(again), begin = std::move(begin)](const QString &path) {
        m_work = work;
        m_again = again;
        m_searched = m_session.project();
        begin(path);
    });
}

void FilesController::importList()
{
    m_choose(m_page, {PathQuestion::Kind::List, tr("Import a list"), tr("Import"), {}}, [this](const QString &file) { m_session.importPaths({file}); });
}

void FilesController::watchFolder() { m_watchPanel->toggle(); }

void FilesController::exportLabels()
{
    askAndDo({PathQuestion::Kind::NewCsv, tr("Export labels"), tr("Export"), displayText(m_session.projectFolder())}, Work::Labels, [this] { exportLabels(); },
             [this](const QString &csv) { m_transfer->exportLabels(csv); });
}

void FilesController::exportPictures() { m_exportSheet->toggle(); }

void FilesController::chooseExportFolder()
{
    askAndDo({PathQuestion::Kind::Folder, tr("A new or an empty folder for the pictures"), tr("Export here"), {}}, Work::Pictures, [this] { m_exportSheet->open(); },
             [this](const QString &folder) {
                 m_exportSheet->hide();
                 m_transfer->exportPictures(folder, m_exportSheet->options());
             });
}

void FilesController::findMissing()
{
    askAndDo({PathQuestion::Kind::Folder, tr("Where may the missing pictures be?"), tr("Look here"), {}}, Work::Search, [this] { findMissing(); },
             [this](const QString &folder) { m_transfer->relink(folder); });
}

void FilesController::showExported(const QString &text, Kind kind, const QString &folder)
{
    m_bar->showMessage(kind, text, {tr("Open folder"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }});
}

/// Changes come in thousands of batches where a whole disk is away: each costs what has changed, not what there is.
void FilesController::lookForMissing(const std::vector<ImageId> &changed)
{
    const auto isMissing = [this](ImageId id) {
        const auto *image = m_session.image(id);
        return image && image->state == ImageState::Missing;
    };
    if (m_missing == 0) {
        const auto found = std::ranges::find_if(changed, isMissing);
        m_missing = found == changed.end() ? 0 : *found;
        return;
    }
    if (isMissing(m_missing))
        return;
    m_missing = firstMissing();
    if (m_missing != 0)
        return;
    m_toldMissing = 0;
    if (m_saysMissing)
        m_bar->dismiss();
    Q_EMIT noneMissing();
}

ImageId FilesController::firstMissing() const
{
    const auto &images = m_session.state().images;
    const auto found = std::ranges::find(images, ImageState::Missing, &ImageRecord::state);
    return found == images.end() ? 0 : found->id;
}

qint64 FilesController::missingCount() const { return std::ranges::count(m_session.state().images, ImageState::Missing, &ImageRecord::state); }

void FilesController::showMissing(Kind kind, const QString &text)
{
    m_saysMissing = true;
    m_bar->showMessage(kind, text, {tr("Find them..."), [this] { findMissing(); }}, {tr("Show them"), [this] { Q_EMIT missingWanted(); }});
}

/// By a search, or by itself when a project was opened.
void FilesController::showRelinked(const RelinkReport &report)
{
    if (m_isSearching && m_searched.lock() != m_session.project())
        return; // another one is open by now
    const qint64 missing = missingCount();
    const QString text = relinkedText(report, missing);
    if (missing > 0)
        showMissing(Kind::Warning, text);
    else
        m_bar->showMessage(report.relinked > 0 ? Kind::Good : Kind::Information, text);
}

std::optional<PageActivity> FilesController::activity() const
{
    if (!m_transfer->isBusy())
        return {};
    PageActivity activity{m_work == Work::Search ? tr("Looking for missing pictures") : m_work == Work::Labels ? tr("Writing labels") : tr("Exporting pictures")};
    if (m_progress.found > 0)
        activity.share = static_cast<double>(m_progress.done) / static_cast<double>(m_progress.found);
    if (m_progress.left)
        activity.left = timeLeftText(*m_progress.left);
    return activity;
}

} // namespace whisker
