#pragma once

#include "ui/train/runs_table_model.h"

#include <QTableView>
#include <filesystem>
#include <optional>
#include <vector>

class QMenu;

namespace whisker {

/// The runs of a project as a table that is sorted by any of its columns; what there is no room for is left out, the least important first.
class RunsTable : public QTableView {
    Q_OBJECT
public:
    explicit RunsTable(QWidget *parent = nullptr);

    RunsTableModel *runs() const { return m_runs; }
    RunsOrder *order() const { return m_order; }
    std::vector<std::filesystem::path> selectedRuns() const; ///< From top to bottom.
    const RunSummary *currentRun() const;                    ///< Null: none. Valid until the runs change.
    void choose(const std::filesystem::path &folder);        ///< Selects that run alone; the first where it is not there.
    /// A menu with all columns, to sort by, also those that have no room. Belongs to the table.
    QMenu *makeSortMenu();
    QString sortText() const; ///< "Started": the column that it is sorted by.
    QSize sizeHint() const override; ///< As high as its rows.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void selected();     ///< What is selected or current has changed.
    void sortChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    int heightOf(int rows) const;
    void fitColumns();
    RunsTableModel *m_runs;
    RunsOrder *m_order;
};

} // namespace whisker
