#pragma once

#include "engine/train/internal/batch_mixer.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace whisker::internal {

/// What training makes small: the mean cross-entropy of a batch, with smoothed labels (Szegedy et al., 2016, arXiv 1512.00567, section 7), labels of mixed pictures and weights of
/// classes where they are asked for. A picture counts what its labels weigh. Throws c10::Error.
class TrainingLoss {
public:
    /// `classWeights`: [classes], or empty: all count the same.
    TrainingLoss(double smoothing, std::vector<float> classWeights) : m_smoothing(smoothing), m_classWeights(std::move(classWeights)) {}

    /// `logits`: float32 [batch, classes]; `labels`: int64 [batch]; `mixed` empty or of the batch's length. A number that knows its gradient.
    at::Tensor operator()(const at::Tensor &logits, const at::Tensor &labels, const MixedLabels &mixed) const;

private:
    at::Tensor targets(const at::Tensor &logits, const at::Tensor &labels, const MixedLabels &mixed) const;

    double m_smoothing;
    std::vector<float> m_classWeights;
};

} // namespace whisker::internal
