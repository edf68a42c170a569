#pragma once

#include "engine/train/internal/batch_loader.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <vector>

namespace whisker::internal {

/// What became of a batch's labels.
struct MixedLabels {
    std::vector<std::int64_t> partners{}; ///< [batch] or empty: the label of the picture that was mixed into this one.
    std::vector<float> shares{};          ///< [batch] or empty: how much is still its own, in [0.5, 1].
};

/// Mixes the pictures of a batch with each other: mixup blends a picture with another (Zhang et al., 2018, arXiv 1710.09412), cutmix puts a rectangle
/// of another onto it (Yun et al., 2019, arXiv 1905.04899). How much is drawn for each picture from Beta(alpha, alpha), the greater part staying its own; where
/// both are asked for, chance says which. All is a function of (seed, step, place in the batch) alone.
class BatchMixer {
public:
    explicit BatchMixer(const TrainConfig &config) : m_mixup(config.mixup), m_cutmix(config.cutmix), m_seed(config.seed), m_sizePx(config.sizePx) {}

    /// Changes the pixels in place; labels stay. `step` counts from the beginning of the run. Empty where nothing is to be mixed.
    MixedLabels mix(TrainingBatch &batch, std::int64_t step) const;

private:
    double m_mixup, m_cutmix;
    std::uint64_t m_seed;
    int m_sizePx;
};

} // namespace whisker::internal
