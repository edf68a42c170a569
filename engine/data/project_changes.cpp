#include "engine/data/internal/changes.h"
#include "engine/data/internal/class_names.h"
#include "engine/data/project.h"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <type_traits>
#include <utility>

/// The changes of a Project: each one transaction, written to the disk before it is told.
namespace whisker {

namespace {

using Behaviour = SQLite::TransactionBehavior;

/// Runs `body` in one transaction: it gives the words for what it did, or the reason why it must not.
template <class Writer, class Body> Result<ProjectChange> changed(ProjectStore &store, Body &&body)
{
    return guarded(store, [&]() -> Result<ProjectChange> {
        if (store.readOnly)
            throw SQLite::Exception("read-only", SQLITE_READONLY);
        SQLite::Transaction transaction(*store.database, Behaviour::IMMEDIATE);
        Writer writer(store);
        Result<std::string> words = body(writer);
        if (!words)
            return std::unexpected(words.error());
        if constexpr (std::is_same_v<Writer, JournalEntry>) {
            if (writer.id() == 0)
                words->clear();
            else
                writer.say(*words);
        }
        auto change = changeOf(store, std::move(*words), writer.touched());
        transaction.commit();
        return change;
    });
}

std::unexpected<Error> unknownImage(const ProjectStore &store, ImageId id)
{
    return fail(ErrorCode::InvalidArgument,
                "The project has no picture number " + std::to_string(id) + " any more: choose another one.", store.file);
}

Result<ClassRecord> classOf(ProjectStore &store, ClassId id)
{
    for (auto &record : readClasses(store)) {
        if (record.id == id)
            return record;
    }
    return fail(ErrorCode::InvalidArgument, "The project has no such class any more: choose another one.", store.file);
}

/// A clean name that no class but `except` has.
Result<std::string> freeName(ProjectStore &store, std::string_view name, ClassId except)
{
    auto clean = cleanClassName(name);
    if (!clean)
        return clean;
    const std::string lower = lowerCase(*clean);
    for (const auto &other : readClasses(store)) {
        if (other.id != except && lowerCase(other.name) == lower)
            return fail(ErrorCode::InvalidArgument, "There is a class " + other.name + " already: choose another name.", store.file);
    }
    return clean;
}

JournalValue valueOr(const SQLite::Column &column)
{
    return column.isNull() ? JournalValue() : JournalValue(column.getInt64());
}

/// Gives `images` the value `after` in one field; `column` is its name in the table. How many had another one.
Result<std::size_t> setField(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, JournalField field,
                             const char *column, const JournalValue &after)
{
    SQLite::Statement query(*store.database, std::string("SELECT ") + column + " FROM image WHERE present AND id = ?");
    std::size_t count = 0;
    for (const ImageId id : images) {
        query.bind(1, id);
        if (!query.executeStep())
            return unknownImage(store, id);
        const JournalValue before = valueOr(query.getColumn(0));
        query.reset();
        if (before == after)
            continue;
        entry.change(field, id, before, after);
        ++count;
    }
    return count;
}

/// A split for those of `images` that have none: that of a picture with the same bytes, else what keeps the shares.
void giveSplits(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, ClassId label)
{
    SplitCounts counts = splitCounts(store, label);
    SQLite::Statement query(*store.database, "SELECT (SELECT min(other.split) FROM image other WHERE other.hash = image.hash AND "
                                             "other.present) FROM image WHERE id = ? AND split IS NULL");
    for (const ImageId id : images) {
        query.bind(1, id);
        const bool hasNone = query.executeStep();
        const auto twin = hasNone ? valueOr(query.getColumn(0)) : JournalValue();
        query.reset();
        if (!hasNone)
            continue;
        const auto *known = std::get_if<std::int64_t>(&twin);
        const auto split = known ? *known : static_cast<std::int64_t>(nextSplit(counts, SplitShares()));
        ++counts.at(static_cast<std::size_t>(split));
        entry.change(JournalField::ImageSplit, id, JournalValue(), split);
    }
}

} // namespace

Result<ProjectChange> Project::setLabel(std::span<const ImageId> images, std::optional<ClassId> label)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = label ? classOf(store, *label) : Result<ClassRecord>();
        if (!record)
            return std::unexpected(record.error());
        const auto after = label ? JournalValue(*label) : JournalValue();
        const auto count = setField(store, entry, images, JournalField::ImageLabel, "label", after);
        if (!count)
            return std::unexpected(count.error());
        if (!label)
            return "Took the label from " + pictures(*count);
        giveSplits(store, entry, images, *label);
        return "Labelled " + pictures(*count) + " " + record->name;
    });
}

Result<ProjectChange> Project::addClass(std::string_view name)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto clean = freeName(store, name, 0);
        if (!clean)
            return clean;
        insertClass(store, entry, *clean);
        return "Added class " + *clean;
    });
}

Result<ProjectChange> Project::renameClass(ClassId id, std::string_view name)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = classOf(store, id);
        if (!record)
            return std::unexpected(record.error());
        const auto clean = freeName(store, name, id);
        if (!clean)
            return clean;
        if (*clean != record->name)
            entry.change(JournalField::ClassName, id, record->name, *clean);
        return "Renamed class " + record->name + " to " + *clean;
    });
}

Result<ProjectChange> Project::removeClass(ClassId id)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = classOf(store, id);
        if (!record)
            return std::unexpected(record.error());
        std::vector<ImageId> labelled;
        SQLite::Statement query(*store.database, "SELECT id FROM image WHERE present AND label = ? ORDER BY id");
        query.bind(1, id);
        while (query.executeStep())
            labelled.push_back(query.getColumn(0).getInt64());
        for (const ImageId image : labelled)
            entry.change(JournalField::ImageLabel, image, id, JournalValue());
        entry.change(JournalField::ClassPresent, id, std::int64_t(1), std::int64_t(0));
        return "Removed class " + record->name + (labelled.empty() ? "" : " from " + pictures(labelled.size()));
    });
}

Result<ProjectChange> Project::setSplit(std::span<const ImageId> images, Split split)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto after = static_cast<std::int64_t>(split);
        const auto count = setField(store, entry, images, JournalField::ImageSplit, "split", after);
        if (!count)
            return std::unexpected(count.error());
        return "Moved " + pictures(*count) + " to " + splitName(split);
    });
}

Result<ProjectChange> Project::setExcluded(std::span<const ImageId> images, bool excluded)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto after = static_cast<std::int64_t>(excluded);
        const auto count = setField(store, entry, images, JournalField::ImageExcluded, "excluded", after);
        if (!count)
            return std::unexpected(count.error());
        return excluded ? "Excluded " + pictures(*count) : "Included " + pictures(*count) + " again";
    });
}

Result<ProjectChange> Project::undo()
{
    ProjectStore &store = *m_store;
    return changed<FieldWriter>(
        store, [&](FieldWriter &writer) -> Result<std::string> { return undoEntry(store, writer).value_or(""); });
}

Result<ProjectChange> Project::redo()
{
    ProjectStore &store = *m_store;
    return changed<FieldWriter>(
        store, [&](FieldWriter &writer) -> Result<std::string> { return redoEntry(store, writer).value_or(""); });
}

Result<ProjectChange> Project::setState(ImageId image, ImageState state, std::string_view reason)
{
    ProjectStore &store = *m_store;
    return changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
        SQLite::Statement update(*store.database, "UPDATE image SET state = ?, reason = ? WHERE id = ? AND present");
        update.bind(1, static_cast<int>(state));
        if (state != ImageState::Ok)
            update.bind(2, std::string(reason));
        update.bind(3, image);
        if (update.exec() == 0)
            return unknownImage(store, image);
        writer.touched().images.insert(image);
        return std::string();
    });
}

Result<void> Project::setSetting(std::string_view key, std::string_view value)
{
    ProjectStore &store = *m_store;
    const auto change = changed<FieldWriter>(store, [&](FieldWriter &) -> Result<std::string> {
        SQLite::Statement upsert(*store.database, "INSERT INTO setting(key, value) VALUES(?, ?) "
                                                  "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        upsert.bind(1, std::string(key));
        upsert.bind(2, std::string(value));
        upsert.exec();
        return std::string();
    });
    if (!change)
        return std::unexpected(change.error());
    return {};
}

} // namespace whisker
