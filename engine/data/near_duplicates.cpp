#include "engine/data/near_duplicates.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <unordered_map>

namespace whisker {

namespace {

constexpr std::size_t kParts = 4;
constexpr int kPartBits = 16;
constexpr std::size_t kPartValues = std::size_t(1) << kPartBits;
constexpr int kMaxPartDistance = 3; // 15 bits over four parts

/// Pictures that share a hash but not their looks are rare; this many different ones are compared with others, so that no input makes it all pairs.
constexpr std::size_t kMaxLooksPerHash = 64;

std::size_t partOf(std::uint64_t hash, std::size_t part)
{
    return hash >> (kPartBits * static_cast<int>(part)) & (kPartValues - 1);
}

/// All numbers of 16 bits by how many bits are set, up to kMaxPartDistance; `ends[d]` is where those of d bits end.
struct Masks {
    std::vector<std::uint32_t> masks;
    std::array<std::size_t, kMaxPartDistance + 1> ends{};
};

const Masks &partMasks()
{
    static const Masks all = [] {
        Masks made;
        for (int bits = 0; bits <= kMaxPartDistance; ++bits) {
            for (std::uint32_t value = 0; value < kPartValues; ++value) {
                if (std::popcount(value) == bits)
                    made.masks.push_back(value);
            }
            made.ends[static_cast<std::size_t>(bits)] = made.masks.size();
        }
        return made;
    }();
    return all;
}

/// Disjoint sets (Tarjan, 1975), with path halving.
class DisjointSets {
public:
    explicit DisjointSets(std::size_t count) : m_parents(count) { std::iota(m_parents.begin(), m_parents.end(), std::size_t(0)); }
    std::size_t find(std::size_t item)
    {
        while (m_parents[item] != item)
            item = m_parents[item] = m_parents[m_parents[item]];
        return item;
    }
    /// The smaller root stays: it is the group's first member.
    void unite(std::size_t a, std::size_t b)
    {
        a = find(a);
        b = find(b);
        m_parents[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> m_parents;
};

class Grouping {
public:
    Grouping(std::span<const PictureMeasures *const> pictures, const NearDuplicateOptions &options)
        : m_pictures(pictures), m_options(options), m_sets(pictures.size())
    {
    }
    std::vector<std::vector<std::size_t>> run();

private:
    void uniteEqualHashes();
    void uniteNear(const HashIndex &index, std::size_t hash, std::uint64_t wanted);
    bool uniteIfAlike(std::size_t a, std::size_t b);

    std::span<const PictureMeasures *const> m_pictures;
    const NearDuplicateOptions &m_options;
    DisjointSets m_sets;
    std::vector<std::uint64_t> m_hashes;           // each once
    std::vector<std::vector<std::size_t>> m_looks; // for each hash: pictures that stand for all with it
};

bool Grouping::uniteIfAlike(std::size_t a, std::size_t b)
{
    if (m_sets.find(a) == m_sets.find(b))
        return true;
    if (thumbnailCorrelation(m_pictures[a]->thumbnail, m_pictures[b]->thumbnail) < m_options.correlation)
        return false;
    m_sets.unite(a, b);
    return true;
}

void Grouping::uniteEqualHashes()
{
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        if (!m_pictures[i] || m_pictures[i]->contrast < m_options.contrast)
            continue;
        const std::uint64_t hash = m_pictures[i]->hash;
        const auto [place, isNew] = places.try_emplace(hash, m_hashes.size());
        if (isNew) {
            m_hashes.push_back(hash);
            m_looks.emplace_back();
        }
        auto &looks = m_looks[place->second];
        const bool known = std::ranges::any_of(looks, [&](std::size_t other) { return uniteIfAlike(other, i); });
        if (!known && looks.size() < kMaxLooksPerHash)
            looks.push_back(i);
    }
}

void Grouping::uniteNear(const HashIndex &index, std::size_t hash, std::uint64_t wanted)
{
    index.visitNear(wanted, m_options.distance, [&](std::size_t other) {
        if (other <= hash) // the other one has found this one, or will
            return;
        for (const std::size_t a : m_looks[hash]) {
            for (const std::size_t b : m_looks[other])
                uniteIfAlike(a, b);
        }
    });
}

std::vector<std::vector<std::size_t>> Grouping::run()
{
    uniteEqualHashes();
    const HashIndex index(m_hashes);
    for (std::size_t i = 0; i < m_hashes.size(); ++i) {
        uniteNear(index, i, m_hashes[i]);
        uniteNear(index, i, mirroredHash(m_hashes[i]));
    }
    std::map<std::size_t, std::vector<std::size_t>> byFirst;
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        if (const std::size_t first = m_sets.find(i); first != i)
            byFirst.try_emplace(first, 1, first).first->second.push_back(i);
    }
    std::vector<std::vector<std::size_t>> groups;
    for (auto &[first, members] : byFirst)
        groups.push_back(std::move(members));
    return groups;
}

} // namespace

HashIndex::HashIndex(std::span<const std::uint64_t> hashes)
    : m_hashes(hashes.begin(), hashes.end()), m_starts(kParts * (kPartValues + 1)), m_places(kParts * hashes.size())
{
    for (std::size_t part = 0; part < kParts; ++part) { // a counting sort
        std::uint32_t *starts = m_starts.data() + part * (kPartValues + 1);
        std::uint32_t *places = m_places.data() + part * m_hashes.size();
        for (const std::uint64_t hash : m_hashes)
            ++starts[partOf(hash, part) + 1];
        std::partial_sum(starts, starts + kPartValues + 1, starts);
        std::vector<std::uint32_t> next(starts, starts + kPartValues);
        for (std::size_t i = 0; i < m_hashes.size(); ++i)
            places[next[partOf(m_hashes[i], part)]++] = static_cast<std::uint32_t>(i);
    }
}

void HashIndex::visitNear(std::uint64_t wanted, int distance, const std::function<void(std::size_t)> &found) const
{
    const Masks &all = partMasks();
    for (std::size_t part = 0; part < kParts; ++part) {
        // Norouzi et al., proposition 2: only the first distance % 4 + 1 parts need the whole radius.
        const int radius = distance / static_cast<int>(kParts) - (static_cast<int>(part) > distance % static_cast<int>(kParts));
        if (radius < 0)
            break;
        const std::uint32_t *starts = m_starts.data() + part * (kPartValues + 1);
        const std::uint32_t *places = m_places.data() + part * m_hashes.size();
        const std::size_t value = partOf(wanted, part);
        for (std::size_t mask = 0; mask < all.ends[static_cast<std::size_t>(radius)]; ++mask) {
            const std::size_t near = value ^ all.masks[mask];
            for (std::uint32_t i = starts[near]; i < starts[near + 1]; ++i) {
                if (std::popcount(m_hashes[places[i]] ^ wanted) <= distance)
                    found(places[i]);
            }
        }
    }
}

std::vector<std::vector<std::size_t>> nearDuplicateGroups(std::span<const PictureMeasures *const> pictures, const NearDuplicateOptions &options)
{
    return Grouping(pictures, options).run();
}

} // namespace whisker
