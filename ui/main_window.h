#pragma once

#include "ui/page.h"

#include <QMainWindow>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <vector>

class QAbstractButton;
class QHBoxLayout;
class QMenu;
class QStackedWidget;

namespace whisker {

class NoticeBar;
class ProjectSession;
class Rail;
class StatusLine;

/// A page as the rail shows it before it is made: the first one is made at once, the others after the window has been painted, or when they are wanted.
struct PageEntry {
    QString id;
    Icon icon = Icon::Data;
    QString title;
    std::function<Page *(QWidget *parent)> make;
};

/// The one window: rail, pages, status line, and the menu of projects and appearance. GUI thread. `session` outlives it. Closing asks nothing: the destructors
/// of the pages stop what runs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(ProjectSession &session, std::vector<PageEntry> pages, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Brings the page to the front; one that isn't there yet is made.
    void showPage(const QString &id);
    Page *page(const QString &id) const; ///< Null while it isn't made.
    Page *currentPage() const;
    void setDevice(const QString &text); ///< Until a page says what is really in use.
    NoticeBar *notice() const { return m_notice; }

    void chooseProject();
    void chooseNewProject();

Q_SIGNALS:
    void pageMade(const QString &id);
    void firstPainted(); ///< Once, when the window has been painted for the first time.

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Place {
        PageEntry entry;
        Page *page = nullptr;
        std::optional<PageActivity> activity{};
    };
    void buildMenu();
    void fillRecent();
    void addTheme(QMenu &menu);
    void openMenu();
    void listenToSession();
    Page *made(std::size_t index);
    void makeNext();
    void bring(int index);
    void showActivity();
    void showProject();
    void showMemory();

    ProjectSession &m_session;
    std::vector<Place> m_places;
    Rail *m_rail;
    QStackedWidget *m_stack;
    QHBoxLayout *m_noticeRow = nullptr;
    NoticeBar *m_notice;
    std::filesystem::path m_inUse; // by another window; opened for reading by the user
    std::function<void()> m_noticeAction; // of the notice's button
    StatusLine *m_status;
    QMenu *m_menu;
    QAbstractButton *m_menuButton = nullptr;
    QMenu *m_recent = nullptr;
    QTimer m_memory;
    bool m_painted = false;
};

} // namespace whisker
