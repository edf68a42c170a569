#include "engine/data/internal/changes.h"

#include "engine/base/unicode.h"

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
    const auto give = [&](std::string_view candidates) {
        for (const char candidate : candidates) {
            if (key.empty() && isFree(std::string(1, candidate), &ClassRecord::key))
                key = candidate;
        }
    };
    give(kClassKeys.substr(0, 9)); // "1" to "9", then a letter of its name, then what there is
    std::string letters = nameKey(name);
    std::erase_if(letters, [](char letter) { return letter < 'a' || !kClassKeys.contains(letter); });
    give(letters);
    give(kClassKeys);
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
    std::size_t pictures = 1; // those in splits that get nothing new say nothing about the size of the others
    pictures += shares.train > 0 ? counts[0] : 0;
    pictures += shares.validation > 0 ? counts[1] : 0;
    pictures += shares.test > 0 ? counts[2] : 0;
    return neededSplit(counts, splitTargets(pictures, shares));
}

} // namespace whisker
