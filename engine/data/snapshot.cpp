#include "engine/data/snapshot.h"

#include "engine/base/number_text.h"
#include "engine/base/path_text.h"
#include "engine/data/internal/division.h"
#include "engine/data/project.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace whisker {

namespace {

} // namespace

void sortEntries(Snapshot &snapshot)
{
    std::ranges::sort(snapshot.entries, [](const SnapshotEntry &left, const SnapshotEntry &right) {
        return std::tie(left.hash, left.label, left.split, left.file.native()) <
               std::tie(right.hash, right.label, right.split, right.file.native());
    });
}

std::string Snapshot::digest() const
{
    // Little-endian lengths before texts, so that no two lists give the same bytes.
    static_assert(std::endian::native == std::endian::little);
    std::string bytes = "whisker snapshot 1";
    const auto add = [&](std::uint64_t number) { bytes.append(reinterpret_cast<const char *>(&number), sizeof number); };
    add(classes.size());
    for (const auto &name : classes) {
        add(name.size());
        bytes += name;
    }
    add(entries.size());
    for (const auto &entry : entries) {
        add(entry.hash.high);
        add(entry.hash.low);
        add(static_cast<std::uint64_t>(entry.label) << 8 | static_cast<std::uint64_t>(entry.split));
    }
    return hashBytes(std::as_bytes(std::span(bytes))).toHex();
}

std::vector<std::size_t> Snapshot::indicesOf(Split split) const
{
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].split == split)
            indices.push_back(i);
    }
    return indices;
}

Result<Snapshot> snapshotOf(const Project &project)
{
    const auto state = project.state();
    if (!state)
        return std::unexpected(state.error());
    // Every labelled picture counts for the shares, used or not: excluding one must not move the others.
    std::map<ClassId, int> labels;
    std::vector<const ImageRecord *> labelled;
    std::vector<DivisionItem> items;
    std::map<std::string, std::int64_t> groups;
    std::set<ClassId> used;
    for (const auto &image : state->images) {
        if (!image.label)
            continue;
        labelled.push_back(&image);
        SplitItem item{.hash = image.hash, .label = static_cast<int>(*image.label)};
        if (image.group)
            item.group = groups.try_emplace(*image.group, static_cast<std::int64_t>(groups.size())).first->second;
        items.push_back({image.id, item, image.split, image.split.has_value()});
        if (image.usable())
            used.insert(*image.label);
    }
    Snapshot snapshot;
    for (const auto &record : state->classes) {
        if (!used.contains(record.id))
            continue;
        labels.emplace(record.id, static_cast<int>(snapshot.classes.size()));
        snapshot.classes.push_back(record.name);
    }
    const auto places = placements(items, splitRules(state->settings));
    for (std::size_t i = 0; i < labelled.size(); ++i) {
        const ImageRecord &image = *labelled[i];
        if (const auto label = labels.find(*image.label); label != labels.end() && image.usable() && !places[i].leftOut)
            snapshot.entries.push_back({image.file(), label->second, places[i].split, image.hash});
    }
    sortEntries(snapshot);
    return snapshot;
}

Result<void> checkTrainable(const Snapshot &snapshot, const std::filesystem::path &data)
{
    const auto refuse = [&](const std::string &what) { return fail(ErrorCode::InvalidArgument, pathText(data) + " " + what, data); };
    if (snapshot.entries.empty())
        return refuse("has no labelled pictures: add pictures of at least two classes.");
    if (snapshot.classes.size() < 2)
        return refuse("has pictures of one class only (" + snapshot.classes.front() +
                      "): add a second class to tell it from.");
    std::vector<std::set<ContentHash>> different(snapshot.classes.size());
    std::vector<bool> inTrain(snapshot.classes.size());
    for (const auto &entry : snapshot.entries) {
        const auto label = static_cast<std::size_t>(entry.label);
        if (entry.split != Split::Test)
            different[label].insert(entry.hash);
        if (entry.split == Split::Train)
            inTrain[label] = true;
    }
    for (std::size_t label = 0; label < different.size(); ++label) {
        if (different[label].size() < 2)
            return refuse("has too few pictures of " + snapshot.classes[label] + " to learn from (" +
                          countText(different[label].size(), "different picture") + " outside test): add some, at least 2.");
        if (!inTrain[label])
            return refuse("has no picture of " + snapshot.classes[label] + " in train: move some of its pictures there.");
    }
    return {};
}

} // namespace whisker
