#include "engine/train/internal/sgd.h"

#include <ATen/ATen.h>

namespace whisker::internal {

Sgd::Sgd(NamedParameters parameters, double weightDecay, double firstRateShare, double momentum)
    : Optimizer(std::move(parameters), weightDecay, firstRateShare), m_momentum(momentum)
{
    m_velocity = momentum > 0.0 ? zeroStates() : States(groups().size());
}

void Sgd::move(std::size_t group, std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, double learningRate)
{
    at::_fused_sgd_(parameters, gradients, m_velocity[group], groups()[group].weightDecay, m_momentum, learningRate, /*dampening=*/0.0,
                    /*nesterov=*/m_momentum > 0.0, /*maximize=*/false, /*is_first_step=*/false); // the velocity begins at 0, so the first step is like any
}

void Sgd::save(Weights &weights) const
{
    saveStates(weights, "momentum", m_velocity);
}

Result<void> Sgd::load(const Weights &weights, std::int64_t)
{
    return loadStates(weights, "momentum", m_velocity);
}

} // namespace whisker::internal
