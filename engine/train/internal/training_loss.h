#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace whisker::internal {

/// What training makes small: the mean cross-entropy of a batch, with smoothed labels (Szegedy et al., 2016, arXiv 1512.00567, section 7), labels of mixed pictures and weights of
/// classes where they are asked for. A picture counts what its labels weigh. Throws c10::Error.
class TrainingLoss {
public:
    /// `classWeights`: [classes], or empty: all count the same. `device`: where logits and labels will be.
    TrainingLoss(double smoothing, const std::vector<float> &classWeights, at::Device device = at::kCPU);

    /// `logits`: float32 [batch, classes]; `labels`: int64 [batch]; `partners` int64 and `shares` float32 [batch], as MixedLabels, or both undefined where nothing
    /// was mixed. A number that knows its gradient. Nothing goes from the CPU to the device in here.
    at::Tensor operator()(const at::Tensor &logits, const at::Tensor &labels, const at::Tensor &partners, const at::Tensor &shares) const;

private:
    at::Tensor targets(const at::Tensor &logits, const at::Tensor &labels, const at::Tensor &partners, const at::Tensor &shares) const;

    double m_smoothing;
    at::Tensor m_classWeights; ///< Undefined where all count the same.
};

} // namespace whisker::internal
