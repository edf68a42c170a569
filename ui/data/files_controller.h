#pragma once

#include "ui/data/files_bar.h"
#include "ui/data/folder_watcher.h"
#include "ui/data/path_question.h"
#include "ui/page.h"

class QAction;
class QMenu;

namespace whisker {

class Button;
class ExportSheet;
class WatchPanel;

/// What a person does with the files of a project: lists in, folders watched, labels and pictures out, missing pictures found again. Makes the button with its
/// menu, the bar that tells of it and the sheets that ask; `page` lays button() and bar() out, has the shortcuts, and owns all of it. GUI thread. Its destructor
/// stops what goes on and waits for one file at most. In a project that is open for reading only exports are on.
class FilesController : public QObject {
    Q_OBJECT
public:
    FilesController(ProjectSession &session, QWidget *page, WatchTimes times = {});
    ~FilesController() override;

    Button *button() const { return m_button; }
    FilesBar *bar() const { return m_bar; }
    QMenu *menu() const { return m_menu; }
    WatchPanel *watchPanel() const { return m_watchPanel; }
    ExportSheet *exportSheet() const { return m_exportSheet; }
    FolderWatcher *watcher() const { return m_watcher; }
    TransferController *transfer() const { return m_transfer; }
    /// Asks for paths in place of the system's dialogs.
    void setPathChooser(PathChooser chooser) { m_choose = std::move(chooser); }
    std::optional<PageActivity> activity() const; ///< Nothing: no export and no search goes on.

    void openMenu();
    void importList();
    void watchFolder();
    void exportLabels();
    void exportPictures();
    void findMissing();

Q_SIGNALS:
    void activityChanged();
    void missingWanted(); ///< The pictures that are missing, in the grid.
    void noneMissing();   ///< Any more: all have been found again, or are back.

private:
    QAction *addAction(const QString &text, const QKeySequence &keys, const QString &tip, void (FilesController::*slot)());
    void buildMenu();
    void listenToWatcher();
    void listenToTransfer();
    void refreshActions();
    /// `again`: what is done where it fails and the person wants to choose anew.
    void askAndDo(const PathQuestion &question, FilesBar::Work work, std::function<void()> again, std::function<void(const QString &)> begin);
    void chooseExportFolder();
    void showExported(const QString &text, NoticeBar::Kind kind, const QString &folder);
    void showMissing(NoticeBar::Kind kind, const QString &text);
    void showRelinked(const RelinkReport &report);
    void lookForMissing(const std::vector<ImageId> &changed);
    ImageId firstMissing() const;
    qint64 missingCount() const;

    ProjectSession &m_session;
    QWidget *m_page;
    PathChooser m_choose;
    FolderWatcher *m_watcher;
    TransferController *m_transfer;
    Button *m_button;
    QMenu *m_menu;
    FilesBar *m_bar;
    WatchPanel *m_watchPanel;
    ExportSheet *m_exportSheet;
    std::vector<QAction *> m_changing; // off where the project is open for reading
    std::vector<QAction *> m_exporting; // off while one goes on
    QAction *m_find = nullptr;
    FilesBar::Work m_work = FilesBar::Work::Labels; // what goes on, or went on last
    std::function<void()> m_again;
    std::weak_ptr<Project> m_searched; // whose pictures are looked for; not held open
    bool m_isSearching = false;
    TransferProgress m_progress;
    bool m_saysMissing = false; // the message does
    qulonglong m_toldMissing = 0; // so many, by itself
    ImageId m_missing = 0;      // one of those that are missing; 0: none is
};

} // namespace whisker
