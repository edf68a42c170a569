#include "engine/data/internal/change.h"

#include "engine/base/path_text.h"

namespace whisker {

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

Result<std::size_t> setField(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, JournalField field, const JournalValue &after)
{
    SQLite::Statement query(*store.database, std::string("SELECT ") + columnOf(field) + " FROM image WHERE present AND id = ?");
    std::size_t count = 0;
    for (const ImageId id : images) {
        query.bind(1, id);
        if (!query.executeStep())
            return unknownImage(store, id);
        const JournalValue before = journalValue(query.getColumn(0));
        query.reset();
        if (before == after)
            continue;
        entry.change(field, id, before, after);
        ++count;
    }
    return count;
}

} // namespace whisker
