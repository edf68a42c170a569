#include "engine/nn/internal/norm_activation.h"

#include "engine/nn/internal/norm_operators.h"

#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/relu.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <optional>

namespace whisker::internal {

namespace {

class NormFunction : public torch::autograd::Function<NormFunction> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const std::optional<at::Tensor> &summand, const at::Tensor &scale, const at::Tensor &shift,
                              const at::Tensor &runningMean, const at::Tensor &runningVariance, const NormActivation &settings)
    {
        const auto [y, mean, deviation] = normForward(x, summand, {scale, shift, runningMean, runningVariance}, settings);
        context->save_for_backward({x, settings.limits.any() ? y : x, scale, mean, deviation}); // without limits whatever is finite does for y
        context->saved_data["low"] = static_cast<double>(settings.limits.low);
        context->saved_data["high"] = static_cast<double>(settings.limits.high);
        context->saved_data["followsBatch"] = settings.followsBatch;
        context->saved_data["summand"] = summand.has_value();
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context, const torch::autograd::variable_list &gradients)
    {
        const auto saved = context->get_saved_variables();
        const Limits limits{static_cast<float>(context->saved_data["low"].toDouble()), static_cast<float>(context->saved_data["high"].toDouble())};
        const bool wantsSummand = context->saved_data["summand"].toBool() && context->needs_input_grad(1);
        const at::Tensor dy = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
        const NormBackward all = normBackward(dy, saved[0], saved[1], saved[2], saved[3], saved[4], context->saved_data["followsBatch"].toBool(), limits, wantsSummand && limits.any());
        return {all.dx, wantsSummand && !limits.any() ? dy : all.dSummand, all.dScale, all.dShift, {}, {}, {}};
    }
};

} // namespace

at::Tensor normaliseToLearn(const at::Tensor &x, const at::Tensor &summand, const NormTensors &norm, const NormActivation &settings)
{
    if (x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.numel() > x.size(1) && (!summand.defined() || summand.scalar_type() == at::kBFloat16)) {
        const auto channelsLast = [](const at::Tensor &values) { return values.contiguous(at::MemoryFormat::ChannelsLast); };
        return NormFunction::apply(channelsLast(x), summand.defined() ? std::optional(channelsLast(summand)) : std::nullopt, norm.scale, norm.shift, norm.mean, norm.variance, settings);
    }
    at::Tensor y = at::batch_norm(x, norm.scale, norm.shift, norm.mean, norm.variance, settings.followsBatch, settings.momentum, settings.epsilon, true);
    if (summand.defined())
        y = at::add(y, summand);
    if (std::isfinite(settings.limits.high))
        return at::hardtanh(y, settings.limits.low, settings.limits.high);
    return std::isfinite(settings.limits.low) ? at::relu(y) : y;
}

} // namespace whisker::internal
