#include "engine/data/splits.h"

#include "engine/base/counter_random.h"
#include "engine/data/internal/split_targets.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

namespace whisker {

namespace {

std::size_t indexOf(Split split)
{
    return static_cast<std::size_t>(split);
}

/// Identical files: they go together, and are shared out as pictures of the lowest label among them.
struct Group {
    ContentHash hash;
    int label = 0;
    std::optional<Split> split{};
    std::uint64_t key = 0; ///< Its place in the order that the seed makes.
};

std::vector<Group> groupsOf(std::span<const SplitItem> items, std::uint64_t seed)
{
    std::unordered_map<ContentHash, std::size_t> known;
    std::vector<Group> groups;
    for (const auto &item : items) {
        const auto [place, isNew] = known.try_emplace(item.hash, groups.size());
        if (isNew) {
            const auto key = CounterRandom(seed, item.hash.high, item.hash.low).next();
            groups.push_back({.hash = item.hash, .label = item.label, .key = key});
        }
        Group &group = groups[place->second];
        group.label = std::min(group.label, item.label);
        if (item.fixed) // the least of several, so that the order of items does not matter
            group.split = group.split ? std::min(*group.split, *item.fixed) : *item.fixed;
    }
    return groups;
}

/// Shares out the groups of one class that are not fixed.
void assignClass(std::span<Group *> groups, const SplitShares &shares)
{
    const std::array<double, 3> share = {shares.train, shares.validation, shares.test};
    SplitCounts have = {};
    std::size_t pictures = 0; // those in splits that get nothing new say nothing about the size of the others
    for (const Group *group : groups) {
        if (group->split)
            ++have[indexOf(*group->split)];
        pictures += !group->split || share[indexOf(*group->split)] > 0;
    }
    const auto want = splitTargets(pictures, shares);
    std::ranges::sort(groups, {}, [](const Group *group) { return std::pair(group->key, group->hash); });
    for (Group *group : groups) {
        if (group->split)
            continue;
        group->split = neededSplit(have, want);
        ++have[indexOf(*group->split)];
    }
}

} // namespace

SplitCounts splitTargets(std::size_t pictures, const SplitShares &shares)
{
    const double sum = shares.train + shares.validation + shares.test;
    const auto target = [&](double share, std::size_t leastPictures) {
        if (share <= 0)
            return std::size_t(0);
        const auto rounded = static_cast<std::size_t>(std::lround(static_cast<double>(pictures) * share / sum));
        return std::max(rounded, std::size_t(pictures >= leastPictures));
    };
    const bool hasValidation = shares.validation > 0;
    std::size_t test = target(shares.test, hasValidation ? 3 : 2);
    std::size_t validation = target(shares.validation, 2);
    const std::size_t forOthers = pictures - std::min(pictures, std::size_t(shares.train > 0)); // train keeps one
    validation = std::min(validation, forOthers);
    test = std::min(test, forOthers - validation);
    return {pictures - validation - test, validation, test};
}

Split neededSplit(const SplitCounts &have, const SplitCounts &want)
{
    const auto needs = [&](Split split) { return have[indexOf(split)] < want[indexOf(split)]; };
    if (have[indexOf(Split::Train)] == 0 && needs(Split::Train))
        return Split::Train;
    if (needs(Split::Validation))
        return Split::Validation;
    if (needs(Split::Test))
        return Split::Test;
    if (want[indexOf(Split::Train)] > 0) // also where fixed pictures fill more than their share
        return Split::Train;
    return want[indexOf(Split::Validation)] > 0 ? Split::Validation : Split::Test;
}

const char *splitName(Split split)
{
    constexpr std::array names = {"train", "validation", "test"};
    return names[indexOf(split)];
}

std::optional<Split> splitFromName(std::string_view name)
{
    std::string lower(name);
    for (char &letter : lower)
        letter = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    if (lower == "train")
        return Split::Train;
    if (lower == "val" || lower == "valid" || lower == "validation")
        return Split::Validation;
    if (lower == "test")
        return Split::Test;
    return std::nullopt;
}

std::vector<Split> assignSplits(std::span<const SplitItem> items, const SplitShares &shares, std::uint64_t seed)
{
    assert(shares.train >= 0 && shares.validation >= 0 && shares.test >= 0);
    assert(shares.train + shares.validation + shares.test > 0);
    auto groups = groupsOf(items, seed);
    std::map<int, std::vector<Group *>> classes;
    for (auto &group : groups)
        classes[group.label].push_back(&group);
    for (auto &[label, members] : classes)
        assignClass(members, shares);

    std::unordered_map<ContentHash, Split> splitOf;
    for (const auto &group : groups)
        splitOf.emplace(group.hash, *group.split);
    std::vector<Split> splits;
    splits.reserve(items.size());
    for (const auto &item : items)
        splits.push_back(item.fixed ? *item.fixed : splitOf.at(item.hash));
    return splits;
}

} // namespace whisker
