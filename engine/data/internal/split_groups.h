#pragma once

#include "engine/data/splits.h"

#include <vector>

namespace whisker {

/// Sets of things 0, 1, 2, ... that are put together pair by pair (Tarjan, 1975, with path halving).
class DisjointSets {
public:
    explicit DisjointSets(std::size_t count);
    std::size_t size() const { return m_parents.size(); }
    std::size_t find(std::size_t thing); ///< The least of its set. As good as constant time.
    void join(std::size_t left, std::size_t right);

private:
    std::vector<std::size_t> m_parents;
};

/// For each item the index of one that stands for all that go with it: the same hash, the same group, or a chain of these.
std::vector<std::size_t> belongingTogether(std::span<const SplitItem> items);

} // namespace whisker
