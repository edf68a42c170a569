#pragma once

#include "engine/nn/weights.h"
#include "engine/train/internal/optimizer.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace whisker::internal {

/// An exponential moving average of all weights and running statistics, which often does better than the last weights (Polyak and Juditsky, 1992; with the start of
/// Tan and Le, 2019: the decay begins small, so that the random start is soon forgotten). One thread. Throws c10::Error.
class WeightAverage {
public:
    /// Begins with the `tensors` as they are, and follows them. 0 < decay < 1.
    WeightAverage(NamedParameters tensors, double decay);

    /// After step `number` (from 0).
    void follow(std::int64_t number);
    /// Takes the tensors as they are for the average.
    void restart();

    void putInto(Weights &weights) const;  ///< In place of what `weights` has of the same names.
    void save(Weights &weights) const;     ///< As average.<name>.
    Result<void> load(const Weights &weights); ///< Errors: BadFormat (something is missing or of another shape; names it).

private:
    NamedParameters m_tensors;
    std::vector<at::Tensor> m_average;
    double m_decay;
};

} // namespace whisker::internal
