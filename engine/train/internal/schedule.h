#pragma once

#include "engine/train/run_folder.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <vector>

namespace whisker::internal {

/// The learning rate of step `number` (from 0) of `steps`, at most `highest`.
/// One-cycle: up from a 25th in the first quarter, then down to nothing, both along a cosine (Smith and Topin, 2018, arXiv 1708.07120, as PyTorch's
/// OneCycleLR anneals). Cosine: from the highest down to nothing (Loshchilov and Hutter, 2017, arXiv 1608.03983, without restarts). Step: a tenth of it
/// from each third of the run to the next (He et al., 2015, arXiv 1512.03385).
double scheduledRate(ScheduleKind schedule, double highest, std::int64_t number, std::int64_t steps);

/// The same for a run that may have been made longer: each of its `cycles`, in their order, goes through the whole schedule, from where it begins to its end or to
/// where the next one begins. Empty: one cycle of `epochs`.
double scheduledRate(const TrainConfig &config, const std::vector<ScheduleCycle> &cycles, std::int64_t number, int stepsPerEpoch);

} // namespace whisker::internal
