#include "ui/train/run_list.h"

#include "ui/train/continued_texts.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QAction>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>
#include <iterator>

namespace whisker {

namespace {

constexpr int kRowHeight = 28;
constexpr int kMeasuredWidth = 24; // px: "test", small
constexpr int kAccuracyWidth = 66; // "100.0 %", and room before it

class RunDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const RunListModel *>(index.model());
        const RunLine &line = model->at(index.row());
        const ThemeColours &colours = Theme::current().colours();
        const bool selected = option.state & QStyle::State_Selected;
        const QRect row = option.rect;
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(selected ? colours.accentGround : colours.hover);
            painter->setRenderHint(QPainter::Antialiasing);
            painter->drawRoundedRect(row.adjusted(0, 1, 0, -1), 6, 6);
        }
        if (index.row() + 1 < model->rowCount() && !selected) {
            painter->setPen(colours.line);
            painter->drawLine(row.bottomLeft(), row.bottomRight());
        }
        const QRect text = row.adjusted(8, 0, -8, 0);
        const QRect measured(text.right() - kMeasuredWidth, text.top(), kMeasuredWidth, text.height());
        const QRect accuracy(measured.left() - kAccuracyWidth, text.top(), kAccuracyWidth, text.height());
        painter->setFont(themeFont(13));
        const int stateWidth = int(std::ceil(tabularWidth(QFontMetricsF(painter->font()), line.state)));
        const QRect state(accuracy.left() - stateWidth, text.top(), stateWidth, text.height());
        const QRect name(text.left(), text.top(), state.left() - text.left() - 8, text.height());
        painter->setPen(colours.text);
        painter->drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(painter->font()).elidedText(line.name, Qt::ElideRight, name.width()));
        painter->setPen(selected ? colours.text : colours.quietText);
        drawTabularText(*painter, state, Qt::AlignRight | Qt::AlignVCenter, line.state);
        painter->setFont(themeFont(11));
        painter->drawText(measured, Qt::AlignRight | Qt::AlignVCenter, line.measuredOn);
        painter->setFont(themeFont(13, QFont::DemiBold));
        painter->setPen(colours.text);
        drawTabularText(*painter, accuracy, Qt::AlignRight | Qt::AlignVCenter, line.accuracy);
    }
};

} // namespace

int RunListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant RunListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunLine &line = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return line.name;
    case Qt::ToolTipRole:
        return line.toolTip;
    case Qt::AccessibleTextRole:
        return QStringList({line.name, line.state, line.figure()}).join(QStringLiteral(", "));
    default:
        return {};
    }
}

void RunListModel::setLines(std::vector<RunLine> lines)
{
    // A line that only changes its figures keeps selection and focus.
    const bool sameRuns = std::ranges::equal(lines, m_lines, {}, &RunLine::folder, &RunLine::folder);
    if (!sameRuns)
        beginResetModel();
    m_lines = std::move(lines);
    if (!sameRuns)
        endResetModel();
    else if (!m_lines.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

RunList::RunList(QWidget *parent) : QListView(parent), m_model(new RunListModel(this))
{
    setAccessibleName(tr("Runs"));
    setModel(m_model);
    setItemDelegate(new RunDelegate(this));
    setUniformItemSizes(true);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    makeActions();
    const auto choose = [this](const QModelIndex &index) { Q_EMIT runChosen(m_model->at(index.row()).folder); };
    connect(this, &QListView::clicked, this, choose);
    connect(this, &QListView::activated, this, choose);
}

void RunList::makeActions()
{
    setContextMenuPolicy(Qt::ActionsContextMenu);
    addAction(tr("Show"), {}, &RunList::runChosen);
    m_overlay = addAction(tr("Lay over the curves"), Qt::CTRL | Qt::Key_O, &RunList::overlayWanted);
    addAction(tr("Open the folder"), {}, &RunList::folderWanted);
    addAction(tr("Delete"), Qt::Key_Delete, &RunList::removalWanted);
}

/// For the run that is current; not for the one that goes on.
QAction *RunList::addAction(const QString &text, const QKeySequence &key, void (RunList::*tell)(const std::filesystem::path &))
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, [this, tell] {
        if (!currentIndex().isValid() || m_model->at(currentIndex().row()).folder.empty())
            return;
        const std::filesystem::path folder = m_model->at(currentIndex().row()).folder;
        Q_EMIT (this->*tell)(folder);
    });
    QListView::addAction(action);
    return action;
}

void RunList::setOverlayOffer(std::function<RunOverlays::Offer(const std::filesystem::path &)> offer)
{
    m_overlayOffer = std::move(offer);
    updateOverlayAction();
}

void RunList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    updateOverlayAction();
}

void RunList::updateOverlayAction()
{
    if (!m_overlay || !m_overlayOffer || !currentIndex().isValid())
        return;
    const RunOverlays::Offer offer = m_overlayOffer(m_model->at(currentIndex().row()).folder);
    m_overlay->setText(offer.problem.isEmpty() ? offer.text : tr("%1 (%2)").arg(offer.text, offer.problem));
    m_overlay->setEnabled(offer.problem.isEmpty());
}

void RunList::setRuns(const std::vector<RunSummary> &runs)
{
    m_past.clear();
    const QDateTime now = QDateTime::currentDateTime();
    for (const RunSummary &run : runs) {
        m_past.push_back(runLine(run, now));
        if (const QString origin = originText(run, runs, now); !origin.isEmpty())
            m_past.back().toolTip += QLatin1Char('\n') + origin;
    }
    fill();
}

void RunList::setRunning(const std::optional<RunLine> &line, const std::filesystem::path &folder)
{
    m_running = line;
    m_runningFolder = folder;
    fill();
}

void RunList::fill()
{
    std::vector<RunLine> lines;
    if (m_running)
        lines.push_back(*m_running);
    std::ranges::copy_if(m_past, std::back_inserter(lines),
                         [&](const RunLine &line) { return !m_running || m_runningFolder.empty() || line.folder != m_runningFolder; });
    m_model->setLines(std::move(lines));
    updateGeometry();
}

QSize RunList::minimumSizeHint() const
{
    return {0, kRowHeight};
}

QSize RunList::sizeHint() const
{
    return {240, kRowHeight * std::clamp(lineCount(), 1, 12)};
}

} // namespace whisker
