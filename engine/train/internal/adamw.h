#pragma once

#include "engine/train/internal/optimizer.h"

namespace whisker::internal {

/// AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101, algorithm 2 as PyTorch has it).
class AdamW : public Optimizer {
public:
    AdamW(NamedParameters parameters, double weightDecay, double firstRateShare);

    void save(Weights &weights) const override; ///< optimizer.first.<name> and optimizer.second.<name>.
    Result<void> load(const Weights &weights, std::int64_t steps) override;

private:
    void move(std::size_t group, std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, double learningRate) override;

    States m_first, m_second, m_steps;
};

} // namespace whisker::internal
