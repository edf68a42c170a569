#include "engine/nn/internal/fused_operators.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/op_registration/adaption.h>

namespace whisker::internal {

namespace {

using Sizes = at::IntArrayRef;
using Scalars = c10::List<std::optional<at::Scalar>>;
using Text = std::optional<std::string_view>;

using ConvolveOperator = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, Sizes, Sizes, Sizes, std::int64_t,
                                    std::string_view, Scalars, Text);
using ConvolveIntoOperator = at::Tensor &(at::Tensor &, const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, Sizes,
                                          Sizes, Sizes, std::int64_t, std::string_view, std::optional<at::Scalar>, Text, Scalars, Text);
using ReorderOperator = at::Tensor(const at::Tensor &, Sizes, Sizes, Sizes, std::int64_t, at::OptionalIntArrayRef);

template <class Signature> auto operatorHandle(const char *name, const char *overload)
{
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

struct ActivationArguments {
    const char *name;
    Scalars scalars;
};

const ActivationArguments &arguments(Activation activation)
{
    static const std::array<ActivationArguments, 3> all{{{"none", Scalars()},
                                                         {"relu", Scalars()},
                                                         {"hardtanh", Scalars({at::Scalar(0.0), at::Scalar(6.0)})}}};
    return all[static_cast<std::size_t>(activation)];
}

constexpr std::array<std::int64_t, 2> kNoDilation{1, 1};

} // namespace

at::Tensor reorderWeight(const at::Tensor &weight, int paddingPx, int stride, int groups, at::OptionalIntArrayRef inputSize)
{
    static const auto reorder = operatorHandle<ReorderOperator>("mkldnn::_reorder_convolution_weight", "");
    const std::array<std::int64_t, 2> padding{paddingPx, paddingPx}, strides{stride, stride};
    return reorder.call(weight, padding, strides, kNoDilation, groups, inputSize);
}

at::Tensor convolve(const at::Tensor &x, const at::Tensor &packedWeight, const FusedConvolution &convolution, int paddingPx)
{
    static const auto pointwise = operatorHandle<ConvolveOperator>("mkldnn::_convolution_pointwise", "");
    const std::array<std::int64_t, 2> padding{paddingPx, paddingPx}, strides{convolution.stride, convolution.stride};
    const ActivationArguments &activation = arguments(convolution.activation);
    return pointwise.call(x, packedWeight, convolution.bias, padding, strides, kNoDilation, convolution.groups, activation.name,
                          activation.scalars, Text());
}

void convolveInto(at::Tensor &sum, const at::Tensor &x, const at::Tensor &packedWeight, const FusedConvolution &convolution, int paddingPx)
{
    static const auto pointwise = operatorHandle<ConvolveIntoOperator>("mkldnn::_convolution_pointwise_", "binary");
    const std::array<std::int64_t, 2> padding{paddingPx, paddingPx}, strides{convolution.stride, convolution.stride};
    const ActivationArguments &activation = arguments(convolution.activation);
    const Text name = convolution.activation == Activation::None ? Text() : Text(activation.name);
    pointwise.call(sum, x, packedWeight, convolution.bias, padding, strides, kNoDilation, convolution.groups, "add", std::nullopt,
                   name, activation.scalars, Text());
}

} // namespace whisker::internal
