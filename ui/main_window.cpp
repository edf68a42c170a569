#include "ui/main_window.h"

#include "engine/base/process_memory.h"
#include "ui/project_session.h"
#include "ui/recent_projects.h"
#include "ui/texts.h"
#include "widgets/notice_bar.h"
#include "widgets/rail.h"
#include "widgets/status_line.h"

#include <QAbstractButton>
#include <QActionGroup>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QFileDialog>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kMemoryIntervalMs = 2000;
constexpr int kInUseIntervalMs = 1000;
constexpr auto kGeometryKey = "window/geometry";
constexpr auto kThemeKey = "window/theme";
} // namespace

MainWindow::MainWindow(ProjectSession &session, std::vector<PageEntry> pages, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_rail(new Rail), m_stack(new QStackedWidget), m_notice(new NoticeBar),
      m_status(new StatusLine), m_menu(new QMenu(this))
{
    setMinimumSize(960, 640);
    resize(1280, 800);
    for (auto &entry : pages) {
        m_rail->addPage(entry.icon, entry.title);
        m_places.push_back({std::move(entry)});
    }
    auto *central = new QWidget;
    auto *rows = new QVBoxLayout(central);
    auto *columns = new QHBoxLayout;
    auto *main = new QVBoxLayout;
    for (QBoxLayout *layout : {static_cast<QBoxLayout *>(rows), static_cast<QBoxLayout *>(columns), static_cast<QBoxLayout *>(main)}) {
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
    }
    m_noticeRow = new QHBoxLayout;
    m_noticeRow->addWidget(m_notice);
    m_noticeRow->setContentsMargins({});
    m_notice->installEventFilter(this);
    main->addLayout(m_noticeRow);
    main->addWidget(m_stack, 1);
    columns->addWidget(m_rail);
    columns->addLayout(main, 1);
    rows->addLayout(columns, 1);
    rows->addWidget(m_status);
    setCentralWidget(central);
    buildMenu();
    connect(m_rail, &Rail::pageChosen, this, &MainWindow::bring);
    listenToSession();
    m_memory.setInterval(kMemoryIntervalMs);
    connect(&m_memory, &QTimer::timeout, this, &MainWindow::showMemory);
    m_memory.start();
    showMemory();
    restoreGeometry(QSettings().value(kGeometryKey).toByteArray());
    bring(0);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildMenu()
{
    const auto add = [this](const QString &text, const QKeySequence &keys, auto slot) {
        QAction *action = m_menu->addAction(text);
        action->setShortcut(keys);
        addAction(action);
        connect(action, &QAction::triggered, this, slot);
    };
    add(tr("Open project..."), Qt::CTRL | Qt::ALT | Qt::Key_O, &MainWindow::chooseProject);
    add(tr("New project..."), Qt::CTRL | Qt::ALT | Qt::Key_N, &MainWindow::chooseNewProject);
    m_recent = m_menu->addMenu(tr("Recent projects"));
    connect(m_menu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    m_menu->addSeparator();
    addTheme(*m_menu->addMenu(tr("Appearance")));
    m_menu->addSeparator();
    add(tr("Quit"), Qt::CTRL | Qt::Key_Q, &MainWindow::close); // QKeySequence::Quit has no key on some desktops

    m_menuButton = m_rail->addMenuButton(Icon::Folder, tr("Projects"));
    connect(m_menuButton, &QAbstractButton::clicked, this, &MainWindow::openMenu);
}

/// Above its button, which is at the foot of the window; the first entry is chosen, so that the arrow keys and Return go on from there.
void MainWindow::openMenu()
{
    m_menu->popup(m_menuButton->mapToGlobal(QPoint(0, -m_menu->sizeHint().height() - 4)));
    m_menu->setActiveAction(m_menu->actions().constFirst());
}

void MainWindow::addTheme(QMenu &menu)
{
    auto *group = new QActionGroup(this);
    const std::array<std::pair<Scheme, QString>, 3> schemes{
        {{Scheme::System, tr("As the system")}, {Scheme::Light, tr("Light")}, {Scheme::Dark, tr("Dark")}}};
    for (const auto &[scheme, text] : schemes) {
        QAction *action = menu.addAction(text);
        action->setCheckable(true);
        action->setChecked(Theme::current().scheme() == scheme);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [scheme = scheme] {
            Theme::current().setScheme(scheme);
            QSettings().setValue(kThemeKey, static_cast<int>(scheme));
        });
    }
}

void MainWindow::fillRecent()
{
    m_recent->clear();
    for (const QString &file : recentProjects())
        m_recent->addAction(file, this, [this, file] { m_session.open(toPath(file)); });
    m_recent->setEnabled(!m_recent->isEmpty());
}

void MainWindow::listenToSession()
{
    for (const auto changed : {&ProjectSession::opened, &ProjectSession::classesChanged})
        connect(&m_session, changed, this, &MainWindow::showProject);
    for (const auto changed : {&ProjectSession::imagesAdded, &ProjectSession::imagesRemoved})
        connect(&m_session, changed, this, &MainWindow::showProject);
    connect(&m_session, &ProjectSession::opened, this, [this] {
        m_notice->dismiss();
        rememberProject(displayText(m_session.projectFile()));
        if (m_session.isReadOnly())
            m_notice->showNotice(NoticeBar::Kind::Information,
                                 m_session.projectFile() == m_inUse
                                     ? tr("This project can be looked at, but not changed: it is open in another window.")
                                     : tr("This project can be looked at, but not changed: its folder or its file is read-only."));
        m_inUse.clear();
        if (m_session.state().images.empty())
            bring(0); // where pictures come in
    });
    connect(&m_session, &ProjectSession::openFailed, this, [this](const QString &sentence) {
        m_noticeAction = [this] { chooseProject(); };
        m_notice->showNotice(NoticeBar::Kind::Error, sentence, tr("Open another"));
    });
    connect(&m_session, &ProjectSession::failed, this,
            [this](const QString &sentence) { m_notice->showNotice(NoticeBar::Kind::Error, sentence); });
    connect(&m_session, &ProjectSession::inUse, this, [this](const std::filesystem::path &file, const QString &sentence) {
        m_noticeAction = [this, file] {
            m_inUse = file;
            m_session.openForReading(file);
        };
        if (!m_notice->isVisible() || m_notice->text() != sentence)
            m_notice->showNotice(NoticeBar::Kind::Warning, sentence, tr("Open for reading"));
        if (!m_session.isOpen())
            QTimer::singleShot(kInUseIntervalMs, m_notice, [this, file, sentence] { // the other window may be closing: it takes a moment to end a training
                if (!m_session.isOpen() && m_notice->isVisible() && m_notice->text() == sentence)
                    m_session.open(file);
            });
    });
    connect(m_notice, &NoticeBar::actionTriggered, this, [this] {
        if (m_noticeAction)
            m_noticeAction();
    });
    showProject();
}

void MainWindow::showProject()
{
    const auto &state = m_session.state();
    setWindowTitle(m_session.isOpen() ? tr("%1 - Whisker").arg(m_session.name()) : tr("Whisker"));
    m_status->setProject(m_session.name());
    m_menuButton->setText(m_session.isOpen() ? m_session.name() : tr("Projects"));
    m_menuButton->setShortcut(Qt::Key_F10); // setText() took it away
    m_menuButton->setAccessibleName(m_session.isOpen() ? tr("Project %1, menu").arg(m_session.name()) : tr("Projects, menu"));
    m_menuButton->setToolTip(m_session.isOpen() ? tr("Project %1: open another, make a new one, appearance (F10)").arg(m_session.name())
                                                : tr("Open a project, make a new one, appearance (F10)"));
    const auto pictures = std::ranges::count_if(state.images, [](const ImageRecord &image) { return !image.excluded; });
    m_status->setSummary(m_session.isOpen() ? tr("%1, %2").arg(countText(pictures, tr("1 picture"), tr("%1 pictures")),
                                                            countText(std::ssize(state.classes), tr("1 class"), tr("%1 classes")))
                                            : QString());
}

Page *MainWindow::made(std::size_t index)
{
    Place &place = m_places[index];
    if (place.page)
        return place.page;
    place.page = place.entry.make(m_stack);
    m_stack->addWidget(place.page);
    connect(place.page, &Page::activityChanged, this, [this, index](const std::optional<PageActivity> &activity) {
        m_places[index].activity = activity;
        m_rail->setBusy(static_cast<int>(index), activity.has_value());
        showActivity();
    });
    connect(place.page, &Page::deviceChanged, m_status, &StatusLine::setDevice);
    connect(place.page, &Page::pageWanted, this, &MainWindow::showPage);
    Q_EMIT pageMade(place.entry.id);
    return place.page;
}

void MainWindow::makeNext()
{
    const auto missing = std::ranges::find(m_places, nullptr, &Place::page);
    if (missing == m_places.end())
        return;
    made(static_cast<std::size_t>(missing - m_places.begin()));
    QTimer::singleShot(0, this, &MainWindow::makeNext); // one page a turn, so that the window answers in between
}

void MainWindow::bring(int index)
{
    if (index < 0 || index >= static_cast<int>(m_places.size()))
        return;
    Page *page = made(static_cast<std::size_t>(index));
    m_stack->setCurrentWidget(page);
    m_rail->setCurrentPage(index);
    page->focusTarget()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::showPage(const QString &id)
{
    const auto place = std::ranges::find(m_places, id, [](const Place &each) { return each.entry.id; });
    if (place != m_places.end())
        bring(static_cast<int>(place - m_places.begin()));
}

Page *MainWindow::page(const QString &id) const
{
    const auto place = std::ranges::find(m_places, id, [](const Place &each) { return each.entry.id; });
    return place != m_places.end() ? place->page : nullptr;
}

Page *MainWindow::currentPage() const
{
    return static_cast<Page *>(m_stack->currentWidget());
}

void MainWindow::setDevice(const QString &text) { m_status->setDevice(text); }

/// What runs on the page in front comes before what runs elsewhere.
void MainWindow::showActivity()
{
    const Place *running = nullptr;
    for (const Place &place : m_places) {
        if (place.activity && (!running || place.page == currentPage()))
            running = &place;
    }
    if (running)
        m_status->setActivity(running->activity->text, running->activity->share, running->activity->left);
    else
        m_status->clearActivity();
}

void MainWindow::showMemory()
{
    if (const auto bytes = processMemoryBytes())
        m_status->setMemory(memoryText(qint64(*bytes)));
}

void MainWindow::chooseProject()
{
    auto *dialog = new QFileDialog(this, tr("Open a project"), displayText(m_session.projectFolder().parent_path()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Projects (*.whisker)"));
    connect(dialog, &QFileDialog::fileSelected, &m_session, [this](const QString &file) { m_session.open(toPath(file)); });
    dialog->open();
}

void MainWindow::chooseNewProject()
{
    auto *dialog = new QFileDialog(this, tr("Name a folder for the new project"), displayText(m_session.projectFolder().parent_path()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is written over: a folder that has a project is refused with a sentence
    dialog->setLabelText(QFileDialog::Accept, tr("Create"));
    connect(dialog, &QFileDialog::fileSelected, &m_session, [this](const QString &folder) { m_session.create(toPath(folder)); });
    dialog->open();
}

bool MainWindow::event(QEvent *event)
{
    const bool done = QMainWindow::event(event);
    // The backing store is flushed by the update request that follows the first paint event.
    if (event->type() == QEvent::UpdateRequest && isVisible() && !m_painted) {
        m_painted = true;
        QTimer::singleShot(0, this, [this] {
            Q_EMIT firstPainted();
            makeNext();
        });
    }
    return done;
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_notice && event->type() == QEvent::ShowToParent)
        m_noticeRow->setContentsMargins(20, 16, 20, 0);
    else if (watched == m_notice && event->type() == QEvent::HideToParent)
        m_noticeRow->setContentsMargins({}); // a layout keeps its margins though all in it is hidden
    return QMainWindow::eventFilter(watched, event);
}

/// Whoever comes back from a file manager has perhaps brought pictures back.
void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow())
        m_session.refreshMissing();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(kGeometryKey, saveGeometry());
    hide(); // at once, whatever the pages still have to bring to an end
    event->accept();
}

} // namespace whisker
