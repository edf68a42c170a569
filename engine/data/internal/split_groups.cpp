#include "engine/data/internal/split_groups.h"

#include <numeric>
#include <unordered_map>
#include <utility>

namespace whisker {

DisjointSets::DisjointSets(std::size_t count) : m_parents(count)
{
    std::iota(m_parents.begin(), m_parents.end(), std::size_t(0));
}

std::size_t DisjointSets::find(std::size_t thing)
{
    while (m_parents[thing] != thing) {
        m_parents[thing] = m_parents[m_parents[thing]]; // halves the way for the next who asks
        thing = m_parents[thing];
    }
    return thing;
}

void DisjointSets::join(std::size_t left, std::size_t right)
{
    left = find(left);
    right = find(right);
    m_parents[std::max(left, right)] = std::min(left, right);
}

std::vector<std::size_t> belongingTogether(std::span<const SplitItem> items)
{
    DisjointSets sets(items.size());
    std::unordered_map<ContentHash, std::size_t> hashes;
    std::unordered_map<std::int64_t, std::size_t> groups;
    for (std::size_t i = 0; i < items.size(); ++i) {
        sets.join(hashes.try_emplace(items[i].hash, i).first->second, i);
        if (items[i].group >= 0)
            sets.join(groups.try_emplace(items[i].group, i).first->second, i);
    }
    std::vector<std::size_t> result(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        result[i] = sets.find(i);
    return result;
}

} // namespace whisker
