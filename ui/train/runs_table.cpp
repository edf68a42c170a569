#include "ui/train/runs_table.h"

#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QActionGroup>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <array>

namespace whisker {

namespace {

constexpr int kRowHeight = 32;
constexpr int kPadding = 6; // as in style.qss
constexpr int kDetailRight = 62; // px that the text right of a detail takes: "100.0 %"
constexpr int kLeastNote = 110;
constexpr int kLeastRows = 3; // are in sight, in however small a window
// For the texts at 13 px that they have to hold; the note takes the rest.
constexpr std::array<int, RunsTableModel::ColumnCount> kWidths = {104, 80, 140, 76, 68, 84, 150, 68, 84, 146, 0};
constexpr std::array kLeftOut = {RunsTableModel::Device, RunsTableModel::Speed, RunsTableModel::Pictures, RunsTableModel::Took, RunsTableModel::Epochs};

/// Its arrow shows where the greatest stands: down where it is on top. Qt's own points the other way.
class RunsHeader : public QHeaderView {
public:
    using QHeaderView::QHeaderView;

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int column) const override
    {
        QHeaderView::initStyleOptionForIndex(option, column);
        if (isSortIndicatorShown() && sortIndicatorSection() == column)
            option->sortIndicator = sortIndicatorOrder() == Qt::AscendingOrder ? QStyleOptionHeader::SortUp : QStyleOptionHeader::SortDown;
    }
};

class RunCellDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &colours = Theme::current().colours();
        const bool selected = option.state & QStyle::State_Selected;
        const QRect cell = option.rect;
        if (selected)
            painter->fillRect(cell, colours.accentGround);
        painter->setPen(colours.line);
        painter->drawLine(cell.bottomLeft(), cell.bottomRight());
        const auto *table = qobject_cast<const QTableView *>(option.widget);
        if (table && table->hasFocus() && table->currentIndex().row() == index.row() && !selected) { // the keyboard is here, without having selected
            painter->setPen(colours.accent);
            painter->drawLine(cell.bottomLeft(), cell.bottomRight());
        }
        const QRect text = cell.adjusted(kPadding, 0, -kPadding, 0);
        const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).toInt());
        const QString detail = index.data(RunsTableModel::DetailRole).toString();
        painter->setFont(themeFont(13));
        if (!detail.isEmpty()) {
            const QRect left = text.adjusted(0, 0, -kDetailRight, 0);
            painter->setPen(selected ? colours.text : colours.quietText);
            if (tabularWidth(QFontMetricsF(painter->font()), detail) <= left.width()) // else it stands in the tooltip
                drawTabularText(*painter, left, alignment, detail);
            painter->setFont(themeFont(13, QFont::DemiBold));
        }
        const auto tone = Tone(index.data(RunsTableModel::ToneRole).toInt());
        painter->setPen(selected && tone == Tone::Quiet ? colours.text : colours.textOf(tone));
        const QString shown = QFontMetrics(painter->font()).elidedText(index.data().toString(), Qt::ElideRight, text.width());
        drawTabularText(*painter, text, alignment, shown);
    }
};

} // namespace

RunsTable::RunsTable(QWidget *parent) : QTableView(parent), m_runs(new RunsTableModel(this)), m_order(new RunsOrder(*m_runs, this))
{
    setAccessibleName(tr("All runs"));
    setModel(m_order);
    setItemDelegate(new RunCellDelegate(this));
    setHorizontalHeader(new RunsHeader(Qt::Horizontal, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAutoFillBackground(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView *head = horizontalHeader();
    head->setHighlightSections(false);
    head->setSectionsMovable(false);
    head->setSectionsClickable(true);
    head->setSectionResizeMode(QHeaderView::Fixed);
    head->setSectionResizeMode(RunsTableModel::Note, QHeaderView::Stretch);
    head->setFont(themeFont(12));
    for (int column = 0; column < RunsTableModel::Note; ++column)
        setColumnWidth(column, kWidths[std::size_t(column)]);
    setSortingEnabled(true);
    sortByColumn(RunsTableModel::Started, Qt::DescendingOrder);
    connect(m_order, &QAbstractItemModel::rowsInserted, this, &RunsTable::updateGeometry);
    connect(m_order, &QAbstractItemModel::rowsRemoved, this, &RunsTable::updateGeometry);
    connect(head, &QHeaderView::sortIndicatorChanged, this, &RunsTable::sortChanged);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsTable::selected);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RunsTable::selected);
}

std::vector<std::filesystem::path> RunsTable::selectedRuns() const
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        rows.append(index.row());
    std::ranges::sort(rows);
    std::vector<std::filesystem::path> folders;
    for (const int row : std::as_const(rows))
        folders.push_back(m_order->at(row).folder);
    return folders;
}

const RunSummary *RunsTable::currentRun() const
{
    return currentIndex().isValid() ? &m_order->at(currentIndex().row()) : nullptr;
}

void RunsTable::choose(const std::filesystem::path &folder)
{
    const int row = std::max(0, m_order->rowOf(folder));
    if (row < m_order->rowCount()) // not selectRow(): what it does depends on the keys that are held down
        selectionModel()->setCurrentIndex(m_order->index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

QMenu *RunsTable::makeSortMenu()
{
    auto *menu = new QMenu(this);
    auto *group = new QActionGroup(menu);
    for (int column = 0; column < RunsTableModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(m_runs->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        group->addAction(action);
        // The greatest first, but names by the alphabet; once more turns it round.
        connect(action, &QAction::triggered, this, [this, column] {
            const bool same = horizontalHeader()->sortIndicatorSection() == column;
            const bool names = column == RunsTableModel::Way || column == RunsTableModel::Network || column == RunsTableModel::Device || column == RunsTableModel::Note;
            const bool ascending = same ? horizontalHeader()->sortIndicatorOrder() != Qt::AscendingOrder : names;
            sortByColumn(column, ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
        });
        connect(menu, &QMenu::aboutToShow, action, [this, column, action] { action->setChecked(horizontalHeader()->sortIndicatorSection() == column); });
    }
    return menu;
}

QString RunsTable::sortText() const
{
    return m_runs->headerData(horizontalHeader()->sortIndicatorSection(), Qt::Horizontal, Qt::DisplayRole).toString();
}

int RunsTable::heightOf(int rows) const { return horizontalHeader()->sizeHint().height() + rows * kRowHeight; }

QSize RunsTable::sizeHint() const { return {QTableView::sizeHint().width(), heightOf(std::max(kLeastRows, m_order->rowCount()))}; }

QSize RunsTable::minimumSizeHint() const { return {QTableView::minimumSizeHint().width(), heightOf(kLeastRows)}; }

void RunsTable::resizeEvent(QResizeEvent *event)
{
    fitColumns();
    QTableView::resizeEvent(event);
}

void RunsTable::fitColumns()
{
    int needed = kLeastNote;
    for (const int width : kWidths)
        needed += width;
    for (const int column : kLeftOut) {
        const bool fits = needed <= viewport()->width();
        setColumnHidden(column, !fits);
        if (!fits)
            needed -= kWidths[std::size_t(column)];
    }
}

} // namespace whisker
