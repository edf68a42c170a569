#pragma once

#include "engine/base/result.h"
#include "engine/nn/weights.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace whisker::internal {

/// AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101, algorithm 2 as PyTorch has it), all of a parameter's work in one pass over memory. Weight decay
/// is for weights of convolutions and linear layers alone: on biases and norms it only hinders. Throws c10::Error.
class AdamW {
public:
    /// Works on the very tensors that are given; names are for saving.
    AdamW(std::vector<std::pair<std::string, at::Tensor>> parameters, double weightDecay);

    /// Moves every parameter that has a gradient, and drops the gradients.
    void step(double learningRate);

    /// Adds the averages to `weights`, called optimizer.first.<name> and optimizer.second.<name>.
    void save(Weights &weights) const;
    /// Errors: BadFormat (one is missing or of another shape; names it).
    Result<void> load(const Weights &weights, std::int64_t steps);

private:
    struct Group {
        double weightDecay;
        std::vector<std::string> names{};
        std::vector<at::Tensor> parameters{}, first{}, second{}, steps{};
    };
    Group m_decayed, m_free;
};

/// A copy as float32, dense, on the CPU.
WeightTensor toWeightTensor(const at::Tensor &tensor);

} // namespace whisker::internal
