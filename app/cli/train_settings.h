#pragma once

#include "app/cli/train_options.h"

#include <string>
#include <vector>

namespace whisker {

/// Whether all `given` options mean something in `mode`. Errors: InvalidArgument (names those that don't, and what to do).
Result<void> checkForMode(const std::vector<std::string> &given, TrainMode mode);

/// A sentence on what is given and allowed, but changes nothing in `mode`; empty: nothing of that kind.
std::string noteForMode(const std::vector<std::string> &given, TrainMode mode);

/// Whether the options that were given say what the run that is to go on has; it goes on with its own. What is left to the program ("auto") is no
/// contradiction. Errors: InvalidArgument (names those that say something else, with what the run has, and what to do).
Result<void> checkForRun(const TrainWish &wish, const RunSummary &run);

} // namespace whisker
