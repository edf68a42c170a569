#include "engine/train/internal/adamw.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cstring>
#include <fmt/format.h>

namespace whisker::internal {

namespace {

// As the paper and PyTorch have them.
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

Result<void> restore(at::Tensor &target, const Weights &weights, const std::string &name)
{
    const WeightTensor *kept = weights.find(name);
    if (kept == nullptr || kept->dtype != DType::Float32 || at::IntArrayRef(kept->shape) != target.sizes())
        return fail(ErrorCode::BadFormat, fmt::format("The checkpoint lacks {} or holds it in another shape: start the run anew.", name));
    const c10::NoGradGuard noGradient;
    target.copy_(at::from_blob(const_cast<std::byte *>(kept->data.data()), target.sizes(), at::kFloat)); // read only
    return {};
}

} // namespace

AdamW::AdamW(std::vector<std::pair<std::string, at::Tensor>> parameters, double weightDecay) : m_decayed{weightDecay}, m_free{0.0}
{
    const c10::NoGradGuard noGradient;
    for (auto &[name, parameter] : parameters) {
        Group &group = parameter.dim() > 1 ? m_decayed : m_free;
        group.names.push_back(std::move(name));
        group.first.push_back(at::zeros_like(parameter)); // in the same order in memory: the fused pass counts elements
        group.second.push_back(at::zeros_like(parameter));
        group.steps.push_back(at::zeros({}, at::kFloat).to(parameter.device()));
        group.parameters.push_back(std::move(parameter));
    }
}

void AdamW::step(double learningRate)
{
    const c10::NoGradGuard noGradient;
    for (Group *group : {&m_decayed, &m_free}) {
        std::vector<at::Tensor> gradients;
        gradients.reserve(group->parameters.size());
        for (const at::Tensor &parameter : group->parameters)
            gradients.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter));
        for (const at::Tensor &steps : group->steps)
            steps.add_(1);
        at::_fused_adamw_(group->parameters, gradients, group->first, group->second, {}, group->steps, learningRate, kBeta1, kBeta2,
                          group->weightDecay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
        for (at::Tensor &parameter : group->parameters)
            parameter.mutable_grad() = at::Tensor();
    }
}

void AdamW::save(Weights &weights) const
{
    for (const Group *group : {&m_decayed, &m_free}) {
        for (std::size_t i = 0; i < group->names.size(); ++i) {
            weights.set("optimizer.first." + group->names[i], toWeightTensor(group->first[i]));
            weights.set("optimizer.second." + group->names[i], toWeightTensor(group->second[i]));
        }
    }
}

Result<void> AdamW::load(const Weights &weights, std::int64_t steps)
{
    for (Group *group : {&m_decayed, &m_free}) {
        for (std::size_t i = 0; i < group->names.size(); ++i) {
            if (auto restored = restore(group->first[i], weights, "optimizer.first." + group->names[i]); !restored)
                return restored;
            if (auto restored = restore(group->second[i], weights, "optimizer.second." + group->names[i]); !restored)
                return restored;
            group->steps[i].fill_(steps);
        }
    }
    return {};
}

WeightTensor toWeightTensor(const at::Tensor &tensor)
{
    const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    return WeightTensor::fromFloats(dense.sizes().vec(), {dense.const_data_ptr<float>(), static_cast<std::size_t>(dense.numel())});
}

} // namespace whisker::internal
