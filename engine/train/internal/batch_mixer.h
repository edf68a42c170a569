#pragma once

#include "engine/train/internal/batch_loader.h"
#include "engine/train/picture_mixing.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <vector>

namespace whisker::internal {

/// What became of a batch's labels.
struct MixedLabels {
    std::vector<std::int64_t> partners{}; ///< [batch] or empty: the label of the picture that was mixed into this one.
    std::vector<float> shares{};          ///< [batch] or empty: how much is still its own, in [0.5, 1].
};

/// Mixes the pictures of a batch with each other by mixPicture(). All is a function of (seed, step, place in the batch) alone.
class BatchMixer {
public:
    explicit BatchMixer(const TrainConfig &config) : m_mixing(config), m_seed(config.seed), m_sizePx(config.sizePx) {}

    /// Changes the pixels in place; labels stay. `step` counts from the beginning of the run. Empty where nothing is to be mixed.
    MixedLabels mix(TrainingBatch &batch, std::int64_t step) const;

private:
    PictureMixing m_mixing;
    std::uint64_t m_seed;
    int m_sizePx;
};

} // namespace whisker::internal
