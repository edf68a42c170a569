#include "ui/data/history_panel.h"

#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {

constexpr int kWidth = 360;
constexpr int kRowHeight = 32;
constexpr int kMostRowsAtOnce = 12;
constexpr int kRoomForTitle = 72;

/// The words at the left, the time at the right; a bar before the change that is the last to stand.
class HistoryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &colours = Theme::current().colours();
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver))
            painter->fillRect(option.rect, colours.accentGround);
        const bool isCurrent = index.data(HistoryModel::CurrentRole).toBool();
        if (isCurrent)
            painter->fillRect(QRect(option.rect.left(), option.rect.top() + 6, 3, kRowHeight - 12), colours.accent);
        const QRect area = option.rect.adjusted(10, 0, -6, 0);
        const QString time = index.data(HistoryModel::TimeRole).toString();
        painter->setFont(themeFont(11));
        const int timeWidth = painter->fontMetrics().horizontalAdvance(time);
        painter->setPen(colours.quietText);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, time);
        painter->setFont(themeFont(13));
        painter->setPen(index.data(HistoryModel::UndoneRole).toBool() ? colours.quietText : colours.text);
        const QRect words = area.adjusted(0, 0, -timeWidth - 12, 0);
        painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, words.width()));
    }
};

} // namespace

HistoryPanel::HistoryPanel(ProjectSession &session, QWidget *button, QWidget *parent)
    : PopupCard(tr("History"), kWidth, button, parent), m_session(session), m_model(new HistoryModel(this)), m_list(new QListView(this)),
      m_sentence(new SentenceLabel(this))
{
    m_list->setModel(m_model);
    m_list->setItemDelegate(new HistoryDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("History of changes"));
    m_list->installEventFilter(this);
    addWidget(m_list);
    addWidget(m_sentence);
    connect(m_list, &QListView::clicked, this, &HistoryPanel::goTo);
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &HistoryPanel::ask);
    const auto soon = [this] {
        if (isVisible())
            m_soon.start();
    };
    connect(&session, &ProjectSession::opened, this, soon);
    connect(&session, &ProjectSession::undoChanged, this, soon);
    connect(&session, &ProjectSession::changed, this, soon);
}

QString HistoryPanel::sentence() const { return m_sentence->isHidden() ? QString() : m_sentence->text(); }

void HistoryPanel::fill()
{
    take({});
    m_sentence->hide();
    ask();
}

QWidget *HistoryPanel::firstFocus() { return m_list; }

void HistoryPanel::ask()
{
    m_session.requestHistory(this, kMost, [this](const Result<std::vector<HistoryEntry>> &entries) {
        take(entries.value_or(std::vector<HistoryEntry>{}));
        if (!entries)
            m_sentence->setText(fromUtf8(entries.error().message));
        place();
    });
}

void HistoryPanel::take(std::vector<HistoryEntry> entries)
{
    const bool any = !entries.empty();
    const bool complete = entries.size() < kMost;
    m_model->set(std::move(entries), complete);
    if (const int row = m_model->currentRow(); row >= 0) {
        m_list->setCurrentIndex(m_model->index(row));
        m_list->scrollTo(m_model->index(row));
    }
    const bool mayGo = !m_session.isReadOnly() && !m_session.isImporting();
    m_list->setEnabled(mayGo);
    setSubtitle(!any || mayGo ? QString() : m_session.isReadOnly() ? tr("open for reading") : tr("after the import"));
    m_list->setVisible(any);
    m_sentence->setText(tr("Nothing has been changed yet. What you do will be listed here, and each step can be taken back, also after a restart."));
    m_sentence->setVisible(!any);
    const int room = roomBelow() - kRoomForTitle;
    m_list->setFixedHeight(std::clamp(std::min(m_model->rowCount(), kMostRowsAtOnce) * kRowHeight, kRowHeight, std::max(room, kRowHeight)));
    place();
}

void HistoryPanel::goTo(const QModelIndex &index)
{
    if (!index.isValid() || index.row() == m_model->currentRow())
        return;
    const HistoryEntry entry = m_model->at(index.row());
    if (entry.undone)
        m_session.redoTo(entry.id);
    else
        m_session.undoTo(entry.id);
}

bool HistoryPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) {
            goTo(m_list->currentIndex());
            return true;
        }
    }
    return PopupCard::eventFilter(watched, event);
}

} // namespace whisker
