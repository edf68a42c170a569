#pragma once

#include "engine/data/internal/journal.h"
#include "engine/data/internal/split_targets.h"

#include <string>

/// Changes that Project and import have in common. Inside a transaction of the caller.
namespace whisker {

/// Adds a class with the first free key and colour; `name` is clean and free.
ClassId insertClass(ProjectStore &store, JournalEntry &entry, const std::string &name);

/// How many pictures of a class each split has.
SplitCounts splitCounts(ProjectStore &store, ClassId label);

/// The split for one more picture of a class with `counts`, so that the shares come out.
Split nextSplit(const SplitCounts &counts, const SplitShares &shares);

} // namespace whisker
