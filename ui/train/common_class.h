#pragma once

#include "engine/data/snapshot.h"

#include <optional>
#include <string>

namespace whisker {

/// The class that most pictures of a split have: what always saying it gets right.
struct CommonClass {
    std::string name{};
    int count = 0; ///< Pictures of it.
    int of = 0;    ///< All pictures of the split, 1 or more.

    double share() const { return double(count) / of; }
    bool operator==(const CommonClass &) const = default;
};

/// Of several the first; nothing where the split has no picture.
std::optional<CommonClass> commonClass(const Snapshot &snapshot, Split split);

/// Of what a run is measured with; nothing where that isn't known.
struct CommonClasses {
    std::optional<CommonClass> validation{};
    std::optional<CommonClass> test{};
};
CommonClasses commonClasses(const Snapshot &snapshot);

} // namespace whisker
