#include "ui/train/runs_view.h"

#include "ui/texts.h"
#include "ui/train/comparison_view.h"
#include "ui/train/note_editor.h"
#include "ui/train/receipt_card.h"
#include "ui/train/run_history.h"
#include "ui/train/run_texts.h"
#include "ui/train/runs_table.h"
#include "ui/train/setup_field.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/drop_zone.h"
#include "widgets/selection_bar.h"

#include <QAction>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {
constexpr int kMostOthers = 20; // in a menu; of others two are selected in the table
constexpr double kMostOfTable = 0.55; // of the height
} // namespace

RunsView::RunsView(RunHistory &history, QWidget *parent)
    : QWidget(parent), m_history(history), m_stack(new QStackedWidget(this)),
      m_empty(new DropZone(Icon::Train, tr("Nothing has been trained yet"),
                           tr("Each training stands here with what it learnt from, its settings and how good its model is."), tr("Set up a training"))),
      m_comparison(new ComparisonView), m_others(new QMenu(this))
{
    setAccessibleName(tr("All runs"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(makeList());
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_comparison);
    column->addWidget(m_stack);
    makeActions();
    connectHistory();
    connect(m_empty, &DropZone::buttonClicked, this, &RunsView::setupWanted);
    connect(m_empty, &DropZone::filesDropped, this, &RunsView::filesDropped);
    connect(m_table, &RunsTable::selected, this, &RunsView::showChosen);
    connect(m_table, &RunsTable::sortChanged, this, [this] { m_sort->setText(tr("Sorted by: %1").arg(m_table->sortText())); });
    takeRuns();
}

QWidget *RunsView::makeList()
{
    auto *card = new Card;
    m_table = new RunsTable(card);
    m_sort = new Button(tr("Sorted by: %1").arg(m_table->sortText()), Button::Kind::Link, card);
    m_sort->setMenu(m_table->makeSortMenu());
    giveKey(*m_sort, Qt::ALT | Qt::Key_S, tr("Puts the runs in the order of another column; once more turns it round"));
    card->setSubtitle(tr("Shift or Ctrl selects several; two can be compared"));
    card->addHeaderWidget(m_sort);
    card->addWidget(m_table, 1);
    m_receipt = new ReceiptCard;
    m_split = new QSplitter(Qt::Vertical);
    m_split->addWidget(card);
    m_split->addWidget(m_receipt);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(12);
    m_split->installEventFilter(this);
    connect(m_split, &QSplitter::splitterMoved, this, [this] { m_divided = true; });
    m_bar = new SelectionBar;
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_split, 1);
    column->addWidget(m_bar);
    return list;
}

/// The table is as high as its rows, as far as that leaves room for the receipt; a person may divide it otherwise.
void RunsView::divide()
{
    if (m_divided)
        return;
    const int height = m_split->height() - m_split->handleWidth();
    const int table = std::min(m_split->widget(0)->sizeHint().height(), int(kMostOfTable * height));
    if (m_split->sizes().front() != table)
        m_split->setSizes({table, height - table});
}

bool RunsView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_split && (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest))
        divide();
    return QWidget::eventFilter(watched, event);
}

/// Its keys work in the table, where nothing is typed.
QAction *RunsView::makeAction(const QString &text, const QList<QKeySequence> &keys, const QString &tip)
{
    auto *action = new QAction(text, this);
    action->setIconText(text);
    action->setToolTip(tip);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(action);
    return action;
}

void RunsView::makeActions()
{
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_show = makeAction(tr("Show curves"), {Qt::Key_Return, Qt::Key_Enter}, tr("Shows its curves and its result"));
    m_overlay = makeAction(tr("Lay over"), {Qt::Key_O, Qt::CTRL | Qt::Key_O}, tr("Lays its curves over those on show, or takes them off again"));
    m_repeat = makeAction(tr("Repeat"), {Qt::Key_R}, tr("Trains once more with the same pictures and settings, and says whether it came out equal"));
    m_compare = makeAction(tr("Compare"), {Qt::Key_C}, {});
    m_try = makeAction(tr("Try it"), {Qt::Key_T}, tr("Asks its model about pictures, on the Predict page"));
    m_write = makeAction(tr("Write a note"), {Qt::Key_N}, tr("Goes to its note"));
    m_open = makeAction(tr("Open folder"), {Qt::Key_F}, tr("Shows its files"));
    m_remove = makeAction(tr("Delete"), {Qt::Key_Delete}, tr("Deletes it with its curves and its model, after asking"));
    connect(m_table, &QTableView::doubleClicked, m_show, &QAction::trigger);
    connect(m_show, &QAction::triggered, this, [this] { Q_EMIT showWanted(chosen().folder == m_running ? std::filesystem::path() : chosen().folder); });
    connect(m_overlay, &QAction::triggered, this, [this] { Q_EMIT overlayWanted(chosen().folder); });
    connect(m_repeat, &QAction::triggered, this, [this] { Q_EMIT repeatWanted(chosen().folder); });
    connect(m_compare, &QAction::triggered, this, &RunsView::compare);
    connect(m_try, &QAction::triggered, this, [this] { Q_EMIT tryWanted(chosen().folder / kModelFile); });
    connect(m_write, &QAction::triggered, this, [this] { m_receipt->note()->field()->setFocus(Qt::ShortcutFocusReason); });
    connect(m_open, &QAction::triggered, this, [this] { Q_EMIT folderWanted(chosen().folder); });
    connect(m_remove, &QAction::triggered, this, [this] { Q_EMIT removalWanted(m_table->selectedRuns()); });
}

void RunsView::connectHistory()
{
    NoteEditor *note = m_receipt->note();
    connect(&m_history, &RunHistory::runsChanged, this, &RunsView::takeRuns);
    connect(&m_history, &RunHistory::compared, this, &RunsView::showCompared);
    connect(&m_history, &RunHistory::noteChanged, this, [this](const std::filesystem::path &folder) {
        m_table->runs()->setNote(folder, m_history.noteOf(folder));
    });
    connect(&m_history, &RunHistory::noteKept, note, &NoteEditor::setKept);
    connect(&m_history, &RunHistory::noteFailed, note, &NoteEditor::setFailed);
    connect(&m_history, &RunHistory::removed, this, [this, note](const std::filesystem::path &folder) {
        note->forget(folder);
        if (showsComparison() && m_comparison->shows(folder))
            showTable();
    });
    connect(note, &NoteEditor::keepWished, &m_history,
            [this](const std::filesystem::path &folder, const QString &text) { m_history.keepNote(folder, text.toStdString()); });
}

void RunsView::enter(const std::filesystem::path &folder)
{
    m_history.reload(); // other programs train too
    m_comparing = false;
    showTable();
    m_table->choose(folder);
    focusTarget()->setFocus();
}

void RunsView::takeRuns()
{
    m_table->runs()->setRuns(m_history.runs());
    if (!showsComparison())
        showTable();
    if (m_table->selectedRuns().empty() && m_table->order()->rowCount() > 0)
        m_table->choose(m_table->currentRun() ? m_table->currentRun()->folder : std::filesystem::path());
    showChosen();
}

void RunsView::setRunning(const std::optional<RunSummary> &run)
{
    const bool changes = m_running.has_value() != run.has_value();
    m_running = run ? std::optional(run->folder) : std::nullopt;
    m_table->runs()->setRunning(run);
    if (changes && !showsComparison())
        showTable();
    if (changes || chosen().underWay)
        showChosen();
}

/// The table, or what stands in its place while there is no run.
void RunsView::showTable()
{
    const bool empty = m_history.isRead() && m_table->order()->rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 1 : 0);
    Q_EMIT headChanged();
}

bool RunsView::showsComparison() const { return m_stack->currentWidget() == m_comparison; }

QWidget *RunsView::focusTarget() const
{
    if (showsComparison())
        return m_comparison;
    return m_stack->currentWidget() == m_empty ? static_cast<QWidget *>(m_empty->button()) : m_table;
}

void RunsView::back()
{
    m_comparing = false;
    if (showsComparison()) {
        showTable();
        m_table->setFocus();
    } else if (m_receipt->note()->field()->hasFocus()) {
        m_table->setFocus();
    } else {
        m_receipt->note()->keepNow();
        Q_EMIT left();
    }
}

void RunsView::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_receipt->note()->setReadOnly(readOnly);
    updateActions();
}

void RunsView::keepNotes() { m_receipt->note()->keepAtEnd(); }

QString RunsView::title() const { return showsComparison() ? tr("Two runs compared") : tr("Runs"); }

QString RunsView::detail() const
{
    if (showsComparison())
        return m_comparison->names();
    const int count = m_table->order()->rowCount();
    return count > 0 ? QLocale().toString(count) : QString();
}

RunSummary RunsView::chosen() const
{
    const auto selected = m_table->selectedRuns();
    const int row = selected.size() == 1 ? m_table->order()->rowOf(selected.front()) : -1;
    return row >= 0 ? m_table->order()->at(row) : RunSummary();
}

void RunsView::showChosen()
{
    if (const RunSummary *run = m_table->currentRun(); run && !m_table->selectedRuns().empty())
        m_receipt->showRun(*run, m_history.names());
    else
        m_receipt->showNothing();
    updateActions();
}

void RunsView::updateActions()
{
    const auto selected = m_table->selectedRuns();
    const RunSummary run = chosen();
    const bool one = selected.size() == 1;
    const bool there = one && !run.folder.empty(); // else it is just beginning
    const bool allThere = std::ranges::none_of(selected, &std::filesystem::path::empty);
    const RunsOrder &runs = *m_table->order();
    const bool anyUnderWay = std::ranges::any_of(selected, [&runs](const auto &folder) { return runs.at(runs.rowOf(folder)).underWay; });
    m_show->setEnabled(one);
    m_overlay->setEnabled(there && !run.underWay);
    m_repeat->setEnabled(there && !run.underWay && !m_running && !m_readOnly);
    m_compare->setEnabled(allThere && (selected.size() == 2 || (one && runs.rowCount() > 1)));
    m_compare->setText(selected.size() == 2 ? tr("Compare") : tr("Compare with..."));
    m_compare->setIconText(m_compare->text());
    m_compare->setToolTip(selected.size() == 2 ? tr("Says what differs, and lays their curves over each other") : tr("Lays it beside another one; or select two"));
    m_try->setEnabled(there && run.hasModel);
    m_write->setEnabled(there && !m_readOnly);
    m_open->setEnabled(there);
    m_remove->setEnabled(!selected.empty() && allThere && !anyUnderWay && !m_readOnly);
    fillBar();
}

void RunsView::fillBar()
{
    const int count = int(m_table->selectedRuns().size());
    m_bar->setSelectedCount(count);
    if (std::exchange(m_barFor, std::min(count, 3)) == std::min(count, 3))
        return;
    m_bar->clearButtons();
    if (count == 1) {
        for (QAction *action : {m_show, m_repeat, m_compare})
            m_bar->addActionButton(action);
        for (QAction *action : {m_try, m_overlay, m_open})
            m_bar->addSpareActionButton(action);
    } else if (count == 2) {
        m_bar->addActionButton(m_compare);
    }
    m_bar->addActionButton(m_remove);
}

void RunsView::compare()
{
    const auto selected = m_table->selectedRuns();
    if (selected.size() == 2)
        compareWith(selected[0], selected[1]);
    else if (selected.size() == 1)
        askForOther();
}

void RunsView::askForOther()
{
    const std::filesystem::path one = chosen().folder;
    const QDateTime now = QDateTime::currentDateTime();
    m_others->clear();
    for (int row = 0; row < m_table->order()->rowCount() && m_others->actions().size() < kMostOthers; ++row) {
        const RunSummary &run = m_table->order()->at(row);
        if (run.folder != one && !run.folder.empty())
            m_others->addAction(joined(m_history.nameOf(run), runLine(run, now).figure()), this, [this, one, other = run.folder] { compareWith(one, other); });
    }
    m_others->popup(m_bar->mapToGlobal(QPoint(m_bar->width() / 3, -m_others->sizeHint().height())));
}

void RunsView::compareWith(const std::filesystem::path &one, const std::filesystem::path &other)
{
    m_comparing = true;
    m_history.compare(one, other);
}

void RunsView::showCompared(const ComparedRuns &runs)
{
    if (!std::exchange(m_comparing, false))
        return; // somebody went on meanwhile
    m_receipt->note()->keepNow();
    m_comparison->showRuns(runs);
    m_stack->setCurrentWidget(m_comparison);
    Q_EMIT headChanged();
    m_comparison->setFocus();
}

} // namespace whisker
