#include "engine/train/internal/graphed_pass.h"

#include <ATen/core/GraphImplInterface.h>
#include <ATen/core/Tensor.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <exception>
#include <utility>

namespace whisker::internal {

namespace {

StepInputs copyOf(const StepInputs &inputs)
{
    std::vector<at::Tensor> tensors;
    for (const at::Tensor &tensor : inputs.all())
        tensors.push_back(tensor.clone());
    return StepInputs::from(tensors, inputs.partners.defined());
}

/// A graph whose recording broke off. LibTorch's allocator may still ask it which memory belongs to it, so it is kept until the program ends.
void keepForGood(std::unique_ptr<at::GraphImplInterface> graph)
{
    static auto &kept = *new std::vector<std::unique_ptr<at::GraphImplInterface>>(); // never destroyed: CUDA may be gone by then
    kept.push_back(std::move(graph));
}

} // namespace

GraphedPass::GraphedPass(at::Device device, std::vector<at::Tensor> parameters, Pass pass)
    : m_device(device), m_parameters(std::move(parameters)), m_pass(std::move(pass)), m_possible(at::has_graph_impl(device.type()))
{
}

GraphedPass::~GraphedPass() = default;

std::optional<PassResult> GraphedPass::play(const StepInputs &inputs)
{
    if (!m_possible)
        return std::nullopt;
    if (inputs.shapes() != m_shapes) {
        if (m_recorded)
            return std::nullopt;
        m_shapes = inputs.shapes();
        m_ordinary = 0;
    }
    if (m_ordinary < kOrdinaryPasses) {
        ++m_ordinary;
        return std::nullopt;
    }
    if (!m_recorded)
        record(inputs);
    if (!m_recorded)
        return std::nullopt;
    const std::vector<at::Tensor> here = m_recorded->inputs.all(), given = inputs.all();
    for (std::size_t i = 0; i < here.size(); ++i)
        here[i].copy_(given[i], true);
    m_recorded->graph->replay();
    for (std::size_t i = 0; i < m_parameters.size(); ++i)
        m_parameters[i].mutable_grad() = m_recorded->gradients[i];
    return m_recorded->result;
}

/// Nothing is computed by it. What goes wrong, want of memory too, is no fault of the run's: it goes on with ordinary passes.
void GraphedPass::record(const StepInputs &inputs)
{
    giveBackMemory(); // what ordinary passes took: a graph has memory of its own
    Recorded recorded{at::create_graph_impl(m_device.type()), copyOf(inputs), {}, {}};
    std::string problem;
    try {
        recorded.graph->capture_begin();
        recorded.result = m_pass(recorded.inputs);
    } catch (const std::exception &exception) {
        problem = exception.what();
    }
    try {
        recorded.graph->capture_end(); // also where it broke off: the stream would go on recording
    } catch (const std::exception &exception) {
        problem = problem.empty() ? exception.what() : problem;
    }
    for (at::Tensor &parameter : m_parameters)
        recorded.gradients.push_back(std::exchange(parameter.mutable_grad(), at::Tensor()));
    if (problem.empty()) {
        m_recorded = std::move(recorded);
        return;
    }
    keepForGood(std::move(recorded.graph));
    m_possible = false;
    m_note = "The GPU's steps could not be recorded, so that each of their parts is begun anew, which may be slower: " + problem.substr(0, problem.find('\n'));
}

void GraphedPass::giveUp()
{
    m_recorded.reset();
    m_possible = false;
    giveBackMemory();
}

void GraphedPass::giveBackMemory()
{
    if (!m_device.is_cpu())
        at::getDeviceAllocator(m_device.type())->emptyCache();
}

std::string GraphedPass::takeNote()
{
    return std::exchange(m_note, {});
}

} // namespace whisker::internal
