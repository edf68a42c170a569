#pragma once

#include "engine/data/internal/change.h"
#include "engine/data/splits.h"

#include <array>

/// How pictures of a project come to their splits. With the store's mutex held, inside a transaction; throws what SQLite throws.
namespace whisker {

/// One labelled picture.
struct DivisionItem {
    ImageId id = 0;
    SplitItem item{}; ///< Without `fixed`.
    std::optional<Split> split{}; ///< As it is.
    bool stays = false;           ///< It keeps its split, and the others fit in.
};

struct Placement {
    Split split = Split::Train;
    bool leftOut = false; ///< It belongs with a picture in the locked test set, and can't enter it: it must not be used.
};

/// Where each of `items` goes by `rules`. One without a split can't stay.
std::vector<Placement> placements(std::span<const DivisionItem> items, const SplitRules &rules);

struct DivisionCounts {
    std::array<std::size_t, 3> pictures = {}; ///< That were divided and are used, by Split's numbers.
    std::size_t stayed = 0;
    std::size_t leftOut = 0;
};

enum class Divide {
    New, ///< Pictures without a split.
    All, ///< All but those that came split, and a locked test set.
};

/// Divides labelled pictures, and writes the changes into `entry`. What is left out is excluded.
DivisionCounts divide(ProjectStore &store, JournalEntry &entry, const SplitRules &rules, Divide which,
                      std::span<const std::vector<ImageId>> together = {});

/// A split for those of `images` (labelled `label`) that have none: that of what belongs with it (Relatives), else what keeps the shares. How many are
/// left out.
std::size_t giveSplits(ProjectStore &store, JournalEntry &entry, std::span<const ImageId> images, ClassId label);

SplitRules readRules(ProjectStore &store);

/// "; 2 are left out: they belong with the locked test set"; empty for 0.
std::string leftOutWords(std::size_t count);

} // namespace whisker
