#pragma once

#include "engine/data/project_values.h"

#include <span>
#include <vector>

namespace whisker {

class LabellingList;
class ProjectSession;
class SuggestionController;

/// What a round of labelling goes through, in its order.
struct LabellingRound {
    std::vector<ImageId> images;
    bool teachesFirst = false; ///< Those whose label would teach a model most come first.
};

/// Of `shown` those without label that are not excluded, where there are any; else all of them. The former come in the order in which their labels would teach, where
/// `suggestions` (may be null) knows one and `mayOrder`; `first` (0: none) still comes first then. Linear.
LabellingRound labellingRound(const ProjectSession &session, const SuggestionController *suggestions, std::span<const ImageId> shown, ImageId first, bool mayOrder);

/// The same of all pictures of the project but those of `done`; none where all the others have a label.
LabellingRound nextRound(const ProjectSession &session, const SuggestionController *suggestions, const LabellingList &done);

/// How many nextRound() would have.
std::size_t countNextRound(const ProjectSession &session, const LabellingList &done);

} // namespace whisker
