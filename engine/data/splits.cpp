#include "engine/data/splits.h"

#include "engine/base/counter_random.h"
#include "engine/data/internal/split_groups.h"
#include "engine/data/internal/split_targets.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

namespace whisker {

namespace {

constexpr std::array kSplits = {Split::Train, Split::Validation, Split::Test};

std::size_t indexOf(Split split)
{
    return static_cast<std::size_t>(split);
}

/// Pictures that go together. Each of the different files in it counts for the lowest label that it has.
struct Group {
    ContentHash hash;                   ///< The least of its files.
    std::map<int, std::size_t> files{}; ///< Different ones, by label.
    std::size_t size = 0;               ///< Different files.
    std::optional<Split> split{};
    std::uint64_t key = 0;              ///< Its place in the order that the seed makes.

    int label() const { return files.begin()->first; }
};

std::vector<Group> groupsOf(std::span<const SplitItem> items, const std::vector<std::size_t> &together, std::uint64_t seed)
{
    struct File {
        int label;
        std::size_t group;
    };
    std::map<std::size_t, Group> groups; // by the index of the item that stands for it
    std::unordered_map<ContentHash, File> files;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto &item = items[i];
        const auto [file, isNewFile] = files.try_emplace(item.hash, File{item.label, together[i]});
        file->second.label = std::min(file->second.label, item.label);
        const auto [group, isNew] = groups.try_emplace(together[i], Group{.hash = item.hash});
        group->second.hash = std::min(group->second.hash, item.hash);
        if (item.fixed) // the least of several, so that the order of items does not matter
            group->second.split = group->second.split ? std::min(*group->second.split, *item.fixed) : *item.fixed;
    }
    for (const auto &[hash, file] : files) {
        Group &group = groups.at(file.group);
        ++group.files[file.label];
        ++group.size;
    }
    std::vector<Group> result;
    result.reserve(groups.size());
    for (auto &[index, group] : groups) {
        group.key = CounterRandom(seed, group.hash.high, group.hash.low).next();
        result.push_back(std::move(group));
    }
    return result;
}

/// What one class has and is to have.
struct ClassShare {
    SplitCounts have = {};
    SplitCounts want = {};
    std::size_t groupsLeft = 0; ///< Not yet in a split.

    bool lacks(Split split) const { return want[indexOf(split)] > 0 && have[indexOf(split)] == 0; }
    /// Each group that is left is needed for a split that has nothing yet.
    bool mustFill() const
    {
        const auto empty = std::ranges::count_if(kSplits, [this](Split split) { return lacks(split); });
        return empty > 0 && groupsLeft <= static_cast<std::size_t>(empty);
    }
};

using ClassShares = std::map<int, ClassShare>;

void put(Group &group, Split split, ClassShares &classes)
{
    group.split = split;
    for (const auto &[label, files] : group.files)
        classes.at(label).have[indexOf(split)] += files;
}

ClassShares sharesOf(std::vector<Group> &groups, const SplitShares &shares)
{
    const std::array<double, 3> share = {shares.train, shares.validation, shares.test};
    ClassShares classes;
    std::map<int, std::size_t> pictures; // those in splits that get nothing new say nothing about the size of the others
    for (auto &group : groups) {
        for (const auto &[label, files] : group.files) {
            classes[label].groupsLeft += !group.split;
            pictures[label] += !group.split || share[indexOf(*group.split)] > 0 ? files : 0;
        }
        if (group.split)
            put(group, *group.split, classes);
    }
    for (auto &[label, part] : classes)
        part.want = splitTargets(pictures[label], shares);
    return classes;
}

/// Where a group of several files goes: to a split that would else stay empty, then to where it fills the least beyond the share, then to where most is
/// missing.
Split splitForMany(const Group &group, const ClassShares &classes)
{
    const ClassShare &own = classes.at(group.label());
    const bool mustFill = own.mustFill();
    std::optional<std::tuple<std::size_t, double>> least;
    Split best = Split::Train;
    for (const Split split : kSplits) {
        if (own.want[indexOf(split)] == 0 || (mustFill && !own.lacks(split)))
            continue;
        std::size_t beyond = 0;
        double missing = 0;
        for (const auto &[label, files] : group.files) {
            const auto have = classes.at(label).have[indexOf(split)];
            const auto want = classes.at(label).want[indexOf(split)];
            beyond += have + files > want ? std::min(files, have + files - want) : 0;
            missing += want > have ? static_cast<double>(files * (want - have)) / static_cast<double>(want) : 0;
        }
        if (const std::tuple cost(beyond, -missing); !least || cost < *least) {
            least = cost;
            best = split;
        }
    }
    return best;
}

/// Shares out the groups that are not fixed: large ones first, then the single files, which fill what is left exactly.
void assignGroups(std::vector<Group> &groups, const SplitShares &shares)
{
    auto classes = sharesOf(groups, shares);
    std::vector<Group *> order;
    for (auto &group : groups) {
        if (!group.split)
            order.push_back(&group);
    }
    std::ranges::sort(order, {}, [](const Group *group) { return std::tuple(-static_cast<std::int64_t>(group->size), group->key, group->hash); });
    for (Group *group : order) {
        const ClassShare &own = classes.at(group->label());
        const bool isSimple = group->size == 1 && !own.mustFill();
        put(*group, isSimple ? neededSplit(own.have, own.want) : splitForMany(*group, classes), classes);
        for (const auto &[label, files] : group->files)
            --classes.at(label).groupsLeft;
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
    assert(makeSense(shares));
    const auto together = belongingTogether(items);
    auto groups = groupsOf(items, together, seed);
    assignGroups(groups, shares);

    std::unordered_map<ContentHash, Split> splitOf; // by a group's least file
    for (const auto &group : groups)
        splitOf.emplace(group.hash, *group.split);
    std::vector<ContentHash> least(items.size()); // of the group, by the item that stands for it
    for (std::size_t i = 0; i < items.size(); ++i)
        least[together[i]] = together[i] == i ? items[i].hash : std::min(least[together[i]], items[i].hash);
    std::vector<Split> splits;
    splits.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        splits.push_back(items[i].fixed ? *items[i].fixed : splitOf.at(least[together[i]]));
    return splits;
}

} // namespace whisker
