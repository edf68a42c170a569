#pragma once

#include "engine/data/splits.h"

#include <array>
#include <cstddef>

namespace whisker {

using SplitCounts = std::array<std::size_t, 3>; ///< By Split's numbers.

/// How many of `pictures` pictures of a class each split shall have.
SplitCounts splitTargets(std::size_t pictures, const SplitShares &shares);

/// Where the next picture goes: train's first before all others, then the small splits, so that a class of a few pictures has each.
Split neededSplit(const SplitCounts &have, const SplitCounts &want);

} // namespace whisker
