#include "engine/train/internal/training_loss.h"

#include <ATen/ATen.h>

namespace whisker::internal {

/// [batch, classes]: what each class should be, times what it weighs.
at::Tensor TrainingLoss::targets(const at::Tensor &logits, const at::Tensor &labels, const MixedLabels &mixed) const
{
    const std::int64_t classes = logits.size(1);
    at::Tensor target = at::one_hot(labels, classes).to(at::kFloat);
    if (!mixed.partners.empty()) {
        const at::Tensor share = at::tensor(mixed.shares, at::kFloat).to(logits.device()).unsqueeze(1);
        const at::Tensor partners = at::tensor(mixed.partners, at::kLong).to(logits.device());
        target = target * share + at::one_hot(partners, classes).to(at::kFloat) * (1.0 - share);
    }
    if (!m_classWeights.empty())
        target = target * at::tensor(m_classWeights, at::kFloat).to(logits.device());
    if (m_smoothing > 0.0)
        target = target * (1.0 - m_smoothing) + target.sum(1, true) * (m_smoothing / static_cast<double>(classes));
    return target;
}

at::Tensor TrainingLoss::operator()(const at::Tensor &logits, const at::Tensor &labels, const MixedLabels &mixed) const
{
    if (mixed.partners.empty() && m_classWeights.empty() && m_smoothing == 0.0)
        return at::cross_entropy_loss(logits, labels); // one fused pass
    const at::Tensor loss = -(targets(logits, labels, mixed) * at::log_softmax(logits, 1)).sum();
    return loss / static_cast<double>(labels.size(0));
}

} // namespace whisker::internal
