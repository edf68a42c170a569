#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/device.h"
#include "engine/nn/weights.h"
#include "engine/train/internal/batch_loader.h"
#include "engine/train/internal/batch_mixer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker::internal {

/// Not even two pictures at a time fit into memory.
class OutOfMemory : public std::bad_alloc {
public:
    const char *what() const noexcept override { return "Training needs more memory than there is: choose smaller pictures or a smaller network."; }
};

struct StepResult {
    double loss = 0.0; ///< Of the batch, before the step: what TrainingLoss makes small.
    int correct = 0;   ///< Of the batch, before the step.
};

/// A batch on its way to its step.
struct PreparedBatch {
    TrainingBatch batch{}; ///< Its pixels mixed.
    MixedLabels mixed{};
    std::int64_t number = 0; ///< Of the step.
    std::size_t place = 0;   ///< Of the feed, on a GPU.
};

/// A network and its optimizer: what one step of training does to weights. Uses LibTorch's threads of the calling thread; one thread. Throws c10::Error.
/// On a GPU all is computed on a stream of its own, pictures come as bytes on another (DeviceFeed), and steps are recorded and played (GraphedPass). Made for a GPU it
/// sets how LibTorch computes on GPUs for the whole program: see computeRepeatably().
class NetworkTrainer {
public:
    /// `classWeights`: as TrainingLoss takes them.
    NetworkTrainer(const ArchitectureGraph &graph, const TrainConfig &config, const Preprocessing &preprocessing, const Device &device,
                   Precision precision, std::vector<float> classWeights);
    NetworkTrainer(const NetworkTrainer &) = delete;
    NetworkTrainer &operator=(const NetworkTrainer &) = delete;
    ~NetworkTrainer();

    /// How many pictures of a batch are computed at once; 0: all. Where it is fewer their gradients are added up, each counting as in the whole batch, so that
    /// the step is the same up to rounding; but batch norms take the statistics of the pictures that are computed together, and dropout drops otherwise.
    void setMicroBatch(int pictures);
    int microBatch() const;
    /// Called with the number of pictures that are about to be computed at once; what it throws counts as thrown by LibTorch. So tests make memory scarce.
    void setBeforePictures(std::function<void(int)> call);
    /// Computes `pictures` grey ones and forgets them. The memory that took on the CPU, in bytes; nothing where `stop` was requested before it was through, as
    /// for a step. Throws what LibTorch throws where there isn't enough.
    std::optional<std::uint64_t> tryPictures(int pictures, const std::stop_token &stop = {});
    std::uint64_t parameterBytes() const;

    /// Where memory runs out in a step microBatch() is halved and the step begins anew; throws OutOfMemory where 2 were too many.
    /// `batch`: 2 pictures or more. `number`: of the step, from 0; with the seed it decides what dropout drops and what is mixed. Where the loss is not finite
    /// nothing is changed.
    StepResult step(TrainingBatch batch, std::int64_t number, double learningRate);
    /// The same in two parts: on a GPU a batch is copied while the step before it is computed, where it is prepared before that one is begun. One ahead at most.
    PreparedBatch prepare(TrainingBatch batch, std::int64_t number);
    /// Nothing where `stop` was requested before the step was through, which on the CPU is looked at between any two layers: then it is as if it had not begun.
    std::optional<StepResult> step(const PreparedBatch &prepared, double learningRate, const std::stop_token &stop);
    bool wantsBatchesAhead() const; ///< Preparing the next batch first is worth it: not on the CPU.
    /// A sentence on how steps are computed, once; mostly empty.
    std::string takeNote();

    /// Goes the ways of a GPU on the CPU, before the first step. So tests see them.
    void computeAsOnGpu();

    /// Takes the place of the random weights, before the first step. Errors: BadFormat (of another network; names the tensor).
    Result<void> startFrom(const Weights &weights);
    /// As TrainableModule's.
    void keepNormStatistics();
    Weights weights() const;               ///< Of the network, averaged where the config says so: those to validate and keep.
    Weights state() const;                 ///< All that is needed to go on: of the network as it is trained, the optimizer and the average.
    Result<void> load(const Weights &state, std::int64_t steps);

private:
    struct Data;
    std::unique_ptr<Data> m_data;
};

} // namespace whisker::internal
