#include "engine/base/number_text.h"
#include "engine/data/internal/change.h"
#include "engine/data/internal/test_set.h"
#include "engine/data/project.h"

/// The history of a Project, and the ways back and forth in it.
namespace whisker {

namespace {

/// The state of one entry of the journal.
enum class Standing { Stands, Undone, Unknown };

Standing standingOf(ProjectStore &store, EntryId entry)
{
    SQLite::Statement query(*store.database, "SELECT undone FROM journal WHERE id = ?");
    query.bind(1, entry);
    if (!query.executeStep())
        return Standing::Unknown;
    return query.getColumn(0).getInt() ? Standing::Undone : Standing::Stands;
}

std::unexpected<Error> notInHistory(const ProjectStore &store)
{
    return fail(ErrorCode::InvalidArgument, "That change is not in the history any more: choose another one.", store.file);
}

/// Runs `body` in one transaction: it goes back or forth in the journal, and gives the words for that. Not where a locked test set would change.
template <class Body> Result<ProjectChange> replayed(ProjectStore &store, Body &&body)
{
    return changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
        const TestSetGuard testSet(store);
        auto words = body(writer);
        const auto kept = testSet.check();
        return kept ? std::move(words) : std::unexpected(kept.error());
    });
}

} // namespace

Result<ProjectChange> Project::undo()
{
    ProjectStore &store = *m_store;
    return replayed(store, [&](FieldWriter &writer) -> Result<std::string> { return undoEntry(store, writer).value_or(""); });
}

Result<ProjectChange> Project::redo()
{
    ProjectStore &store = *m_store;
    return replayed(store, [&](FieldWriter &writer) -> Result<std::string> { return redoEntry(store, writer).value_or(""); });
}

Result<std::vector<HistoryEntry>> Project::history(std::size_t limit) const
{
    ProjectStore &store = *m_store;
    return guarded(store, [&]() -> Result<std::vector<HistoryEntry>> {
        std::vector<HistoryEntry> entries;
        SQLite::Statement query(*store.database, "SELECT id, time, words, undone FROM journal ORDER BY id DESC LIMIT ?");
        query.bind(1, static_cast<std::int64_t>(std::min(limit, std::size_t(1) << 62)));
        while (query.executeStep())
            entries.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt64(), query.getColumn(2).getString(),
                               query.getColumn(3).getInt() != 0});
        return entries;
    });
}

Result<ProjectChange> Project::undoTo(EntryId entry)
{
    ProjectStore &store = *m_store;
    return replayed(store, [&](FieldWriter &writer) -> Result<std::string> {
        if (entry != 0 && standingOf(store, entry) != Standing::Stands)
            return notInHistory(store);
        SQLite::Statement last(*store.database, "SELECT id FROM journal WHERE NOT undone ORDER BY id DESC LIMIT 1");
        std::size_t count = 0;
        std::string words;
        while (last.executeStep() && last.getColumn(0).getInt64() != entry) {
            last.reset();
            words = undoEntry(store, writer).value_or("");
            ++count;
        }
        return count > 1 ? "Took back " + countText(count, "change") : words;
    });
}

Result<ProjectChange> Project::redoTo(EntryId entry)
{
    ProjectStore &store = *m_store;
    return replayed(store, [&](FieldWriter &writer) -> Result<std::string> {
        if (standingOf(store, entry) != Standing::Undone)
            return notInHistory(store);
        std::size_t count = 0;
        std::string words;
        for (; standingOf(store, entry) == Standing::Undone; ++count)
            words = redoEntry(store, writer).value_or("");
        return count > 1 ? "Made " + countText(count, "change") + " again" : words;
    });
}

} // namespace whisker
