#include "ui/data/history_model.h"

#include "ui/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>

namespace whisker {

QString agoText(qint64 thenMs, qint64 nowMs)
{
    constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;
    const auto words = [](const char *text) { return QCoreApplication::translate("HistoryModel", text); };
    const qint64 ago = nowMs - thenMs;
    if (ago < minute && ago > -minute)
        return words("just now");
    if (ago > 0 && ago < hour)
        return words("%1 min ago").arg(ago / minute);
    if (ago > 0 && ago < day)
        return words("%1 h ago").arg(ago / hour);
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(thenMs), QLocale::ShortFormat);
}

void HistoryModel::set(std::vector<HistoryEntry> entries, bool complete)
{
    beginResetModel();
    m_entries = std::move(entries);
    m_hasBeginning = complete && !m_entries.empty();
    endResetModel();
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size()) + (m_hasBeginning ? 1 : 0);
}

HistoryEntry HistoryModel::at(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    return place < m_entries.size() ? m_entries[place] : HistoryEntry{};
}

int HistoryModel::currentRow() const
{
    const auto place = std::ranges::find(m_entries, false, &HistoryEntry::undone);
    const int row = static_cast<int>(place - m_entries.begin());
    return row < rowCount() ? row : -1;
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HistoryEntry entry = at(index.row());
    const QString words = entry.id == 0 ? tr("The beginning") : fromUtf8(entry.words);
    const QString time = entry.id == 0 ? QString() : agoText(entry.timeMs, QDateTime::currentMSecsSinceEpoch());
    const bool isCurrent = index.row() == currentRow();
    switch (role) {
    case Qt::DisplayRole: return words;
    case TimeRole: return time;
    case UndoneRole: return entry.undone;
    case CurrentRole: return isCurrent;
    case Qt::ToolTipRole:
        return isCurrent ? tr("%1\nThis is how the project is now.").arg(words)
               : entry.undone ? tr("%1\nGo forward to here").arg(words)
                              : tr("%1\nGo back to here").arg(words);
    case Qt::AccessibleTextRole:
        return isCurrent ? tr("%1, %2, now").arg(words, time) : entry.undone ? tr("%1, %2, undone").arg(words, time) : tr("%1, %2").arg(words, time);
    default: return {};
    }
}

} // namespace whisker
