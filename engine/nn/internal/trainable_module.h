#pragma once

#include "engine/base/result.h"
#include "engine/nn/internal/training_steps.h"
#include "engine/nn/weights.h"

#include <torch/nn/module.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <stop_token>
#include <vector>

namespace whisker::internal {

struct ModuleOutput {
    at::Tensor logits;   ///< [batch, classCount]
    at::Tensor features; ///< [batch, featureCount]
};

/// A pass was left between two nodes, because it was to stop.
class PassLeft : public std::exception {
public:
    const char *what() const noexcept override { return "The pass was stopped."; }
};

/// The graph as a network that learns. named_parameters() and named_buffers() are called as the weights of the graph are.
/// Made on the CPU in float32 and channels last, with random weights; follows train() and eval(). One thread at a time.
class TrainableModule : public torch::nn::Module {
public:
    /// Initial weights are a function of (graph, seed) alone: convolutions normal with He's fan-out deviation, batch norms 1 and 0, linear layers
    /// uniform in +-1/sqrt(inputs), as torchvision does (He et al. 2015, arXiv 1502.01852).
    TrainableModule(ArchitectureGraph graph, std::uint64_t seed);

    /// `x`: [batch, 3, height, width], normalised, best channels last. `dropoutSeed` decides what dropout drops in training, alone: give a number
    /// made of (seed, step), so that a resumed run drops the same.
    ModuleOutput forward(const at::Tensor &x, std::uint64_t dropoutSeed = 0);
    /// The same with masks that dropoutMasks() made, on the device of `x`. Not one number goes from the CPU to the device in here, so that a GPU can play it again.
    /// Throws PassLeft before the next node once `stop` is requested, on the way back from the loss too: then gradients and running statistics are half done.
    ModuleOutput forward(const at::Tensor &x, const std::vector<at::Tensor> &masks, const std::stop_token &stop = {});
    /// For each dropout what pooled features are multiplied with: float32 [batch, channels] on the CPU, 0 for what is dropped. A function of the seed alone.
    std::vector<at::Tensor> dropoutMasks(std::int64_t batch, std::uint64_t seed) const;

    /// Copies the graph's tensors from `weights`; others there are ignored. With `skipClassifier` the classifier keeps what it has (a pretrained
    /// file has other classes). Errors: BadFormat (missing, wrong shape or type; names the tensor); then nothing has changed.
    Result<void> load(const Weights &weights, bool skipClassifier = false);
    /// Parameters and running statistics, float32, dense.
    Weights weights() const;

    /// Parameters of the classifier and of all else, for differential learning rates.
    std::vector<at::Tensor> classifierParameters() const;
    std::vector<at::Tensor> backboneParameters() const;
    /// Moves all to `device` and makes convolution weights channels last again.
    void moveTo(const at::Device &device);

    /// Batch norms normalise with the statistics they have, in training too, and leave them as they are: pretrained ones know more than a few small
    /// batches tell. Scales and shifts learn all the same.
    void keepNormStatistics() { m_keepsNormStatistics = true; }

    const ArchitectureGraph &graph() const { return m_graph; }

private:
    struct NodeTensors {
        at::Tensor weight, bias, mean, variance; ///< Undefined where the node has none.
    };
    void registerTensors();
    void refreshNodeTensors();
    void makeChannelsLast();
    at::Tensor run(const TrainingStep &step, const std::vector<at::Tensor> &inputs) const;
    at::Tensor normalised(const TrainingStep &step, const std::vector<at::Tensor> &inputs) const;

    ArchitectureGraph m_graph;
    std::vector<TrainingStep> m_steps;
    bool m_keepsNormStatistics = false;
    std::vector<WeightSpec> m_specs;
    std::vector<at::Tensor> m_tensors;      ///< In the order of m_specs; share storage with the registered ones.
    std::vector<NodeTensors> m_nodeTensors; ///< In the order of the nodes.
};

} // namespace whisker::internal
