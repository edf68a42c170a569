#include "engine/data/project_values.h"

#include <algorithm>
#include <tuple>

namespace whisker {

namespace {

template <class T> bool sameValue(const std::shared_ptr<const T> &left, const std::shared_ptr<const T> &right)
{
    return left == right || (left && right && *left == *right);
}

/// Both by id; what `changed` has replaces what `images` has.
std::vector<ImageRecord> merged(std::vector<ImageRecord> images, const std::vector<ImageRecord> &changed)
{
    std::vector<ImageRecord> all;
    all.reserve(images.size() + changed.size());
    auto next = changed.begin();
    for (auto &image : images) {
        while (next != changed.end() && next->id < image.id)
            all.push_back(*next++);
        if (next != changed.end() && next->id == image.id)
            all.push_back(*next++);
        else
            all.push_back(std::move(image));
    }
    all.insert(all.end(), next, changed.end());
    return all;
}

} // namespace

bool operator==(const ImageRecord &left, const ImageRecord &right)
{
    const auto values = [](const ImageRecord &image) {
        return std::tie(image.id, image.name, image.hash, image.bytes, image.modifiedNs, image.width, image.height, image.label,
                        image.split, image.state, image.excluded, image.unsure, image.splitFixed);
    };
    return values(left) == values(right) && sameValue(left.folder, right.folder) && sameValue(left.reason, right.reason) &&
           sameValue(left.group, right.group);
}

bool ProjectState::operator==(const ProjectState &other) const
{
    return images == other.images && classes == other.classes && skipped == other.skipped && settings == other.settings &&
           history == other.history;
}

bool applyChange(ProjectState &state, const ProjectChange &change)
{
    if (change.number < state.number)
        return false;
    state.number = change.number;
    const bool allThere = std::ranges::all_of(change.images, [&](const ImageRecord &image) {
        return std::ranges::binary_search(state.images, image.id, {}, &ImageRecord::id);
    });
    if (allThere) { // the usual case: a few labels among many pictures
        for (const auto &image : change.images)
            *std::ranges::lower_bound(state.images, image.id, {}, &ImageRecord::id) = image;
    } else {
        state.images = merged(std::move(state.images), change.images);
    }
    if (!change.removed.empty())
        std::erase_if(state.images, [&](const ImageRecord &image) { return std::ranges::binary_search(change.removed, image.id); });
    if (change.classes)
        state.classes = *change.classes;
    if (change.skipped)
        state.skipped = *change.skipped;
    for (const auto &[key, value] : change.settings)
        state.settings[key] = value;
    state.history = change.history;
    return true;
}

} // namespace whisker
