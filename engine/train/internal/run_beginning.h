#pragma once

#include "engine/base/result.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/internal/start_model.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"

#include <optional>
#include <string>
#include <vector>

namespace whisker::internal {

/// What a run begins with: a new one, one that continues a model, or one that is gone on with.
struct RunBeginning {
    TrainConfig config{};                ///< As wished, or as on the receipt of the run that is gone on with; not completed.
    HonestSnapshot pictures{};           ///< What it learns from.
    std::optional<RunReceipt> earlier{}; ///< Of the run that is gone on with, made longer where that is asked for.
    std::optional<RunReceipt> asItWas{}; ///< The same before that.
    std::optional<StartModel> start{};   ///< The model that it continues; nothing also where it goes on from a checkpoint.
    Lineage lineage{};                   ///< Of that model.

    bool continues() const { return start || (earlier && !earlier->startModel.empty()); }
    std::vector<std::string> notes() const; ///< What the model's past means for the figures.
};

/// Reads what there is to begin with and changes nothing: a refusal must leave the run's folder as it is. Errors: as train() has them for resume, moreEpochs and
/// startModel.
Result<RunBeginning> runBeginning(const Snapshot &snapshot, const TrainConfig &wish, const TrainOutput &output);

} // namespace whisker::internal
