#pragma once

#include "engine/base/result.h"
#include "engine/nn/weights.h"
#include "engine/train/train_config.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace whisker::internal {

using NamedParameters = std::vector<std::pair<std::string, at::Tensor>>;

/// Parameters that learn alike. Weight decay is for weights of convolutions and linear layers alone: on biases and norms it only hinders.
struct ParameterGroup {
    double weightDecay = 0.0;
    double rateShare = 1.0; ///< Of the learning rate.
    std::vector<std::string> names{};
    std::vector<at::Tensor> parameters{};
};

/// What moves parameters against their gradients, all of a parameter's work in one pass over memory. Works on the very tensors that it was given; names are
/// for saving. One thread. Throws c10::Error.
class Optimizer {
public:
    /// `parameters`: from the network's first layer to its last. `firstRateShare`: what the first layers learn at, as a share of the learning rate; the last ones
    /// learn at all of it, and those between at shares that grow by the same factor from an eighth of the network to the next. 1: all alike.
    Optimizer(NamedParameters parameters, double weightDecay, double firstRateShare);
    Optimizer(const Optimizer &) = delete;
    Optimizer &operator=(const Optimizer &) = delete;
    virtual ~Optimizer() = default;

    /// Moves every parameter, one without a gradient as if that were 0, and drops the gradients.
    void step(double learningRate);

    /// Adds what it remembers to `weights`, with names that begin with "optimizer.".
    virtual void save(Weights &weights) const = 0;
    /// Errors: BadFormat (something is missing or of another shape; names it).
    virtual Result<void> load(const Weights &weights, std::int64_t steps) = 0;

protected:
    using States = std::vector<std::vector<at::Tensor>>; ///< A tensor for each parameter of each group.
    const std::vector<ParameterGroup> &groups() const { return m_groups; }
    States zeroStates() const;
    void saveStates(Weights &weights, const std::string &name, const States &states) const;
    Result<void> loadStates(const Weights &weights, const std::string &name, States &states) const;

private:
    virtual void move(std::size_t group, std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, double learningRate) = 0;

    ParameterGroup &groupFor(double weightDecay, double rateShare);

    std::vector<ParameterGroup> m_groups;
};

/// The one that `config` (completed) asks for.
std::unique_ptr<Optimizer> makeOptimizer(const TrainConfig &config, NamedParameters parameters);

/// A copy as float32, dense, on the CPU.
WeightTensor toWeightTensor(const at::Tensor &tensor);
/// The other way, in place. Errors: BadFormat (missing or of another shape; names it).
Result<void> copyFrom(const Weights &weights, const std::string &name, at::Tensor &target);

} // namespace whisker::internal
