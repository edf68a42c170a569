#pragma once

#include "engine/base/result.h"
#include "engine/data/skipped_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"

#include <memory>
#include <string>
#include <vector>

namespace whisker {

/// What a run needs to be made once more.
struct RepeatPlan {
    std::shared_ptr<const Snapshot> snapshot{};
    TrainConfig config{};
    TrainOutput output{}; ///< Only what changes what is learnt, and what is repeated.
};

/// From the receipt and snapshot.json of the run in `runFolder`. `now`, which may be null, is asked for pictures that were moved since: its entries with the same
/// content say where they are. Looks whether each picture is there, not into it: one that has changed since is found and named when it is read.
/// Errors: those of readRunSummary(); InvalidArgument (it is under way); NotFound (it kept no snapshot.json: made by an older Whisker; pictures that are missing: how
/// many, and the first; the model that it continued is gone or another one); those of readSnapshot(). Blocks; any thread.
Result<RepeatPlan> planRepeat(const std::filesystem::path &runFolder, const Snapshot *now = nullptr);

/// Where the run that `run` repeats lies or lay. Empty: it repeats none, was made longer since, or is of an older Whisker, which did not keep that.
std::filesystem::path repeatedRun(const RunSummary &run);

/// Whether a repeated run came out as the first one.
struct RepeatVerdict {
    bool equal = false;    ///< The weights of the model bit for bit, and every point of the curves; of a run that did not end as planned every point up to its end.
    std::string sentence{}; ///< "Equal bit for bit: ..." or where it first differs, and what may explain that.
};

/// Reads curves and models of both. `skipped`: what the repeat had to leave out. Blocks; memory: both models. Errors: those of readRun().
Result<RepeatVerdict> judgeRepeat(const std::filesystem::path &original, const std::filesystem::path &repeat, const std::vector<SkippedFile> &skipped = {});

} // namespace whisker
