#include "engine/nn/weights.h"

#include <cassert>
#include <cstring>

namespace whisker {

std::size_t bytesPerElement(DType type)
{
    switch (type) {
    case DType::Float64:
    case DType::Int64:
        return 8;
    case DType::Float32:
    case DType::Int32:
        return 4;
    case DType::Float16:
    case DType::BFloat16:
    case DType::Int16:
        return 2;
    case DType::Int8:
    case DType::UInt8:
    case DType::Bool:
        return 1;
    }
    return 1;
}

WeightTensor WeightTensor::fromFloats(std::vector<std::int64_t> shape, std::span<const float> values)
{
    const auto bytes = std::as_bytes(values);
    return {DType::Float32, std::move(shape), {bytes.begin(), bytes.end()}};
}

std::int64_t WeightTensor::elementCount() const
{
    std::int64_t count = 1;
    for (const std::int64_t extent : shape)
        count *= extent;
    return count;
}

// The heap's blocks are aligned for any type, so bytes from std::vector may be looked at as floats.
std::span<const float> WeightTensor::floats() const
{
    assert(dtype == DType::Float32);
    return {reinterpret_cast<const float *>(data.data()), data.size() / sizeof(float)};
}

std::span<float> WeightTensor::floats()
{
    assert(dtype == DType::Float32);
    return {reinterpret_cast<float *>(data.data()), data.size() / sizeof(float)};
}

const WeightTensor *Weights::find(std::string_view name) const
{
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? nullptr : &found->second;
}

WeightTensor *Weights::find(std::string_view name)
{
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? nullptr : &found->second;
}

bool Weights::remove(std::string_view name)
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        return false;
    m_tensors.erase(found);
    return true;
}

} // namespace whisker
