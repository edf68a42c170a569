#include "engine/train/internal/optimizer.h"

#include "engine/train/internal/adamw.h"
#include "engine/train/internal/sgd.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <fmt/format.h>

namespace whisker::internal {

Optimizer::Optimizer(NamedParameters parameters, double weightDecay)
{
    m_groups[0].weightDecay = weightDecay;
    for (auto &[name, parameter] : parameters) {
        ParameterGroup &group = m_groups[parameter.dim() > 1 ? 0 : 1];
        group.names.push_back(std::move(name));
        group.parameters.push_back(std::move(parameter));
    }
}

void Optimizer::step(double learningRate)
{
    const c10::NoGradGuard noGradient;
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        std::vector<at::Tensor> &parameters = m_groups[g].parameters;
        std::vector<at::Tensor> gradients;
        gradients.reserve(parameters.size());
        for (const at::Tensor &parameter : parameters)
            gradients.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter));
        if (!parameters.empty())
            move(g, parameters, gradients, learningRate);
        for (at::Tensor &parameter : parameters)
            parameter.mutable_grad() = at::Tensor();
    }
}

Optimizer::States Optimizer::zeroStates() const
{
    const c10::NoGradGuard noGradient;
    States states;
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        for (const at::Tensor &parameter : m_groups[g].parameters)
            states[g].push_back(at::zeros_like(parameter)); // in the same order in memory: the fused pass counts elements
    }
    return states;
}

void Optimizer::saveStates(Weights &weights, const std::string &name, const States &states) const
{
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        for (std::size_t i = 0; i < states[g].size(); ++i)
            weights.set("optimizer." + name + "." + m_groups[g].names[i], toWeightTensor(states[g][i]));
    }
}

Result<void> Optimizer::loadStates(const Weights &weights, const std::string &name, States &states) const
{
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        for (std::size_t i = 0; i < states[g].size(); ++i) {
            if (auto loaded = copyFrom(weights, "optimizer." + name + "." + m_groups[g].names[i], states[g][i]); !loaded)
                return loaded;
        }
    }
    return {};
}

std::unique_ptr<Optimizer> makeOptimizer(const TrainConfig &config, NamedParameters parameters)
{
    const double decay = config.weightDecay.value_or(0.0);
    if (config.optimizer == OptimizerKind::Sgd)
        return std::make_unique<Sgd>(std::move(parameters), decay, config.momentum);
    return std::make_unique<AdamW>(std::move(parameters), decay);
}

WeightTensor toWeightTensor(const at::Tensor &tensor)
{
    const c10::NoGradGuard noGradient;
    WeightTensor kept{DType::Float32, tensor.sizes().vec(), std::vector<std::byte>(static_cast<std::size_t>(tensor.numel()) * sizeof(float))};
    at::from_blob(kept.data.data(), tensor.sizes(), at::kFloat).copy_(tensor); // training waits for it: once over the bytes, whatever their order was
    return kept;
}

Result<void> copyFrom(const Weights &weights, const std::string &name, at::Tensor &target)
{
    const WeightTensor *kept = weights.find(name);
    if (kept == nullptr || kept->dtype != DType::Float32 || at::IntArrayRef(kept->shape) != target.sizes())
        return fail(ErrorCode::BadFormat, fmt::format("The checkpoint lacks {} or holds it in another shape: start the run anew.", name));
    const c10::NoGradGuard noGradient;
    target.copy_(at::from_blob(const_cast<std::byte *>(kept->data.data()), target.sizes(), at::kFloat)); // read only
    return {};
}

} // namespace whisker::internal
