#include "engine/base/number_text.h"
#include "engine/base/unicode.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/changes.h"
#include "engine/data/internal/class_names.h"
#include "engine/data/project.h"

#include <algorithm>

/// The changes of a Project's list of classes.
namespace whisker {

namespace {

/// A clean name that no class but `except` has.
Result<std::string> freeName(ProjectStore &store, std::string_view name, ClassId except)
{
    auto clean = cleanClassName(name);
    if (!clean)
        return clean;
    const std::string wanted = nameKey(*clean);
    for (const auto &other : readClasses(store)) {
        if (other.id != except && nameKey(other.name) == wanted)
            return fail(ErrorCode::InvalidArgument, "There is a class " + other.name + " already: choose another name.", store.file);
    }
    return clean;
}

/// Gives every picture of the class `id` the label `after`; how many those are.
std::size_t relabel(ProjectStore &store, JournalEntry &entry, ClassId id, const JournalValue &after)
{
    std::vector<ImageId> labelled;
    SQLite::Statement query(*store.database, "SELECT id FROM image WHERE present AND label = ? ORDER BY id");
    query.bind(1, id);
    while (query.executeStep())
        labelled.push_back(query.getColumn(0).getInt64());
    for (const ImageId image : labelled)
        entry.change(JournalField::ImageLabel, image, id, after);
    return labelled.size();
}

/// `key` as it is kept; nothing where it can't label.
std::optional<std::string> classKey(std::string_view key)
{
    const std::string lower = nameKey(key);
    if (lower.empty() || (lower.size() == 1 && kClassKeys.contains(lower.front())))
        return lower;
    return std::nullopt;
}

} // namespace

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
        const std::size_t labelled = relabel(store, entry, id, JournalValue());
        entry.change(JournalField::ClassPresent, id, std::int64_t(1), std::int64_t(0));
        return "Removed class " + record->name + (labelled == 0 ? "" : " from " + countText(labelled, "picture"));
    });
}

Result<ProjectChange> Project::mergeClasses(ClassId from, ClassId into)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto left = classOf(store, from);
        const auto kept = classOf(store, into);
        if (!left || !kept)
            return std::unexpected((left ? kept : left).error());
        if (from == into)
            return fail(ErrorCode::InvalidArgument, "Class " + kept->name + " can't be merged into itself: choose another class.", store.file);
        const std::size_t labelled = relabel(store, entry, from, into);
        entry.change(JournalField::ClassPresent, from, std::int64_t(1), std::int64_t(0));
        return "Merged class " + left->name + " into " + kept->name + " (" + countText(labelled, "picture") + ")";
    });
}

Result<ProjectChange> Project::recolourClass(ClassId id, int colour)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = classOf(store, id);
        if (!record)
            return std::unexpected(record.error());
        if (colour < 0)
            return fail(ErrorCode::InvalidArgument, "There is no colour number " + std::to_string(colour) + ": choose 0 or more.", store.file);
        if (colour != record->colour)
            entry.change(JournalField::ClassColour, id, std::int64_t(record->colour), std::int64_t(colour));
        return "Gave class " + record->name + " another colour";
    });
}

Result<ProjectChange> Project::setClassKey(ClassId id, std::string_view key)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = classOf(store, id);
        if (!record)
            return std::unexpected(record.error());
        const auto wanted = classKey(key);
        if (!wanted)
            return fail(ErrorCode::InvalidArgument, "That key can't label pictures: choose one of " + std::string(kClassKeys) + ".", store.file);
        if (*wanted == record->key)
            return std::string();
        const auto classes = readClasses(store);
        const auto owner = wanted->empty() ? classes.end() : std::ranges::find(classes, *wanted, &ClassRecord::key);
        entry.change(JournalField::ClassKey, id, record->key, *wanted);
        if (wanted->empty())
            return "Took the key from class " + record->name;
        std::string words = "Gave class " + record->name + " the key " + *wanted;
        if (owner != classes.end()) {
            entry.change(JournalField::ClassKey, owner->id, owner->key, record->key);
            words += record->key.empty() ? "; " + owner->name + " has none now" : "; " + owner->name + " has " + record->key + " now";
        }
        return words;
    });
}

Result<ProjectChange> Project::moveClass(ClassId id, std::size_t position)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const auto record = classOf(store, id);
        if (!record)
            return std::unexpected(record.error());
        std::vector<std::pair<ClassId, std::int64_t>> order; // class, its number in the file
        SQLite::Statement query(*store.database, "SELECT id, position FROM class WHERE present ORDER BY position, id");
        while (query.executeStep())
            order.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getInt64());
        auto wanted = order;
        const auto from = std::ranges::find(wanted, id, &std::pair<ClassId, std::int64_t>::first);
        const auto to = wanted.begin() + static_cast<std::ptrdiff_t>(std::min(position, wanted.size() - 1));
        if (from < to)
            std::rotate(from, from + 1, to + 1);
        else
            std::rotate(to, from, from + 1);
        for (std::size_t i = 0; i < wanted.size(); ++i) { // the numbers stay, the classes change places
            if (wanted[i].second != order[i].second)
                entry.change(JournalField::ClassPosition, wanted[i].first, wanted[i].second, order[i].second);
        }
        return "Moved class " + record->name + " to place " + std::to_string(to - wanted.begin() + 1);
    });
}

} // namespace whisker
