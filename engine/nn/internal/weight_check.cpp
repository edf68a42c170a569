#include "engine/nn/internal/weight_check.h"

#include <fmt/format.h>

namespace whisker::internal {

namespace {

std::string shapeText(const std::vector<std::int64_t> &shape)
{
    std::string text;
    for (const std::int64_t extent : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
}

} // namespace

Result<const WeightTensor *> findWeight(const Weights &weights, const WeightSpec &spec)
{
    const WeightTensor *tensor = weights.find(spec.name);
    if (!tensor)
        return fail(ErrorCode::BadFormat,
                    fmt::format("The weights lack the tensor {}: they belong to another network.", spec.name));
    if (tensor->shape != spec.shape)
        return fail(ErrorCode::BadFormat, fmt::format("The tensor {} of the weights is {}, but the network needs {}.", spec.name,
                                                      shapeText(tensor->shape), shapeText(spec.shape)));
    if (tensor->dtype != DType::Float32 || tensor->data.size() != static_cast<std::size_t>(tensor->elementCount()) * sizeof(float))
        return fail(ErrorCode::BadFormat,
                    fmt::format("The tensor {} of the weights is not float32, as the network needs it.", spec.name));
    return tensor;
}

} // namespace whisker::internal
