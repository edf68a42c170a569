#pragma once

#include "engine/data/project_values.h"

#include <QAbstractListModel>
#include <vector>

namespace whisker {

/// The changes of a project, newest first, each with its time in words; last comes the project's beginning, where all changes are known. GUI thread.
class HistoryModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { TimeRole = Qt::UserRole, UndoneRole, CurrentRole };
    using QAbstractListModel::QAbstractListModel;

    void set(std::vector<HistoryEntry> entries, bool complete);
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// The entry of a row; id 0: the beginning.
    HistoryEntry at(int row) const;
    int currentRow() const; ///< Of the last change that stands, or of the beginning; -1 where neither is listed.

private:
    std::vector<HistoryEntry> m_entries;
    bool m_hasBeginning = false;
};

/// "just now", "2 min ago", "3 h ago", then the day and the time. Both in milliseconds since 1970.
QString agoText(qint64 thenMs, qint64 nowMs);

} // namespace whisker
