#pragma once

#include "engine/train/internal/optimizer.h"

namespace whisker::internal {

/// Stochastic gradient descent with Nesterov's momentum, as PyTorch counts it (Sutskever et al., 2013, "On the importance of initialization and momentum in
/// deep learning"): v = momentum * v + g, p -= rate * (g + momentum * v), where g has weightDecay * p added. With momentum 0 plain descent.
class Sgd : public Optimizer {
public:
    Sgd(NamedParameters parameters, double weightDecay, double firstRateShare, double momentum);

    void save(Weights &weights) const override; ///< optimizer.momentum.<name>, where there is momentum.
    Result<void> load(const Weights &weights, std::int64_t steps) override;

private:
    void move(std::size_t group, std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, double learningRate) override;

    const double m_momentum;
    States m_velocity{};
};

} // namespace whisker::internal
