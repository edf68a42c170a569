// The library whisker_cuda: CUDA graphs behind LibTorch's interface for graphs of any device. LibTorch 2.13 has none there for CUDA, only the class that its
// Python uses. Opened at run time after libtorch_cuda.so; opening it is all there is to do.
#include <ATen/core/GraphImplInterface.h>
#include <ATen/cuda/CUDAGraph.h>

#include <memory>
#include <string>

namespace {

cudaStreamCaptureMode modeOf(at::GraphCaptureMode mode)
{
    switch (mode) {
    case at::GraphCaptureMode::ThreadLocal:
        return cudaStreamCaptureModeThreadLocal;
    case at::GraphCaptureMode::Relaxed:
        return cudaStreamCaptureModeRelaxed;
    case at::GraphCaptureMode::Default:
    case at::GraphCaptureMode::Global:
        break;
    }
    return cudaStreamCaptureModeGlobal;
}

class CudaGraph final : public at::GraphImplInterface {
public:
    explicit CudaGraph(const at::GraphImplArgs &args) : m_graph(args.keep_graph) {}

    void capture_begin(c10::MempoolId_t pool, at::GraphCaptureMode mode) override { m_graph.capture_begin(pool, modeOf(mode)); }
    void capture_end() override { m_graph.capture_end(); }
    void instantiate() override { m_graph.instantiate(); }
    void replay() override { m_graph.replay(); }
    void reset() override { m_graph.reset(); }
    c10::MempoolId_t pool() const override { return m_graph.pool(); }
    void enable_debug_mode() override { m_graph.enable_debug_mode(); }
    void debug_dump(const std::string &path) override { m_graph.debug_dump(path); }

private:
    mutable at::cuda::CUDAGraph m_graph; // asks for its pool without being changed
};

/// A LibTorch that has them itself keeps its own.
[[maybe_unused]] const bool registered = [] {
    if (!at::has_graph_impl(at::kCUDA))
        at::GraphImplRegistry()->Register(c10::DeviceTypeName(at::kCUDA, false), [](const at::GraphImplArgs &args) -> std::unique_ptr<at::GraphImplInterface> {
            return std::make_unique<CudaGraph>(args);
        });
    return true;
}();

} // namespace
