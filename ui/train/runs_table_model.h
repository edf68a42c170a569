#pragma once

#include "engine/train/run_folder.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QSortFilterProxyModel>
#include <optional>
#include <vector>

namespace whisker {

/// The runs of a project, one a row; the one that goes on in this window has a row too. Changes of the list come as rows that go and come, so that what is chosen
/// stays chosen.
class RunsTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Started, Way, Network, Pictures, Epochs, Validation, Test, Took, Speed, Device, Note, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< A number or a text; invalid where there is none.
        DetailRole,              ///< Quiet, left of the text: "54 / 55".
        ToneRole,                ///< int of a Tone.
    };
    using QAbstractTableModel::QAbstractTableModel;

    void setRuns(const std::vector<RunSummary> &runs); ///< As RunHistory has them.
    /// The run that goes on in this window, with what is known of it so far; in place of that of the same folder.
    void setRunning(const std::optional<RunSummary> &run);
    void setNote(const std::filesystem::path &folder, const std::string &note);

    const RunSummary &at(int row) const { return m_rows[std::size_t(row)]; }
    int rowOf(const std::filesystem::path &folder) const; ///< -1: none.

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void fill();
    void takeRows(std::vector<RunSummary> rows);
    QString textOf(const RunSummary &run, int column) const;
    QString wholeText(const RunSummary &run, int column) const;
    QVariant sortKey(const RunSummary &run, int column) const;

    std::vector<RunSummary> m_past;
    std::optional<RunSummary> m_running;
    std::vector<RunSummary> m_rows; // both
};

/// The same in the order of a column. Whatever that is, a run that goes on stands on top, and what has no value at the end.
class RunsOrder : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit RunsOrder(RunsTableModel &runs, QObject *parent = nullptr);
    const RunSummary &at(int row) const;
    int rowOf(const std::filesystem::path &folder) const; ///< -1: none.

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    RunsTableModel &m_runs;
};

} // namespace whisker
