#pragma once

#include "engine/base/counter_random.h"
#include "engine/nn/internal/trainable_module.h"

#include <vector>

namespace whisker::test {

/// Initial weights of `graph` with batch norms as training leaves them: scales around 1, statistics off 0 and 1.
inline Weights randomWeights(const ArchitectureGraph &graph, std::uint64_t seed)
{
    using Role = WeightSpec::Role;
    Weights weights = internal::TrainableModule(graph, seed).weights();
    CounterRandom random(seed, 1);
    for (const WeightSpec &spec : weightSpecs(graph)) {
        if (spec.role == Role::ConvolutionWeight || spec.role == Role::LinearWeight)
            continue;
        for (float &value : weights.find(spec.name)->floats()) {
            const bool positive = spec.role == Role::NormScale || spec.role == Role::NormVariance;
            value = static_cast<float>(positive ? random.uniform(0.5, 1.5) : random.uniform(-0.2, 0.2));
        }
    }
    return weights;
}

/// `batch` pictures of noise, [batch, sizePx, sizePx, 3].
inline std::vector<std::uint8_t> randomPictures(int batch, int sizePx, std::uint64_t seed)
{
    CounterRandom random(seed, 2);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(batch) * static_cast<std::size_t>(sizePx) *
                                     static_cast<std::size_t>(sizePx) * 3);
    for (std::uint8_t &value : pixels)
        value = static_cast<std::uint8_t>(random.below(256));
    return pixels;
}

} // namespace whisker::test
