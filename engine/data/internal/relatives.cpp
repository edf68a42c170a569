#include "engine/data/internal/relatives.h"

#include "engine/data/internal/measure_store.h"
#include "engine/data/internal/records.h"
#include "engine/data/near_duplicates.h"

#include <algorithm>

namespace whisker {

namespace {

NearCopies workedOut(const KnownContents &known)
{
    std::vector<ContentHash> hashes;
    std::vector<const PictureMeasures *> measures;
    for (const auto &[hash, content] : known) {
        if (!content.problem.empty())
            continue;
        hashes.push_back(hash);
        measures.push_back(&content.measures);
    }
    NearCopies copies;
    for (const auto &members : nearDuplicateGroups(measures)) {
        auto &list = copies.lists.emplace_back();
        for (const std::size_t member : members) {
            list.push_back(hashes[member]);
            copies.listOf.emplace(hashes[member], copies.lists.size() - 1);
        }
    }
    return copies;
}

} // namespace

void SplitRange::widen(Split split)
{
    least = std::min(least, static_cast<int>(split));
    most = std::max(most, static_cast<int>(split));
}

Relatives::Relatives(ProjectStore &store)
    : m_store(store), m_twins(*store.database, "SELECT grouping, split FROM image WHERE hash = ? AND present"),
      m_members(*store.database, "SELECT DISTINCT hash FROM image WHERE grouping = ? AND grouping IS NOT NULL AND present")
{
}

std::size_t Relatives::familyOf(const ContentHash &hash)
{
    if (const auto known = m_families.find(hash); known != m_families.end())
        return known->second;
    const std::size_t family = m_splits.size();
    m_splits.emplace_back();
    const NearCopies &near = nearCopies(m_store);
    std::vector<ContentHash> toDo;
    const auto add = [&](const ContentHash &relative) {
        if (m_families.emplace(relative, family).second)
            toDo.push_back(relative);
    };
    add(hash);
    while (!toDo.empty()) {
        const ContentHash next = toDo.back();
        toDo.pop_back();
        if (const auto list = near.listOf.find(next); list != near.listOf.end())
            std::ranges::for_each(near.lists[list->second], add);
        bindHash(m_twins, 1, next);
        while (m_twins.executeStep()) {
            if (!m_twins.getColumn(1).isNull())
                m_splits[family].widen(static_cast<Split>(m_twins.getColumn(1).getInt()));
            if (m_twins.getColumn(0).isNull() || !m_groups.emplace(m_twins.getColumn(0).getString(), family).second)
                continue;
            m_members.bind(1, m_twins.getColumn(0).getString());
            while (m_members.executeStep())
                add(hashFromBlob(m_members.getColumn(0)));
            m_members.reset();
        }
        m_twins.reset();
    }
    return family;
}

const NearCopies &nearCopies(ProjectStore &store)
{
    if (!store.nearCopies)
        store.nearCopies = std::make_shared<const NearCopies>(workedOut(readMeasures(store)));
    return *store.nearCopies;
}

std::vector<std::vector<ImageId>> nearCopyPictures(ProjectStore &store)
{
    std::vector<std::vector<ImageId>> pictures;
    SQLite::Statement query(*store.database, "SELECT id FROM image WHERE hash = ? AND present");
    for (const auto &list : nearCopies(store).lists) {
        auto &ids = pictures.emplace_back();
        for (const ContentHash &hash : list) {
            bindHash(query, 1, hash);
            while (query.executeStep())
                ids.push_back(query.getColumn(0).getInt64());
            query.reset();
        }
    }
    return pictures;
}

} // namespace whisker
