#pragma once

#include "engine/train/run_repeat.h"
#include "engine/train/train.h"

#include <optional>

namespace whisker {

/// What a training came to, on stdout; as one JSON value or in words. `verdict`: of a run that was repeated. Gives the exit code: Failed where it can't be printed.
int printReport(const TrainReport &report, const std::optional<RepeatVerdict> &verdict, bool asJson);

} // namespace whisker
