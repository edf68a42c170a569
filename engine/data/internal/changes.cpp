#include "engine/data/internal/changes.h"

#include <algorithm>

namespace whisker {

ClassId insertClass(ProjectStore &store, JournalEntry &entry, const std::string &name)
{
    const auto classes = readClasses(store);
    const auto isFree = [&](const auto &value, auto member) { return std::ranges::find(classes, value, member) == classes.end(); };
    int colour = 0;
    while (!isFree(colour, &ClassRecord::colour))
        ++colour;
    std::string key;
    for (char digit = '1'; digit <= '9' && key.empty(); ++digit) {
        if (isFree(std::string(1, digit), &ClassRecord::key))
            key = digit;
    }
    SQLite::Statement insert(*store.database, "INSERT INTO class(name, colour, key, position, present) "
                                              "VALUES(?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM class), 1)");
    insert.bind(1, name);
    insert.bind(2, colour);
    insert.bind(3, key);
    insert.exec();
    const ClassId id = store.database->getLastInsertRowid();
    entry.record(JournalField::ClassPresent, id, std::int64_t(0), std::int64_t(1));
    return id;
}

SplitCounts splitCounts(ProjectStore &store, ClassId label)
{
    SplitCounts counts = {};
    SQLite::Statement query(*store.database, "SELECT split, count(*) FROM image WHERE present AND label = ? AND split IS NOT NULL "
                                             "GROUP BY split");
    query.bind(1, label);
    while (query.executeStep())
        counts.at(static_cast<std::size_t>(query.getColumn(0).getInt())) = static_cast<std::size_t>(query.getColumn(1).getInt64());
    return counts;
}

Split nextSplit(const SplitCounts &counts, const SplitShares &shares)
{
    return neededSplit(counts, splitTargets(counts[0] + counts[1] + counts[2] + 1, shares));
}

} // namespace whisker
