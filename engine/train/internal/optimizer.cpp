#include "engine/train/internal/optimizer.h"

#include "engine/train/internal/adamw.h"
#include "engine/train/internal/sgd.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace whisker::internal {

namespace {

/// Of parameter `index` of `count`.
double rateShareAt(std::size_t index, std::size_t count, double firstRateShare)
{
    const std::size_t depths = std::min<std::size_t>(8, count); // few, so that a step is few passes over memory
    const double place = depths > 1 ? static_cast<double>(index * depths / count) / static_cast<double>(depths - 1) : 1.0;
    return std::pow(firstRateShare, 1.0 - place);
}

} // namespace

Optimizer::Optimizer(NamedParameters parameters, double weightDecay, double firstRateShare)
{
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        auto &[name, parameter] = parameters[i];
        ParameterGroup &group = groupFor(parameter.dim() > 1 ? weightDecay : 0.0, rateShareAt(i, parameters.size(), firstRateShare));
        group.names.push_back(std::move(name));
        group.parameters.push_back(std::move(parameter));
    }
}

ParameterGroup &Optimizer::groupFor(double weightDecay, double rateShare)
{
    const auto learnsAlike = [&](const ParameterGroup &group) { return group.weightDecay == weightDecay && group.rateShare == rateShare; };
    const auto known = std::ranges::find_if(m_groups, learnsAlike);
    return known != m_groups.end() ? *known : m_groups.emplace_back(weightDecay, rateShare);
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
        move(g, parameters, gradients, learningRate * m_groups[g].rateShare);
        for (at::Tensor &parameter : parameters)
            parameter.mutable_grad() = at::Tensor();
    }
}

Optimizer::States Optimizer::zeroStates() const
{
    const c10::NoGradGuard noGradient;
    States states(m_groups.size());
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
    const double firstRateShare = config.firstRateShare.value_or(1.0);
    if (config.optimizer == OptimizerKind::Sgd)
        return std::make_unique<Sgd>(std::move(parameters), decay, firstRateShare, config.momentum);
    return std::make_unique<AdamW>(std::move(parameters), decay, firstRateShare);
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
