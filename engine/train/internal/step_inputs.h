#pragma once

#include "engine/nn/internal/normalise.h"
#include "engine/train/internal/batch_mixer.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace whisker::internal {

/// What a step computes with, all on one device.
struct StepInputs {
    at::Tensor pixels;                 ///< uint8 [batch, sizePx, sizePx, 3]
    at::Tensor labels;                 ///< int64 [batch]
    at::Tensor partners{}, shares{};   ///< int64 and float32 [batch], as MixedLabels; undefined where nothing is mixed.
    std::vector<at::Tensor> masks{};   ///< Of dropout, as TrainableModule makes them.

    /// Looks into the memory of both, which must stay; without masks.
    static StepInputs of(const TrainingBatch &batch, const MixedLabels &mixed, int sizePx);
    /// From tensors in the order of all().
    static StepInputs from(const std::vector<at::Tensor> &tensors, bool mixed);
    std::vector<at::Tensor> all() const; ///< Those that are defined.

    std::int64_t size() const { return labels.size(0); }
    /// Pictures from `first` on, the same memory; without masks, which belong to all of a batch.
    StepInputs piece(std::int64_t first, std::int64_t count) const;
    std::vector<std::vector<std::int64_t>> shapes() const; ///< Of all().
};

} // namespace whisker::internal
