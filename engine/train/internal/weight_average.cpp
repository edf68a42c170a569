#include "engine/train/internal/weight_average.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>

namespace whisker::internal {

WeightAverage::WeightAverage(NamedParameters tensors, double decay) : m_tensors(std::move(tensors)), m_decay(decay)
{
    restart();
}

void WeightAverage::follow(std::int64_t number)
{
    const c10::NoGradGuard noGradient;
    const auto steps = static_cast<double>(number);
    const double decay = std::min(m_decay, (1.0 + steps) / (10.0 + steps));
    std::vector<at::Tensor> now;
    now.reserve(m_tensors.size());
    for (const auto &[name, tensor] : m_tensors)
        now.push_back(tensor.detach());
    at::_foreach_lerp_(m_average, now, 1.0 - decay); // one kernel on a GPU
}

void WeightAverage::restart()
{
    const c10::NoGradGuard noGradient;
    m_average.clear();
    for (const auto &[name, tensor] : m_tensors)
        m_average.push_back(tensor.detach().clone());
}

void WeightAverage::putInto(Weights &weights) const
{
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        weights.set(m_tensors[i].first, toWeightTensor(m_average[i]));
}

void WeightAverage::save(Weights &weights) const
{
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        weights.set("average." + m_tensors[i].first, toWeightTensor(m_average[i]));
}

Result<void> WeightAverage::load(const Weights &weights)
{
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        if (auto loaded = copyFrom(weights, "average." + m_tensors[i].first, m_average[i]); !loaded)
            return loaded;
    }
    return {};
}

} // namespace whisker::internal
