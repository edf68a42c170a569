#include "ui/train/run_list.h"

#include "ui/train/continued_texts.h"
#include "widgets/focus_ring.h"
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
constexpr int kSide = 8; // px left and right of a row's texts
constexpr int kGap = 8;
constexpr int kMeasuredGap = 5; // between a figure and what it was measured on
constexpr int kMark = 8;
constexpr qreal kRadius = 6;

QFont textFont() { return themeFont(13); }
QFont figureFont() { return themeFont(13, QFont::DemiBold); }
QFont measuredFont() { return themeFont(11); }

int widthOf(const QFont &font, const QString &text) { return int(std::ceil(tabularWidth(QFontMetricsF(font), text))); }
int nameWidth(const QString &name) { return QFontMetrics(textFont()).horizontalAdvance(name); }

bool saysTheSame(const RunLine &a, const RunLine &b)
{
    return a.name == b.name && a.state == b.state && a.accuracy == b.accuracy && a.measuredOn == b.measuredOn;
}

class RunDelegate : public QStyledItemDelegate {
public:
    explicit RunDelegate(RunList *list) : QStyledItemDelegate(list), m_list(*list) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const RunListModel *>(index.model());
        const ThemeColours &colours = Theme::current().colours();
        const bool selected = option.state & QStyle::State_Selected;
        const QRect row = option.rect;
        const QRect ground = row.adjusted(0, 1, 0, -1);
        painter->setRenderHint(QPainter::Antialiasing);
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(selected ? colours.accentGround : colours.hover);
            painter->drawRoundedRect(ground, kRadius, kRadius);
        }
        if (index.row() + 1 < model->rowCount() && !selected) {
            painter->setPen(colours.line);
            painter->drawLine(row.bottomLeft(), row.bottomRight());
        }
        paintTexts(*painter, row.adjusted(kSide, 0, -kSide, 0), model->at(index.row()), selected);
        if (option.state & QStyle::State_HasFocus && (!selected || showsFocus(m_list))) // what a click has selected needs none
            paintFocusRing(*painter, ground, kRadius);
    }

private:
    void paintTexts(QPainter &painter, const QRect &area, const RunLine &line, bool selected) const
    {
        const ThemeColours &colours = Theme::current().colours();
        const RunListModel::Columns &columns = m_list.columns();
        const QColor quiet = selected ? colours.text : colours.quietText;
        int right = area.right() + 1;
        if (!line.accuracy.isEmpty()) {
            painter.setFont(measuredFont());
            painter.setPen(quiet);
            painter.drawText(QRect(right - columns.measured, area.top(), columns.measured, area.height()), Qt::AlignRight | Qt::AlignVCenter, line.measuredOn);
            painter.setFont(figureFont());
            painter.setPen(colours.text);
            const QRect figure(right - columns.figures(), area.top(), columns.accuracy, area.height());
            drawTabularText(painter, figure, Qt::AlignRight | Qt::AlignVCenter, line.accuracy);
        }
        painter.setFont(textFont());
        right -= line.accuracy.isEmpty() ? 0 : columns.figures() + kGap;
        if (const QString state = m_list.shownState(line); !state.isEmpty()) {
            painter.setPen(quiet);
            drawTabularText(painter, QRect(area.left(), area.top(), right - area.left(), area.height()), Qt::AlignRight | Qt::AlignVCenter, state);
        } else if (line.mark) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.mark(*line.mark));
            painter.drawEllipse(QPointF(right - kMark / 2.0, area.top() + area.height() / 2.0), kMark / 2.0, kMark / 2.0);
        }
        painter.setPen(colours.text);
        const QRect name(area.left(), area.top(), m_list.roomForName(line), area.height());
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, m_list.shownName(line));
    }

    const RunList &m_list;
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
    case Qt::AccessibleDescriptionRole:
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
    if (!sameRuns) {
        beginResetModel();
        m_columns = {};
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!sameRuns || !saysTheSame(lines[i], m_lines[i])) // there may be many, and one tells of itself many times a second
            makeRoomFor(lines[i]);
    }
    m_lines = std::move(lines);
    if (!sameRuns)
        endResetModel();
    else if (!m_lines.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void RunListModel::makeRoomFor(const RunLine &line)
{
    if (line.accuracy.isEmpty())
        return; // then there is room enough
    const int name = nameWidth(line.name);
    const int withState = name + kGap + widthOf(textFont(), line.state);
    m_columns.name = std::max(m_columns.name, line.mark ? withState : name);
    m_columns.nameWithState = std::max(m_columns.nameWithState, withState);
    m_columns.accuracy = std::max(m_columns.accuracy, widthOf(figureFont(), line.accuracy));
    m_columns.measured = std::max(m_columns.measured, widthOf(measuredFont(), line.measuredOn));
}

int RunListModel::Columns::figures() const { return accuracy + (measured > 0 ? kMeasuredGap + measured : 0); }

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
    const RunNames names = runNames(runs, now);
    for (const RunSummary &run : runs) {
        m_past.push_back(runLine(run, now));
        m_past.back().name = names.at(run.folder);
        if (const QString origin = originText(run, names); !origin.isEmpty())
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

QString RunList::shownState(const RunLine &line) const
{
    const int room = viewport()->width() - 2 * kSide - kGap - columns().figures();
    const bool fits = (line.mark ? columns().name : columns().nameWithState) <= room;
    return fits || line.accuracy.isEmpty() ? line.state : QString();
}

int RunList::roomForName(const RunLine &line) const
{
    int room = viewport()->width() - 2 * kSide;
    if (!line.accuracy.isEmpty())
        room -= kGap + columns().figures();
    if (const QString state = shownState(line); !state.isEmpty())
        room -= kGap + widthOf(textFont(), state);
    else if (line.mark)
        room -= kGap + kMark;
    return room;
}

QString RunList::shownName(const RunLine &line) const
{
    return QFontMetrics(textFont()).elidedText(line.name, Qt::ElideRight, roomForName(line));
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
