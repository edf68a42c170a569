#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/train/train_config.h"

namespace whisker {

/// What a run of this config does to every picture, before chance does its part: what augment() takes. Any thread. Errors: those of completed().
Result<Preprocessing> trainingPreprocessing(const TrainConfig &config);

} // namespace whisker
