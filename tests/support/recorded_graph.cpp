#include "tests/support/recorded_graph.h"

#include <ATen/ATen.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/library.h>

#include <functional>
#include <stdexcept>

namespace whisker::test {

namespace {

constexpr c10::DispatchKey kKey = c10::DispatchKey::Fake; // below autograd and autocast, above all that computes; else unused here

RecordedGraph *s_recording = nullptr;
int s_replays = 0;
bool s_breakNext = false;

void intercept(const c10::OperatorHandle &operation, torch::jit::Stack *stack)
{
    const c10::impl::ExcludeDispatchKeyGuard notAgain(kKey);
    const at::AutoDispatchBelowADInplaceOrView below;
    if (s_recording)
        s_recording->record(operation, *stack);
    else
        operation.callBoxed(stack);
}

void eachTensor(const c10::IValue &value, const std::function<void(const at::Tensor &)> &visit)
{
    if (value.isTensor() && value.toTensor().defined())
        visit(value.toTensor());
    else if (value.isTensorList())
        for (const at::Tensor &tensor : value.toTensorVector())
            visit(tensor);
    else if (value.isList())
        for (const c10::IValue &item : value.toListRef())
            eachTensor(item, visit);
}

torch::jit::Stack lastOf(const torch::jit::Stack &stack, std::size_t count)
{
    return {stack.end() - static_cast<std::ptrdiff_t>(count), stack.end()};
}

std::vector<at::Tensor> tensorsOf(const torch::jit::Stack &values)
{
    std::vector<at::Tensor> tensors;
    for (const c10::IValue &value : values)
        eachTensor(value, [&](const at::Tensor &tensor) { tensors.push_back(tensor); });
    return tensors;
}

/// All of a tensor's storage.
at::Tensor bytesOf(const at::Tensor &tensor)
{
    return at::from_blob(tensor.storage().mutable_data(), {static_cast<std::int64_t>(tensor.storage().nbytes())}, at::kByte);
}

TORCH_LIBRARY_IMPL(_, Fake, library)
{
    library.fallback(torch::CppFunction::makeFromBoxedFunction<&intercept>());
}

} // namespace

void RecordedGraph::capture_begin(c10::MempoolId_t, at::GraphCaptureMode)
{
    s_recording = this;
    m_intercepts.emplace(kKey);
}

void RecordedGraph::capture_end()
{
    m_intercepts.reset();
    s_recording = nullptr;
    for (auto &[storage, kept] : m_seen)
        if (kept)
            kept->bytes.copy_(kept->before);
    m_seen.clear();
}

void RecordedGraph::keep(const at::Tensor &tensor)
{
    const void *storage = tensor.storage().unsafeGetStorageImpl();
    if (m_seen.contains(storage))
        return;
    const at::Tensor bytes = bytesOf(tensor);
    m_seen.emplace(storage, Kept{bytes, bytes.clone()});
}

void RecordedGraph::record(const c10::OperatorHandle &operation, torch::jit::Stack &stack)
{
    if (operation.operator_name().name == "aten::_local_scalar_dense")
        throw std::runtime_error("operation not permitted when stream is capturing");
    if (std::exchange(s_breakNext, false))
        throw std::runtime_error("operation failed due to a previous error during capture");
    Call call{operation, lastOf(stack, operation.schema().arguments().size()), {}};
    for (const at::Tensor &tensor : tensorsOf(call.arguments))
        keep(tensor);
    operation.callBoxed(&stack);
    call.results = lastOf(stack, operation.schema().returns().size());
    for (const at::Tensor &tensor : tensorsOf(call.results))
        m_seen.try_emplace(tensor.storage().unsafeGetStorageImpl(), std::nullopt);
    m_calls.push_back(std::move(call));
}

void RecordedGraph::replay()
{
    ++s_replays;
    const at::AutoDispatchBelowADInplaceOrView below;
    for (const Call &call : m_calls) {
        torch::jit::Stack stack = call.arguments;
        call.operation.callBoxed(&stack);
        const std::vector<at::Tensor> made = tensorsOf(stack), kept = tensorsOf(call.results);
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (made[i].const_data_ptr() != kept[i].const_data_ptr())
                at::Tensor(kept[i]).copy_(made[i]);
    }
}

RecordedGraph *RecordedGraph::recording() { return s_recording; }
int RecordedGraph::replays() { return s_replays; }
void RecordedGraph::breakNext() { s_breakNext = true; }

} // namespace whisker::test

namespace at {
using whisker::test::RecordedGraph;
REGISTER_GRAPH_IMPL(CPU, RecordedGraph)
} // namespace at
