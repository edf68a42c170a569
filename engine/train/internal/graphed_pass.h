#pragma once

#include "engine/train/internal/step_inputs.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace at {
struct GraphImplInterface;
}

namespace whisker::internal {

/// What a forward pass came to; numbers on the device, not waited for.
struct PassResult {
    at::Tensor loss;    ///< float32: knows its gradient until backward() was called.
    at::Tensor correct; ///< int64
};

/// The forward and backward pass over a whole batch, recorded once and then played again, so that a GPU isn't told each of its kernels anew (CUDA graphs; PyTorch's
/// "CUDA semantics", section CUDA Graphs, has the rules). Learning begins with ordinary passes, which are the warm-up; a batch of another shape gets an ordinary one. Scalars are recorded as they are: what changes from step to step
/// must be in the inputs. Where LibTorch has no graphs for the device, as for the CPU, all passes are ordinary. One thread, one stream, which isn't the default
/// one. Throws c10::Error.
class GraphedPass {
public:
    /// Forward and backward: leaves gradients in the parameters, which have none when it is called.
    using Pass = std::function<PassResult(const StepInputs &)>;
    GraphedPass(at::Device device, std::vector<at::Tensor> parameters, Pass pass);
    GraphedPass(const GraphedPass &) = delete;
    GraphedPass &operator=(const GraphedPass &) = delete;
    ~GraphedPass();

    /// As the pass, by graph. Nothing where an ordinary pass is to be made: the batch has another shape, it is too early, or recording has failed.
    std::optional<PassResult> play(const StepInputs &inputs);
    bool holdsGraph() const { return m_recorded.has_value(); }
    /// Gives its memory back and records none again.
    void giveUp();
    /// A sentence where recording has failed, once.
    std::string takeNote();

private:
    struct Recorded {
        std::unique_ptr<at::GraphImplInterface> graph;
        StepInputs inputs;
        PassResult result;
        std::vector<at::Tensor> gradients; ///< Of the parameters, in their order.
    };
    void record(const StepInputs &inputs);
    void giveBackMemory();

    static constexpr int kOrdinaryPasses = 3; ///< Of the same shape, before one is recorded: libraries prepare themselves in them.

    const at::Device m_device;
    std::vector<at::Tensor> m_parameters;
    const Pass m_pass;
    bool m_possible;
    int m_ordinary = 0;
    std::vector<std::vector<std::int64_t>> m_shapes{}; ///< Of the passes that were counted, then of the one recorded.
    std::optional<Recorded> m_recorded{};
    std::string m_note{};
};

} // namespace whisker::internal
