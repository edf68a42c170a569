#pragma once

#include "app/cli/train_options.h"
#include "engine/train/run_repeat.h"

#include <memory>

namespace whisker {

/// Makes `wish`, which names a run to repeat, that of this run: settings, model to continue, cycles. Gives the pictures it learnt from; those that were moved
/// since are looked for in `now`, which may be null. Errors: those of planRepeat(); InvalidArgument (the repeat or its model would replace the run).
Result<std::shared_ptr<const Snapshot>> prepareRepeat(TrainWish &wish, const Snapshot *now);

} // namespace whisker
