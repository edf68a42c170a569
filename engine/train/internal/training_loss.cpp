#include "engine/train/internal/training_loss.h"

#include <ATen/ATen.h>

namespace whisker::internal {

namespace {

/// Unlike at::one_hot() it doesn't look at the labels, for which a GPU would have to be waited for.
at::Tensor oneHot(const at::Tensor &labels, std::int64_t classes)
{
    return labels.unsqueeze(1).eq(at::arange(classes, labels.options())).to(at::kFloat);
}

} // namespace

TrainingLoss::TrainingLoss(double smoothing, const std::vector<float> &classWeights, at::Device device) : m_smoothing(smoothing)
{
    if (!classWeights.empty())
        m_classWeights = at::tensor(classWeights, at::kFloat).to(device);
}

/// [batch, classes]: what each class should be, times what it weighs.
at::Tensor TrainingLoss::targets(const at::Tensor &logits, const at::Tensor &labels, const at::Tensor &partners, const at::Tensor &shares) const
{
    const std::int64_t classes = logits.size(1);
    at::Tensor target = oneHot(labels, classes);
    if (partners.defined()) {
        const at::Tensor share = shares.unsqueeze(1);
        target = target * share + oneHot(partners, classes) * (1.0 - share);
    }
    if (m_classWeights.defined())
        target = target * m_classWeights;
    if (m_smoothing > 0.0)
        target = target * (1.0 - m_smoothing) + target.sum(1, true) * (m_smoothing / static_cast<double>(classes));
    return target;
}

at::Tensor TrainingLoss::operator()(const at::Tensor &logits, const at::Tensor &labels, const at::Tensor &partners, const at::Tensor &shares) const
{
    if (!partners.defined() && !m_classWeights.defined() && m_smoothing == 0.0)
        return at::cross_entropy_loss(logits, labels); // one fused pass
    const at::Tensor loss = -(targets(logits, labels, partners, shares) * at::log_softmax(logits, 1)).sum();
    return loss / static_cast<double>(labels.size(0));
}

} // namespace whisker::internal
