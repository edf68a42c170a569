#include "engine/data/internal/division.h"

#include "engine/data/internal/changes.h"
#include "engine/data/internal/relatives.h"
#include "engine/data/internal/split_groups.h"

#include <algorithm>
#include <unordered_map>

namespace whisker {

namespace {

/// Gives numbers to users' groups, and one number to groups that `together` joins.
class GroupNumbers {
public:
    std::int64_t of(const std::string &group) { return m_numbers.try_emplace(group, static_cast<std::int64_t>(m_numbers.size())).first->second; }

private:
    std::unordered_map<std::string, std::int64_t> m_numbers;
};

struct Row {
    DivisionItem picture;
    bool excluded = false;
};

std::vector<Row> readRows(ProjectStore &store, const SplitRules &rules, Divide which)
{
    std::vector<Row> rows;
    GroupNumbers groups;
    SQLite::Statement query(*store.database, "SELECT id, hash, label, split, grouping, split_fixed, excluded FROM image WHERE present AND "
                                             "label IS NOT NULL ORDER BY id");
    while (query.executeStep()) {
        Row row;
        row.picture.id = query.getColumn(0).getInt64();
        row.picture.item.hash = hashFromBlob(query.getColumn(1));
        row.picture.item.label = query.getColumn(2).getInt();
        if (const auto split = query.getColumn(3); !split.isNull())
            row.picture.split = static_cast<Split>(split.getInt());
        if (const auto group = query.getColumn(4); !group.isNull())
            row.picture.item.group = groups.of(group.getString());
        const bool isLocked = rules.testLocked && row.picture.split == Split::Test;
        const bool cameSplit = query.getColumn(5).getInt() != 0;
        row.picture.stays = row.picture.split && (which == Divide::New || cameSplit || isLocked);
        row.excluded = query.getColumn(6).getInt() != 0;
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Gives pictures that `together` or a user's group joins one number.
void joinGroups(std::vector<Row> &rows, std::span<const std::vector<ImageId>> together)
{
    if (together.empty())
        return;
    DisjointSets sets(rows.size());
    std::unordered_map<std::int64_t, std::size_t> known;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (const auto group = rows[i].picture.item.group; group >= 0)
            sets.join(known.try_emplace(group, i).first->second, i);
    }
    for (const auto &list : together) {
        std::optional<std::size_t> first;
        for (const ImageId id : list) {
            const auto place = std::ranges::lower_bound(rows, id, {}, [](const Row &row) { return row.picture.id; });
            if (place == rows.end() || place->picture.id != id)
                continue;
            const auto index = static_cast<std::size_t>(place - rows.begin());
            sets.join(first.value_or(index), index);
            first = index;
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].picture.item.group = static_cast<std::int64_t>(sets.find(i));
}

JournalValue splitValue(std::optional<Split> split)
{
    return split ? JournalValue(static_cast<std::int64_t>(*split)) : JournalValue();
}

void leaveOut(JournalEntry &entry, ImageId image)
{
    entry.change(JournalField::ImageExcluded, image, std::int64_t(0), std::int64_t(1));
}

} // namespace

std::vector<Placement> placements(std::span<const DivisionItem> items, const SplitRules &rules)
{
    std::vector<Placement> result(items.size());
    std::vector<SplitItem> all;
    all.reserve(items.size());
    for (const auto &item : items)
        all.push_back(item.item);
    if (rules.testLocked) {
        const auto groups = belongingTogether(all);
        std::vector<bool> inTest(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].split == Split::Test)
                inTest[groups[i]] = true;
        }
        for (std::size_t i = 0; i < items.size(); ++i)
            result[i].leftOut = !items[i].stays && inTest[groups[i]];
    }
    std::vector<SplitItem> divided;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (result[i].leftOut) {
            result[i].split = items[i].split.value_or(Split::Train);
            continue;
        }
        divided.push_back(all[i]);
        if (items[i].stays)
            divided.back().fixed = items[i].split;
        places.push_back(i);
    }
    const auto splits = assignSplits(divided, rules.sharesForNew(), rules.seed);
    for (std::size_t i = 0; i < places.size(); ++i)
        result[places[i]].split = splits[i];
    return result;
}

DivisionCounts divide(ProjectStore &store, JournalEntry &entry, const SplitRules &rules, Divide which, std::span<const std::vector<ImageId>> together)
{
    auto rows = readRows(store, rules, which);
    DivisionCounts counts;
    counts.stayed = static_cast<std::size_t>(std::ranges::count_if(rows, [](const Row &row) { return row.picture.stays; }));
    if (counts.stayed == rows.size())
        return counts;
    joinGroups(rows, together);
    std::vector<DivisionItem> items;
    items.reserve(rows.size());
    for (const auto &row : rows)
        items.push_back(row.picture);
    const auto places = placements(items, rules);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (items[i].stays)
            continue;
        const auto [split, leftOut] = places[i];
        if (items[i].split != split)
            entry.change(JournalField::ImageSplit, items[i].id, splitValue(items[i].split), splitValue(split));
        if (leftOut && !rows[i].excluded)
            leaveOut(entry, items[i].id);
        ++(leftOut ? counts.leftOut : counts.pictures.at(static_cast<std::size_t>(split)));
    }
    return counts;
}

std::size_t giveSplits(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, ClassId label)
{
    const SplitRules rules = readRules(store);
    SplitCounts counts = splitCounts(store, label);
    SQLite::Statement none(*store.database, "SELECT hash, excluded FROM image WHERE id = ? AND split IS NULL");
    Relatives relatives(store);
    std::size_t leftOut = 0;
    for (const ImageId id : images) {
        none.bind(1, id);
        if (none.executeStep()) {
            SplitRange &kin = relatives.splitsOf(relatives.familyOf(hashFromBlob(none.getColumn(0))));
            const bool hasTestTwin = rules.testLocked && kin.most == static_cast<int>(Split::Test);
            const Split split = hasTestTwin ? Split::Train : kin.isEmpty() ? nextSplit(counts, rules.sharesForNew()) : static_cast<Split>(kin.least);
            if (hasTestTwin) {
                ++leftOut;
                if (none.getColumn(1).getInt() == 0)
                    leaveOut(entry, id);
            }
            ++counts.at(static_cast<std::size_t>(split));
            kin.widen(split);
            entry.change(JournalField::ImageSplit, id, JournalValue(), splitValue(split));
        }
        none.reset();
    }
    return leftOut;
}

SplitRules readRules(ProjectStore &store)
{
    return splitRules(readSettings(store));
}

std::string leftOutWords(std::size_t count)
{
    if (count == 0)
        return {};
    return count == 1 ? "; 1 is left out: it belongs with the locked test set"
                      : "; " + std::to_string(count) + " are left out: they belong with the locked test set";
}

} // namespace whisker
