#include "engine/nn/internal/training_convolution.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/linear.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>

namespace whisker::internal {

namespace {

// Widths from which on the usual way is as fast (docs/benchmarks.md, "small pictures").
constexpr std::int64_t kMatrixPx = 14;
constexpr std::int64_t kBesidePx = 12;

/// [batch, channels, height, width], channels last, as [batch, height, width, channels] of the same memory, and back.
at::Tensor channelsBehind(const at::Tensor &x)
{
    return x.permute({0, 2, 3, 1});
}

at::Tensor channelsInFront(const at::Tensor &x)
{
    return x.permute({0, 3, 1, 2});
}

at::Tensor padded(const at::Tensor &x, const GraphNode &node)
{
    const SidePadding rows = samePadding(static_cast<int>(x.size(2)), node.kernelPx, node.stride);
    const SidePadding columns = samePadding(static_cast<int>(x.size(3)), node.kernelPx, node.stride);
    return at::constant_pad_nd(x, {columns.before, columns.after, rows.before, rows.after});
}

at::Tensor convolveAsMatrix(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias)
{
    return channelsInFront(at::linear(channelsBehind(x), weight.flatten(1), bias));
}

/// Each picture gets columns of zeros behind it: as many as its neighbour's padding needs, and so that the outputs of one are whole columns. `paddingPx` is half of the
/// kernel: then the wide picture has `pitch` output columns for each, of which the first ones are those of the picture.
at::Tensor convolveBesideOneAnother(const at::Tensor &x, const GraphNode &node, std::int64_t paddingPx, const at::Tensor &weight, const at::Tensor &bias)
{
    const std::int64_t batch = x.size(0), height = x.size(2), width = x.size(3);
    const std::int64_t outputWidth = (width - 1) / node.stride + 1;
    const std::int64_t pitch = std::max(outputWidth, (width + paddingPx + node.stride - 1) / node.stride);
    const at::Tensor spaced = channelsBehind(at::constant_pad_nd(x, {0, pitch * node.stride - width}));
    const at::Tensor wide = spaced.transpose(0, 1).reshape({1, height, batch * pitch * node.stride, x.size(1)});
    const at::Tensor y = channelsBehind(at::conv2d(channelsInFront(wide), weight, bias, node.stride, paddingPx));
    const at::Tensor apart = y.reshape({y.size(1), batch, pitch, y.size(3)}).narrow(2, 0, outputWidth).transpose(0, 1);
    return channelsInFront(apart.contiguous());
}

/// A depthwise convolution whose gradients are computed in float32: of bf16 ones with strides or 5 x 5 kernels oneDNN computes as if groups were no matter.
class DepthwiseConvolution : public torch::autograd::Function<DepthwiseConvolution> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &weight, std::int64_t stride, std::int64_t paddingPx)
    {
        context->save_for_backward({x, weight});
        context->saved_data["stride"] = stride;
        context->saved_data["paddingPx"] = paddingPx;
        return at::conv2d(x, weight, {}, stride, paddingPx, 1, weight.size(0));
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context, const torch::autograd::variable_list &gradients)
    {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1];
        const std::array stride = {context->saved_data["stride"].toInt(), context->saved_data["stride"].toInt()};
        const std::array padding = {context->saved_data["paddingPx"].toInt(), context->saved_data["paddingPx"].toInt()};
        const std::array wanted = {context->needs_input_grad(0), context->needs_input_grad(1), false};
        const auto [dx, dWeight, _] = at::convolution_backward(gradients[0].to(at::kFloat), x.to(at::kFloat), weight.to(at::kFloat), at::OptionalIntArrayRef(), stride, padding,
                                                              {1, 1}, false, {0, 0}, weight.size(0), wanted);
        const auto as = [](const at::Tensor &gradient, const at::Tensor &of) { return gradient.defined() ? gradient.to(of.scalar_type()) : gradient; };
        return {as(dx, x), as(dWeight, weight), {}, {}};
    }
};

} // namespace

at::Tensor convolveToLearn(const at::Tensor &x, const GraphNode &node, const at::Tensor &weight, const at::Tensor &bias)
{
    std::int64_t paddingPx = node.paddingPx;
    at::Tensor input = x;
    if (node.padding == PaddingRule::TensorFlowSame) {
        const SidePadding rows = samePadding(static_cast<int>(x.size(2)), node.kernelPx, node.stride);
        const SidePadding columns = samePadding(static_cast<int>(x.size(3)), node.kernelPx, node.stride);
        const bool even = rows.before == rows.after && columns == rows; // then the convolution pads by itself, without a copy
        paddingPx = even ? rows.before : 0;
        if (!even)
            input = padded(x, node);
    }
    if (input.is_cpu() && input.scalar_type() == at::kBFloat16) {
        if (node.groups > 1 && node.groups == node.inputChannels && node.groups == node.outputChannels && !node.bias)
            return DepthwiseConvolution::apply(input, weight, node.stride, paddingPx);
        const std::int64_t outputWidth = (input.size(3) + 2 * paddingPx - node.kernelPx) / node.stride + 1;
        if (node.groups == 1 && node.kernelPx == 1 && node.stride == 1 && paddingPx == 0 && outputWidth <= kMatrixPx)
            return convolveAsMatrix(input, weight, bias);
        if (node.groups == 1 && node.kernelPx > 1 && node.kernelPx == 2 * paddingPx + 1 && outputWidth <= kBesidePx)
            return convolveBesideOneAnother(input, node, paddingPx, weight, bias);
    }
    return at::conv2d(input, weight, bias, node.stride, paddingPx, 1, node.groups);
}

} // namespace whisker::internal
