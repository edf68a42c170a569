#include "ui/data/watch_panel.h"

#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QButtonGroup>
#include <QRadioButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kWidth = 440;
constexpr int kRowHeight = 48;
constexpr std::size_t kMostRowsAtOnce = 4;
constexpr auto kNote = "note";

} // namespace

WatchPanel::WatchPanel(const ProjectSession &session, FolderWatcher &watcher, QWidget *button, QWidget *parent)
    : PopupCard(tr("Watched folders"), kWidth, button, parent), m_watcher(watcher), m_sentence(new SentenceLabel), m_scroll(new QScrollArea),
      m_meaning(new QButtonGroup(this)), m_choose(new Button(tr("Choose a folder..."), Button::Kind::Primary))
{
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_sentence->setText(tr("New pictures in these folders come into the project by themselves, while it is open."));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    addWidget(m_sentence);
    addWidget(m_scroll);
    addWidget(new TextLabel(tr("Watch another folder"), Tone::Quiet));
    for (const auto &[meaning, text] : {std::pair(FolderMeaning::ClassFolders, tr("Its sub-folders are the classes")),
                                        std::pair(FolderMeaning::Unlabelled, tr("All pictures in it and below are without a label"))}) {
        auto *choice = new QRadioButton(text);
        choice->setChecked(meaning == FolderMeaning::ClassFolders);
        m_meaning->addButton(choice, static_cast<int>(meaning));
        addWidget(choice);
    }
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_choose);
    body()->addLayout(row);
    connect(m_choose, &Button::clicked, this, &WatchPanel::folderWanted);
    WatchPanel::fill();
    const auto refill = [this] {
        if (!isVisible())
            return;
        fill();
        place();
    };
    connect(&watcher, &FolderWatcher::foldersChanged, this, refill);
    connect(&watcher, &FolderWatcher::noticed, this, refill);
    connect(&session, &ProjectSession::opened, this, &QWidget::hide);
}

FolderMeaning WatchPanel::meaning() const { return static_cast<FolderMeaning>(m_meaning->checkedId()); }

void WatchPanel::setMeaning(FolderMeaning meaning) { m_meaning->button(static_cast<int>(meaning))->setChecked(true); }

QList<Button *> WatchPanel::stopButtons() const { return m_scroll->widget()->findChildren<Button *>(); }

QStringList WatchPanel::notes() const
{
    QStringList notes;
    for (const auto *note : m_scroll->widget()->findChildren<TextLabel *>(QLatin1String(kNote)))
        notes.append(note->text());
    return notes;
}

void WatchPanel::fill()
{
    auto *content = new QWidget;
    m_rows = new QVBoxLayout(content);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    for (const auto &watched : m_watcher.folders())
        addRow(watched);
    m_rows->addStretch(1);
    if (auto *old = m_scroll->takeWidget()) {
        old->hide();
        old->deleteLater(); // it may be a click in it that asks for this
    }
    m_scroll->setWidget(content);
    content->setAutoFillBackground(false); // which the area has just switched on
    const auto rows = m_watcher.folders().size();
    m_scroll->setFixedHeight(static_cast<int>(std::min(rows, kMostRowsAtOnce)) * kRowHeight);
    m_scroll->setVisible(rows > 0);
}

void WatchPanel::addRow(const WatchedFolder &watched)
{
    const QString folder = displayText(watched.folder);
    const bool away = m_watcher.isAway(watched.folder);
    auto *row = new QWidget;
    row->setFixedHeight(kRowHeight);
    auto *path = new TextLabel(folder);
    path->setElideMode(Qt::ElideMiddle);
    auto *note = new TextLabel(away                                                   ? tr("It isn't there now")
                               : watched.meaning == FolderMeaning::ClassFolders ? tr("Sub-folders are classes")
                                                                                : tr("Without labels"),
                               away ? Tone::Warning : Tone::Quiet);
    note->setSize(12);
    note->setObjectName(QLatin1String(kNote));
    auto *stop = new Button(tr("Stop watching"), Button::Kind::Plain);
    stop->setAccessibleName(tr("Stop watching %1").arg(folder));
    stop->setToolTip(tr("Its pictures stay in the project"));
    connect(stop, &Button::clicked, this, [this, folder = watched.folder, stop] {
        stop->setEnabled(false);
        m_watcher.unwatch(displayText(folder));
    });
    auto *texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addStretch(1);
    texts->addWidget(path);
    texts->addWidget(note);
    texts->addStretch(1);
    auto *columns = new QHBoxLayout(row);
    columns->setContentsMargins(0, 0, m_watcher.folders().size() > kMostRowsAtOnce ? 8 : 0, 0); // beside the scroll bar
    columns->setSpacing(12);
    columns->addLayout(texts, 1);
    columns->addWidget(stop);
    m_rows->addWidget(row);
}

QWidget *WatchPanel::firstFocus() { return m_choose; }

} // namespace whisker
