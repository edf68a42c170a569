#pragma once

#include "engine/base/counter_random.h"
#include "engine/train/internal/batch_loader.h"

namespace whisker::test {

/// Pixels and labels by chance, others for each step.
inline internal::TrainingBatch noisyBatch(int step, int pictures, int sizePx, int classes)
{
    CounterRandom random(7, static_cast<std::uint64_t>(step));
    internal::TrainingBatch batch;
    for (int i = 0; i < pictures * sizePx * sizePx * 3; ++i)
        batch.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    for (int i = 0; i < pictures; ++i)
        batch.labels.push_back(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(classes))));
    return batch;
}

} // namespace whisker::test
