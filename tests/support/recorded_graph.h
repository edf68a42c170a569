#pragma once

#include <ATen/core/GraphImplInterface.h>
#include <ATen/core/boxing/KernelFunction.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace whisker::test {

/// Graphs for the CPU, as strict as CUDA's: linked into a program they are there for at::create_graph_impl(). Each operation below autograd is recorded with its very
/// tensors and numbers and done again by replay(), so that a number that was looked up anew each time, or a tensor made from the program's memory, is
/// seen to be the old one. While recording no value may be asked for; recording leaves no trace in tensors that were there before.
class RecordedGraph final : public at::GraphImplInterface {
public:
    explicit RecordedGraph(const at::GraphImplArgs &) {}

    void capture_begin(c10::MempoolId_t pool, at::GraphCaptureMode mode) override;
    void capture_end() override;
    void instantiate() override {}
    void replay() override;
    void reset() override { m_calls.clear(); }
    c10::MempoolId_t pool() const override { return {1, 0}; }
    void enable_debug_mode() override {}
    void debug_dump(const std::string &) override {}

    /// Called for each operation while one records.
    void record(const c10::OperatorHandle &operation, torch::jit::Stack &stack);
    static RecordedGraph *recording();
    static int replays();        ///< Of all graphs, since the program began.
    static void breakNext();     ///< Recording the next one fails on the way.

private:
    struct Call {
        c10::OperatorHandle operation;
        torch::jit::Stack arguments, results;
    };
    struct Kept {
        at::Tensor bytes, before;
    };
    void keep(const at::Tensor &tensor);

    std::vector<Call> m_calls;
    std::map<const void *, std::optional<Kept>> m_seen; ///< By storage; nothing for what was made while recording.
    std::optional<c10::impl::IncludeDispatchKeyGuard> m_intercepts;
};

} // namespace whisker::test
