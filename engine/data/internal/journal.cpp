#include "engine/data/internal/journal.h"

#include <array>
#include <cstring>

namespace whisker {

namespace {

constexpr std::array kFieldNames = {"image.label",    "image.split",       "image.excluded", "image.present", "image.unsure", "image.grouping",
                                   "image.split_fixed", "class.name", "class.colour",   "class.key",     "class.position", "class.present"};

const char *fieldName(JournalField field)
{
    return kFieldNames[static_cast<std::size_t>(field)];
}

JournalField fieldFromName(const std::string &name)
{
    for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
        if (name == kFieldNames[i])
            return static_cast<JournalField>(i);
    }
    throw SQLite::Exception("unknown field " + name + " in the journal");
}

void bindValue(SQLite::Statement &statement, int index, const JournalValue &value)
{
    if (const auto *number = std::get_if<std::int64_t>(&value))
        statement.bind(index, *number);
    else if (const auto *text = std::get_if<std::string>(&value))
        statement.bind(index, *text);
    else
        statement.bind(index);
}

bool isOfClass(JournalField field)
{
    return field >= JournalField::ClassName;
}

void markUndone(ProjectStore &store, std::int64_t entry, bool undone)
{
    SQLite::Statement update(*store.database, "UPDATE journal SET undone = ? WHERE id = ?");
    update.bind(1, undone ? 1 : 0);
    update.bind(2, entry);
    update.exec();
}

/// Sets the journalled columns of one entry to what `changes` (row by row: field, row, value) gives.
std::optional<std::string> replay(ProjectStore &store, FieldWriter &writer, const char *entrySql, const char *changesSql, bool undone)
{
    SQLite::Statement entry(*store.database, entrySql);
    if (!entry.executeStep())
        return std::nullopt;
    const std::int64_t id = entry.getColumn(0).getInt64();
    SQLite::Statement changes(*store.database, changesSql);
    changes.bind(1, id);
    while (changes.executeStep())
        writer.set(fieldFromName(changes.getColumn(0).getString()), changes.getColumn(1).getInt64(), journalValue(changes.getColumn(2)));
    markUndone(store, id, undone);
    SQLite::Statement skipped(*store.database, "SELECT EXISTS(SELECT 1 FROM skipped WHERE journal = ?)");
    skipped.bind(1, id);
    skipped.executeStep();
    writer.touched().skipped |= skipped.getColumn(0).getInt() != 0;
    return entry.getColumn(1).getString();
}

} // namespace

const char *columnOf(JournalField field)
{
    return std::strchr(fieldName(field), '.') + 1;
}

JournalValue journalValue(const SQLite::Column &column)
{
    if (column.isNull())
        return std::monostate();
    if (column.isInteger())
        return column.getInt64();
    return column.getString();
}

void FieldWriter::set(JournalField field, std::int64_t row, const JournalValue &value)
{
    auto place = m_updates.find(field);
    if (place == m_updates.end()) {
        const std::string name = fieldName(field);
        const auto dot = name.find('.');
        const std::string sql = "UPDATE " + name.substr(0, dot) + " SET " + name.substr(dot + 1) + " = ? WHERE id = ?";
        place = m_updates.emplace(field, SQLite::Statement(*m_store.database, sql)).first;
    }
    SQLite::Statement &update = place->second;
    bindValue(update, 1, value);
    update.bind(2, row);
    update.exec();
    update.reset();
    touch(field, row);
}

void FieldWriter::touch(JournalField field, std::int64_t row)
{
    if (isOfClass(field))
        m_touched.classes = true;
    else
        m_touched.images.insert(m_touched.images.end(), row);
}

void JournalEntry::begin()
{
    if (m_id != 0)
        return;
    m_store.database->exec("DELETE FROM journal WHERE undone");
    SQLite::Statement insert(*m_store.database, "INSERT INTO journal(time, words) VALUES(?, '')");
    insert.bind(1, m_store.clock());
    insert.exec();
    m_id = m_store.database->getLastInsertRowid();
}

void JournalEntry::record(JournalField field, std::int64_t row, const JournalValue &before, const JournalValue &after)
{
    begin();
    if (!m_insert) {
        SQLite::Statement last(*m_store.database, "SELECT coalesce(max(position), -1) FROM journal_change WHERE journal = ?");
        last.bind(1, m_id);
        last.executeStep();
        m_position = last.getColumn(0).getInt64();
        m_insert.emplace(*m_store.database, "INSERT INTO journal_change(journal, position, field, row, before, after) VALUES(?,?,?,?,?,?)");
    }
    m_insert->bind(1, m_id);
    m_insert->bind(2, ++m_position);
    m_insert->bindNoCopy(3, fieldName(field));
    m_insert->bind(4, row);
    bindValue(*m_insert, 5, before);
    bindValue(*m_insert, 6, after);
    m_insert->exec();
    m_insert->reset();
    touch(field, row);
}

void JournalEntry::change(JournalField field, std::int64_t row, const JournalValue &before, const JournalValue &after)
{
    set(field, row, after);
    record(field, row, before, after);
}

void JournalEntry::say(const std::string &words)
{
    SQLite::Statement update(*m_store.database, "UPDATE journal SET words = ? WHERE id = ?");
    update.bind(1, words);
    update.bind(2, m_id);
    update.exec();
}

std::optional<std::string> undoEntry(ProjectStore &store, FieldWriter &writer)
{
    return replay(store, writer, "SELECT id, words FROM journal WHERE NOT undone ORDER BY id DESC LIMIT 1",
                  "SELECT field, row, before FROM journal_change WHERE journal = ? ORDER BY position DESC", true);
}

std::optional<std::string> redoEntry(ProjectStore &store, FieldWriter &writer)
{
    return replay(store, writer, "SELECT id, words FROM journal WHERE undone ORDER BY id LIMIT 1",
                  "SELECT field, row, after FROM journal_change WHERE journal = ? ORDER BY position", false);
}

} // namespace whisker
