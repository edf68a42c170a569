#include "ui/data/labelling_round.h"

#include "ui/data/labelling_list.h"
#include "ui/project_session.h"
#include "ui/suggestion_controller.h"

#include <algorithm>
#include <unordered_set>

namespace whisker {

namespace {

bool isOpen(const ImageRecord &image) { return !image.label && !image.excluded; }

/// Of those that nobody chose: what can't be read has no place there either.
bool comesNext(const ImageRecord &image, const LabellingList &done) { return !image.label && image.usable() && !done.contains(image.id); }

/// Those of `order` first, the rest as it was.
LabellingRound ordered(std::vector<ImageId> images, const SuggestionController *suggestions)
{
    if (!suggestions || suggestions->teachingOrder().empty())
        return {std::move(images), false};
    const std::unordered_set<ImageId> wanted(images.begin(), images.end());
    std::unordered_set<ImageId> placed;
    std::vector<ImageId> result;
    result.reserve(images.size());
    for (const ImageId id : suggestions->teachingOrder()) {
        if (wanted.contains(id) && placed.insert(id).second)
            result.push_back(id);
    }
    std::ranges::copy_if(images, std::back_inserter(result), [&](ImageId id) { return !placed.contains(id); });
    return {std::move(result), !placed.empty()};
}

} // namespace

LabellingRound labellingRound(const ProjectSession &session, const SuggestionController *suggestions, std::span<const ImageId> shown, ImageId first, bool mayOrder)
{
    std::vector<ImageId> open;
    std::ranges::copy_if(shown, std::back_inserter(open), [&](ImageId id) { return session.image(id) && isOpen(*session.image(id)); });
    if (open.empty())
        return {{shown.begin(), shown.end()}, false};
    if (!mayOrder)
        return {std::move(open), false};
    LabellingRound round = ordered(std::move(open), suggestions);
    if (const auto place = std::ranges::find(round.images, first); round.teachesFirst && place != round.images.end())
        std::rotate(round.images.begin(), place, std::next(place));
    return round;
}

LabellingRound nextRound(const ProjectSession &session, const SuggestionController *suggestions, const LabellingList &done)
{
    std::vector<ImageId> open;
    for (const auto &image : session.state().images) {
        if (comesNext(image, done))
            open.push_back(image.id);
    }
    return ordered(std::move(open), suggestions);
}

std::size_t countNextRound(const ProjectSession &session, const LabellingList &done)
{
    return static_cast<std::size_t>(std::ranges::count_if(session.state().images, [&](const ImageRecord &image) { return comesNext(image, done); }));
}

} // namespace whisker
