#pragma once

#include "engine/data/internal/records.h"

#include <variant>

/// The journal: what a person changes is written with its inverse, in the same transaction. With the store's mutex held; throws what SQLite throws.
namespace whisker {

using JournalValue = std::variant<std::monostate, std::int64_t, std::string>;

/// Columns that the journal covers; their names stand in project files as table.column.
enum class JournalField {
    ImageLabel, ImageSplit, ImageExcluded, ImagePresent, ImageUnsure, ImageGroup, ImageSplitFixed, ClassName, ClassColour, ClassKey, ClassPosition, ClassPresent,
};

/// The name of a field's column in its table.
const char *columnOf(JournalField field);
/// What stands in a column that the journal covers.
JournalValue journalValue(const SQLite::Column &column);

/// Sets journalled columns.
class FieldWriter {
public:
    explicit FieldWriter(ProjectStore &store) : m_store(store) {}
    void set(JournalField field, std::int64_t row, const JournalValue &value);
    TouchedRows &touched() { return m_touched; }

protected:
    void touch(JournalField field, std::int64_t row);

    ProjectStore &m_store;

private:
    std::map<JournalField, SQLite::Statement> m_updates;
    TouchedRows m_touched;
};

/// One entry of the journal while it is being made. The entry begins with the first change, and then what was undone can't be redone any more. Lives
/// inside one transaction; a later one can go on with the same entry.
class JournalEntry : public FieldWriter {
public:
    explicit JournalEntry(ProjectStore &store, std::int64_t id = 0) : FieldWriter(store), m_id(id) {}

    void change(JournalField field, std::int64_t row, const JournalValue &before, const JournalValue &after);
    /// For a row that was just made with `after` in it.
    void record(JournalField field, std::int64_t row, const JournalValue &before, const JournalValue &after);
    void say(const std::string &words);
    std::int64_t id() const { return m_id; } ///< 0 while nothing has changed.
    void begin();                            ///< Makes sure that there is an id.

private:
    std::int64_t m_id;
    std::int64_t m_position = -1;
    std::optional<SQLite::Statement> m_insert;
};

/// Takes the last entry that stands back, or makes the first undone one again, with `writer`; its words, nothing where there is none.
std::optional<std::string> undoEntry(ProjectStore &store, FieldWriter &writer);
std::optional<std::string> redoEntry(ProjectStore &store, FieldWriter &writer);

} // namespace whisker
