#include "engine/train/internal/adamw.h"

#include <ATen/ATen.h>

namespace whisker::internal {

namespace {

// As the paper and PyTorch have them.
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

} // namespace

AdamW::AdamW(NamedParameters parameters, double weightDecay, double firstRateShare)
    : Optimizer(std::move(parameters), weightDecay, firstRateShare), m_first(zeroStates()), m_second(zeroStates())
{
    m_steps.resize(groups().size());
    for (std::size_t g = 0; g < groups().size(); ++g) {
        for (const at::Tensor &parameter : groups()[g].parameters)
            m_steps[g].push_back(at::zeros({}, at::kFloat).to(parameter.device()));
    }
}

void AdamW::move(std::size_t group, std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, double learningRate)
{
    at::_foreach_add_(m_steps[group], 1);
    at::_fused_adamw_(parameters, gradients, m_first[group], m_second[group], {}, m_steps[group], learningRate, kBeta1, kBeta2,
                      groups()[group].weightDecay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
}

void AdamW::save(Weights &weights) const
{
    saveStates(weights, "first", m_first);
    saveStates(weights, "second", m_second);
}

Result<void> AdamW::load(const Weights &weights, std::int64_t steps)
{
    if (auto loaded = loadStates(weights, "first", m_first); !loaded)
        return loaded;
    for (const auto &group : m_steps) {
        for (const at::Tensor &count : group)
            count.fill_(steps);
    }
    return loadStates(weights, "second", m_second);
}

} // namespace whisker::internal
