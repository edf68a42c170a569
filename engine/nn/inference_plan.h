#pragma once

#include "engine/base/result.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/device.h"
#include "engine/nn/weights.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace whisker {

enum class PlanOutput {
    Logits,   ///< [batch, classCount], before softmax.
    Features, ///< [batch, featureCount], the pooled features before the classifier; dropout does nothing here.
};

struct PlanOptions {
    Precision precision = Precision::Automatic;                      ///< Of the convolutions; results are float32 anyway.
    std::array<float, 3> mean{127.0F, 127.0F, 127.0F};               ///< R, G, B in units of 0..255.
    std::array<float, 3> standardDeviation{128.0F, 128.0F, 128.0F};  ///< R, G, B in units of 0..255; > 0.
};

struct PlanResult {
    std::vector<float> features; ///< [batch, featureCount], row-major.
    std::vector<float> logits;   ///< [batch, classCount], row-major.
};

/// A network made ready to answer quickly on the CPU: batch norms folded into their convolutions, activations and residual additions fused into
/// them (oneDNN), channels last, nothing kept for gradients. Immutable; knows nothing of the Weights it was made from.
///
/// Used by one thread at a time; computes with LibTorch's threads of the calling thread (setComputeThreads()).
/// Never throws. What one picture gets does not depend on the pictures beside it, up to rounding.
class InferencePlan {
public:
    /// Errors: InvalidArgument (a graph that does not run, a standard deviation that is not positive), BadFormat (a weight that is missing or has
    /// the wrong shape or type; names the tensor). Tensors the graph does not know are ignored. Takes some tens of milliseconds.
    static Result<InferencePlan> compile(const ArchitectureGraph &graph, const Weights &weights, const PlanOptions &options);

    InferencePlan(InferencePlan &&) noexcept;
    InferencePlan &operator=(InferencePlan &&) noexcept;
    ~InferencePlan();

    /// `nhwcRgb`: uint8 [batch, sizePx, sizePx, 3], red first, 0..255; normalised in here. Any batch >= 1 (larger ones are run in chunks that fit
    /// the cache), sizePx >= 32. Result: float32 [batch, outputs], row-major.
    /// Errors: InvalidArgument (sizes that do not fit), Internal (LibTorch failed, for instance for want of memory).
    Result<std::vector<float>> run(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx,
                                   PlanOutput output = PlanOutput::Logits) const;
    /// Both from one pass; else as run().
    Result<PlanResult> runBoth(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx) const;

    /// Another plan of the same network for another thread. It shares the weights, so it costs little before it runs.
    InferencePlan clone() const;

    int featureCount() const;
    int classCount() const;
    Precision precision() const; ///< The one in use: Float32 or BFloat16.

private:
    struct Data;
    explicit InferencePlan(std::unique_ptr<const Data> data);
    std::unique_ptr<const Data> m_data;
};

} // namespace whisker
