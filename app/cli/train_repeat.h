#pragma once

#include "app/cli/train_options.h"
#include "engine/train/run_repeat.h"

#include <memory>
#include <optional>

namespace whisker {

/// Makes `wish`, which names a run to repeat, that of this run: settings, model to continue, cycles. Gives the pictures it learnt from; those that were moved
/// since are looked for in `now`, which may be null. Errors: those of planRepeat(); InvalidArgument (the repeat or its model would replace the run).
Result<std::shared_ptr<const Snapshot>> prepareRepeat(TrainWish &wish, const Snapshot *now);

/// How a run that is a repeat, also one that was broken off and has gone on, came out against the one that it repeats; nothing for other runs, and where that is no
/// longer there. Errors: those of judgeRepeat().
std::optional<Result<RepeatVerdict>> verdictOn(const TrainReport &report);

} // namespace whisker
