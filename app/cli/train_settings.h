#pragma once

#include "app/cli/train_options.h"

#include <string>
#include <vector>

namespace whisker {

/// Whether all `given` options mean something for the mode and the optimizer of `config`. Errors: InvalidArgument (names those that don't, and what to do).
Result<void> checkForUse(const std::vector<std::string> &given, const TrainConfig &config);

/// A sentence on what is given and allowed, but changes nothing of what `wish` comes to with `config`; empty: nothing of that kind.
std::string noteForUse(const TrainWish &wish, const TrainConfig &config);

/// Whether the options that were given say what the run that is to go on has; it goes on with its own. What is left to the program ("auto") is no
/// contradiction, nor are the epochs that it had before it was made longer. Errors: InvalidArgument (names those that say something else, with what the run has, and
/// what to do).
Result<void> checkForRun(const TrainWish &wish, const RunSummary &run);

/// A sentence where the epochs that were given are those it had before it was made longer; else empty.
std::string noteForRun(const TrainWish &wish, const RunReceipt &receipt);

} // namespace whisker
