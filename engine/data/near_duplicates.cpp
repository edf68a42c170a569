#include "engine/data/near_duplicates.h"

#include "engine/data/internal/split_groups.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

// Counting bits in one instruction, where the processor has it. Sanitizers can't be there yet when the loader picks the version.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WHISKER_VECTORISED [[gnu::target_clones("avx2", "popcnt", "default")]]
#else
#define WHISKER_VECTORISED
#endif

namespace whisker {

namespace {

constexpr std::size_t kParts = 4;
constexpr int kPartBits = 16;
constexpr std::size_t kPartValues = std::size_t(1) << kPartBits;
constexpr int kMaxPartDistance = 3; // 15 bits over four parts

// What keeps any input from becoming all pairs; photographs come nowhere near.
constexpr std::size_t kMaxLooksPerHash = 64;  // different pictures of one hash that are compared with others
constexpr std::size_t kMaxComparisons = 300;  // of one hash that fail
constexpr std::size_t kMaxVisits = 1000;      // of one hash

/// Copies that are merely saved anew are found first, before the bounds above are reached.
constexpr int kNearestDistance = 4;

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

/// A thumbnail ready to be compared.
struct Look {
    std::array<std::uint8_t, PictureMeasures::Thumbnail{}.size()> straight, mirrored;
    double mean, norm; // of the levels, and of their differences from it

    explicit Look(const PictureMeasures::Thumbnail &thumbnail);
};

Look::Look(const PictureMeasures::Thumbnail &thumbnail) : straight(thumbnail), mirrored(thumbnail)
{
    for (auto row = mirrored.begin(); row != mirrored.end(); row += PictureMeasures::kThumbnailPx)
        std::reverse(row, row + PictureMeasures::kThumbnailPx);
    double sum = 0;
    double squares = 0;
    for (const double level : straight) {
        sum += level;
        squares += level * level;
    }
    const auto count = static_cast<double>(straight.size());
    mean = sum / count;
    norm = std::sqrt(std::max(squares - sum * mean, 0.0));
}

WHISKER_VECTORISED int product(const std::uint8_t *a, const std::uint8_t *b)
{
    int sum = 0;
    for (std::size_t i = 0; i < PictureMeasures::Thumbnail{}.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

bool alike(const Look &a, const Look &b, bool mirrored, double correlation)
{
    const double covariance =
        product(a.straight.data(), mirrored ? b.mirrored.data() : b.straight.data()) - a.mean * b.mean * static_cast<double>(a.straight.size());
    return covariance >= correlation * a.norm * b.norm && a.norm > 0 && b.norm > 0;
}

class Grouping {
public:
    Grouping(std::span<const PictureMeasures *const> pictures, const NearDuplicateOptions &options)
        : m_options(options), m_sets(pictures.size())
    {
        uniteEqualHashes(pictures);
    }
    std::vector<std::vector<std::size_t>> run();

private:
    /// A picture that stands for all with its hash and its looks.
    struct Model {
        std::size_t picture;
        Look look;
    };

    void uniteEqualHashes(std::span<const PictureMeasures *const> pictures);
    void uniteNear(const HashIndex &index, std::size_t hash, bool mirrored, int distance);
    bool uniteIfAlike(const Model &a, const Model &b, bool mirrored);

    const NearDuplicateOptions &m_options;
    DisjointSets m_sets;
    std::vector<std::uint64_t> m_hashes; // each once
    std::vector<std::vector<Model>> m_models; // by hash
};

bool Grouping::uniteIfAlike(const Model &a, const Model &b, bool mirrored)
{
    if (m_sets.find(a.picture) == m_sets.find(b.picture))
        return true;
    if (!alike(a.look, b.look, mirrored, m_options.correlation))
        return false;
    m_sets.join(a.picture, b.picture);
    return true;
}

void Grouping::uniteEqualHashes(std::span<const PictureMeasures *const> pictures)
{
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (!pictures[i] || pictures[i]->contrast < m_options.contrast)
            continue;
        const auto [place, isNew] = places.try_emplace(pictures[i]->hash, m_hashes.size());
        if (isNew) {
            m_hashes.push_back(pictures[i]->hash);
            m_models.emplace_back();
        }
        auto &models = m_models[place->second];
        const Model model{i, Look(pictures[i]->thumbnail)};
        const bool known = std::ranges::any_of(models, [&](const Model &other) { return uniteIfAlike(other, model, false); });
        if (!known && models.size() < kMaxLooksPerHash)
            models.push_back(model);
    }
}

void Grouping::uniteNear(const HashIndex &index, std::size_t hash, bool mirrored, int distance)
{
    std::size_t visits = 0;
    std::size_t failures = 0;
    index.visitNear(mirrored ? mirroredHash(m_hashes[hash]) : m_hashes[hash], distance, [&](std::size_t other) {
        if (other == hash && !mirrored)
            return true;
        for (const Model &a : m_models[hash]) {
            for (const Model &b : m_models[other])
                failures += !uniteIfAlike(a, b, mirrored);
        }
        return ++visits < kMaxVisits && failures < kMaxComparisons;
    });
}

std::vector<std::vector<std::size_t>> Grouping::run()
{
    const HashIndex index(m_hashes);
    for (const int distance : {std::min(kNearestDistance, m_options.distance), m_options.distance}) {
        for (std::size_t i = 0; i < m_hashes.size(); ++i) {
            uniteNear(index, i, false, distance);
            uniteNear(index, i, true, distance);
        }
    }
    std::map<std::size_t, std::vector<std::size_t>> byFirst;
    for (std::size_t i = 0; i < m_sets.size(); ++i) {
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

WHISKER_VECTORISED void HashIndex::visitNear(std::uint64_t wanted, int distance, const std::function<bool(std::size_t)> &found) const
{
    const Masks &all = partMasks();
    std::array<int, kParts> radii{};
    for (std::size_t part = 0; part < kParts; ++part) {
        // Norouzi et al., proposition 2: only the first distance % 4 + 1 parts need the whole radius.
        radii[part] = distance / static_cast<int>(kParts) - (static_cast<int>(part) > distance % static_cast<int>(kParts));
        if (radii[part] < 0)
            return;
        const std::uint32_t *starts = m_starts.data() + part * (kPartValues + 1);
        const std::uint32_t *places = m_places.data() + part * m_hashes.size();
        const std::size_t value = partOf(wanted, part);
        for (std::size_t mask = 0; mask < all.ends[static_cast<std::size_t>(radii[part])]; ++mask) {
            const std::size_t near = value ^ all.masks[mask];
            for (std::uint32_t i = starts[near]; i < starts[near + 1]; ++i) {
                const std::uint64_t difference = m_hashes[places[i]] ^ wanted;
                if (std::popcount(difference) > distance)
                    continue;
                bool seen = false; // through an earlier part
                for (std::size_t earlier = 0; earlier < part; ++earlier)
                    seen = seen || std::popcount(partOf(difference, earlier)) <= radii[earlier];
                if (!seen && !found(places[i]))
                    return;
            }
        }
    }
}

std::vector<std::vector<std::size_t>> nearDuplicateGroups(std::span<const PictureMeasures *const> pictures, const NearDuplicateOptions &options)
{
    return Grouping(pictures, options).run();
}

} // namespace whisker
