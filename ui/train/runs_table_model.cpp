#include "ui/train/runs_table_model.h"

#include "ui/texts.h"
#include "ui/train/run_texts.h"
#include "widgets/tabular_text.h"

#include <QLocale>
#include <algorithm>
#include <iterator>
#include <set>

namespace whisker {

namespace {

bool isNumber(int column)
{
    switch (column) {
    case RunsTableModel::Pictures:
    case RunsTableModel::Epochs:
    case RunsTableModel::Validation:
    case RunsTableModel::Test:
    case RunsTableModel::Took:
    case RunsTableModel::Speed:
        return true;
    default:
        return false;
    }
}

QVariant whereAny(double value) { return value > 0.0 ? QVariant(value) : QVariant(); }

QString epochsText(const RunSummary &run)
{
    const RunReceipt &receipt = run.receipt;
    const QLocale locale;
    if (receipt.config.mode == TrainMode::Quick || (receipt.epochs == 0 && !run.underWay))
        return {}; // iterations of a solver are no epochs
    return run.underWay && receipt.config.epochs > 0 ? QStringLiteral("%1 / %2").arg(locale.toString(receipt.epochs), locale.toString(receipt.config.epochs)) : locale.toString(receipt.epochs);
}

QString firstLine(const std::string &note) { return fromUtf8(std::string_view(note).substr(0, note.find('\n'))).simplified(); }

} // namespace

void RunsTableModel::setRuns(const std::vector<RunSummary> &runs)
{
    m_past = runs;
    fill();
}

void RunsTableModel::setRunning(const std::optional<RunSummary> &run)
{
    const bool same = run && m_running && run->folder == m_running->folder && !m_rows.empty() && m_rows.front().folder == run->folder;
    m_running = run;
    if (same) { // it tells of itself many times a second
        m_rows.front() = *run;
        Q_EMIT dataChanged(index(0, 0), index(0, ColumnCount - 1));
        return;
    }
    fill();
}

void RunsTableModel::fill()
{
    std::vector<RunSummary> rows;
    rows.reserve(m_past.size() + 1);
    if (m_running)
        rows.push_back(*m_running);
    std::ranges::copy_if(m_past, std::back_inserter(rows), [this](const RunSummary &past) { return !m_running || past.folder != m_running->folder; });
    takeRows(std::move(rows));
}

void RunsTableModel::takeRows(std::vector<RunSummary> rows)
{
    std::set<std::filesystem::path> kept;
    for (const RunSummary &run : rows)
        kept.insert(run.folder);
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (kept.contains(at(row).folder))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < int(rows.size()); ++row) {
        RunSummary &run = rows[std::size_t(row)];
        const bool inPlace = row < rowCount() && at(row).folder == run.folder;
        if (const int old = inPlace ? row : rowOf(run.folder); old > row) {
            beginMoveRows({}, old, old, {}, row);
            std::rotate(m_rows.begin() + row, m_rows.begin() + old, m_rows.begin() + old + 1);
            endMoveRows();
        } else if (old < 0) {
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, run);
            endInsertRows();
        }
        m_rows[std::size_t(row)] = std::move(run);
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void RunsTableModel::setNote(const std::filesystem::path &folder, const std::string &note)
{
    const int row = rowOf(folder);
    if (const auto past = std::ranges::find(m_past, folder, &RunSummary::folder); past != m_past.end())
        past->note = note;
    if (row < 0)
        return;
    m_rows[std::size_t(row)].note = note;
    Q_EMIT dataChanged(index(row, Note), index(row, Note));
}

int RunsTableModel::rowOf(const std::filesystem::path &folder) const
{
    const auto found = std::ranges::find(m_rows, folder, &RunSummary::folder);
    return found != m_rows.end() ? int(found - m_rows.begin()) : -1;
}

int RunsTableModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_rows.size()); }

int RunsTableModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QString RunsTableModel::textOf(const RunSummary &run, int column) const
{
    const RunReceipt &receipt = run.receipt;
    switch (column) {
    case Started: return startedText(receipt, QDateTime::currentDateTime());
    case Way: return modeText(receipt.config.mode);
    case Network: return networkText(receipt.config.architecture);
    case Pictures: return receipt.trainImages > 0 ? QLocale().toString(qulonglong(receipt.trainImages)) : QString();
    case Epochs: return epochsText(run);
    case Validation: return receipt.validationAccuracy ? percentText(*receipt.validationAccuracy) : QString();
    case Test: {
        const auto share = testShare(receipt);
        return share ? percentText(*share) : stateOf(run).text; // why there is none
    }
    case Took: return tookText(receipt);
    case Speed: return speedText(receipt.imagesPerSecond);
    case Device: return fromUtf8(receipt.device);
    case Note: return firstLine(run.note);
    default: return {};
    }
}

/// With what the cell says beside its text.
QString RunsTableModel::wholeText(const RunSummary &run, int column) const
{
    const QString text = textOf(run, column);
    if (column != Test || !testShare(run.receipt))
        return text;
    return tr("%1, %2 of %3 right").arg(text).arg(*run.receipt.testCorrect).arg(*run.receipt.testTotal);
}

QVariant RunsTableModel::sortKey(const RunSummary &run, int column) const
{
    const RunReceipt &receipt = run.receipt;
    switch (column) {
    case Started: return receipt.started.empty() ? QVariant() : QVariant(fromUtf8(receipt.started)); // ISO 8601 in UTC
    case Pictures: return whereAny(double(receipt.trainImages));
    case Epochs: return whereAny(receipt.config.mode == TrainMode::Quick ? 0 : receipt.epochs);
    case Validation: return receipt.validationAccuracy ? QVariant(*receipt.validationAccuracy) : QVariant();
    case Test: {
        const auto share = testShare(receipt);
        return share ? QVariant(*share) : QVariant();
    }
    case Took: return whereAny(receipt.seconds);
    case Speed: return whereAny(receipt.imagesPerSecond);
    default: {
        const QString text = textOf(run, column);
        return text.isEmpty() ? QVariant() : QVariant(text);
    }
    }
}

QVariant RunsTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunSummary &run = at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(run, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole:
        if (column == Started || (column == Test && !testShare(run.receipt)))
            return runLine(run, QDateTime::currentDateTime()).toolTip;
        return column == Note ? fromUtf8(run.note).toHtmlEscaped() : wholeText(run, column);
    case Qt::AccessibleTextRole:
        return wholeText(run, column);
    case SortRole:
        return sortKey(run, column);
    case DetailRole:
        return column == Test && testShare(run.receipt) ? QStringLiteral("%1 / %2").arg(*run.receipt.testCorrect).arg(*run.receipt.testTotal) : QString();
    case ToneRole:
        return int(column == Test && !testShare(run.receipt) ? stateOf(run).tone : column == Device || column == Note ? Tone::Quiet : Tone::Text);
    default:
        return {};
    }
}

QVariant RunsTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Started: return tr("Started");
    case Way: return tr("Way");
    case Network: return tr("Network");
    case Pictures: return tr("Pictures");
    case Epochs: return tr("Epochs");
    case Validation: return tr("Validation");
    case Test: return tr("Test");
    case Took: return tr("Time");
    case Speed: return tr("Speed");
    case Device: return tr("Device");
    case Note: return tr("Note");
    default: return {};
    }
}

RunsOrder::RunsOrder(RunsTableModel &runs, QObject *parent) : QSortFilterProxyModel(parent), m_runs(runs)
{
    setSourceModel(&runs);
}

const RunSummary &RunsOrder::at(int row) const { return m_runs.at(mapToSource(index(row, 0)).row()); }

int RunsOrder::rowOf(const std::filesystem::path &folder) const
{
    const int row = m_runs.rowOf(folder);
    return row < 0 ? -1 : mapFromSource(m_runs.index(row, 0)).row();
}

bool RunsOrder::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const bool ascending = sortOrder() == Qt::AscendingOrder;
    const RunSummary &ours = m_runs.at(left.row()), &theirs = m_runs.at(right.row());
    if (ours.underWay != theirs.underWay)
        return ours.underWay == ascending;
    const QVariant a = m_runs.data(left, RunsTableModel::SortRole), b = m_runs.data(right, RunsTableModel::SortRole);
    if (a.isValid() != b.isValid())
        return a.isValid() == ascending;
    if (a.isValid() && a != b)
        return a.userType() == QMetaType::QString ? QString::localeAwareCompare(a.toString(), b.toString()) < 0 : a.toDouble() < b.toDouble();
    return ours.receipt.started != theirs.receipt.started ? ours.receipt.started < theirs.receipt.started : ours.folder < theirs.folder;
}

} // namespace whisker
