#include "engine/nn/inference_plan.h"

#include "engine/nn/internal/cuda_library.h"
#include "engine/nn/internal/failure.h"
#include "engine/nn/internal/normalise.h"
#include "engine/nn/internal/out_of_memory.h"
#include "engine/nn/internal/plan_compiler.h"

#include <ATen/Parallel.h>
#include <ATen/ops/add.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <list>

namespace whisker {

namespace {

using internal::Activation;
using internal::PlanStep;

constexpr int kChunk = 8;       // pictures at once; larger batches fall out of the cache
constexpr std::size_t kPackings = 3; // a full chunk, a rest, a single picture
constexpr int kSmallestPx = 32; // five halvings leave one pixel

void activate(at::Tensor &x, Activation activation)
{
    if (activation == Activation::Relu)
        x.relu_();
    else if (activation == Activation::Relu6)
        x.clamp_(0, 6);
}

} // namespace

struct InferencePlan::Data {
    ArchitectureGraph graph;
    internal::PlanSteps plan;
    internal::Normalisation normalisation;
    Precision precision;

    struct PackedWeight {
        at::Tensor weight;
        int paddingPx = 0; ///< On all sides.
    };
    /// The weights of all steps in the layouts that oneDNN prefers for one batch and size; undefined until a step first runs.
    struct Packing {
        int batch, sizePx;
        std::vector<PackedWeight> weights; ///< In the order of the steps.
    };
    /// Most recently used first. Changed by run() alone, which one thread at a time may call.
    mutable std::list<Packing> packings;

    struct Values {
        at::Tensor features, logits;
    };
    /// What runs through the steps of one chunk.
    struct Pass {
        std::vector<at::Tensor> values; ///< In the order of the nodes.
        at::Tensor picture;
        Packing &packing;
    };

    at::ScalarType type() const { return precision == Precision::BFloat16 ? at::kBFloat16 : at::kFloat; }
    const GraphNode &node(const PlanStep &step) const { return graph.nodes[static_cast<std::size_t>(step.node)]; }

    Result<PlanResult> runAll(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, bool wantFeatures, bool wantLogits) const;
    Values runChunk(std::span<const std::uint8_t> pixels, int batch, int sizePx, bool withLogits) const;
    Packing &packingFor(int batch, int sizePx) const;
    SidePadding picturePadding(int sizePx) const;
    PackedWeight pack(const PlanStep &step, const at::Tensor &x) const;
    void convolve(std::size_t index, const at::Tensor &x, Pass &pass) const;
    void runStep(std::size_t index, const at::Tensor &x, Pass &pass) const;
};

InferencePlan::Data::Packing &InferencePlan::Data::packingFor(int batch, int sizePx) const
{
    const auto found = std::ranges::find_if(packings, [&](const Packing &each) { return each.batch == batch && each.sizePx == sizePx; });
    if (found != packings.end()) {
        packings.splice(packings.begin(), packings, found);
    } else {
        packings.push_front({batch, sizePx, std::vector<PackedWeight>(plan.steps.size())});
        if (packings.size() > kPackings)
            packings.pop_back();
    }
    return packings.front();
}

/// What the first convolution wants around the picture and can't add by itself; normalising adds it without a copy.
SidePadding InferencePlan::Data::picturePadding(int sizePx) const
{
    const PlanStep &first = plan.steps.front();
    if (first.kind != PlanStep::Kind::Convolution || node(first).padding != PaddingRule::TensorFlowSame)
        return {};
    return samePadding(sizePx, node(first).kernelPx, node(first).stride);
}

InferencePlan::Data::PackedWeight InferencePlan::Data::pack(const PlanStep &step, const at::Tensor &x) const
{
    const GraphNode &layer = node(step);
    int paddingPx = layer.paddingPx;
    at::Tensor weight = step.convolution.weight;
    if (layer.padding == PaddingRule::TensorFlowSame && step.input != kPictureInput) {
        const SidePadding sides = samePadding(static_cast<int>(x.size(2)), layer.kernelPx, layer.stride);
        paddingPx = sides.after;
        // oneDNN's operators pad alike on all sides. A row and a column of zeros before the kernel make up for the pixel too many in front, and
        // cost a fraction of what copying the maps into larger ones does.
        if (sides.before != sides.after)
            weight = at::constant_pad_nd(weight, {1, 0, 1, 0});
    }
    return {internal::reorderWeight(weight, paddingPx, layer.stride, layer.groups, x.sizes()), paddingPx};
}

void InferencePlan::Data::convolve(std::size_t index, const at::Tensor &x, Pass &pass) const
{
    const PlanStep &step = plan.steps[index];
    PackedWeight &packed = pass.packing.weights[index];
    if (!packed.weight.defined())
        packed = pack(step, x);
    auto &output = pass.values[static_cast<std::size_t>(step.output)];
    if (step.kind == PlanStep::Kind::ConvolutionInto)
        internal::convolveInto(output, x, packed.weight, step.convolution, packed.paddingPx);
    else
        output = internal::convolve(x, packed.weight, step.convolution, packed.paddingPx);
}

void InferencePlan::Data::runStep(std::size_t index, const at::Tensor &x, Pass &pass) const
{
    const PlanStep &step = plan.steps[index];
    auto &values = pass.values;
    auto &output = values[static_cast<std::size_t>(step.output)];
    switch (step.kind) {
    case PlanStep::Kind::Convolution:
    case PlanStep::Kind::ConvolutionInto:
        convolve(index, x, pass);
        break;
    case PlanStep::Kind::Add:
        output = at::add(x, values[static_cast<std::size_t>(step.second)]);
        activate(output, step.activation);
        break;
    case PlanStep::Kind::Activation:
        output = x.clone();
        activate(output, step.activation);
        break;
    case PlanStep::Kind::MaxPool:
        output = at::max_pool2d(x, node(step).kernelPx, node(step).stride, node(step).paddingPx);
        break;
    case PlanStep::Kind::GlobalAveragePool:
        output = at::mean(x, {2, 3}, false, at::kFloat);
        break;
    case PlanStep::Kind::Linear:
        output = at::linear(x, step.convolution.weight, step.convolution.bias);
        break;
    }
}

InferencePlan::Data::Values InferencePlan::Data::runChunk(std::span<const std::uint8_t> pixels, int batch, int sizePx,
                                                          bool withLogits) const
{
    const SidePadding sides = picturePadding(sizePx);
    Pass pass{std::vector<at::Tensor>(graph.nodes.size()),
              internal::normalise(pixels, batch, sizePx, normalisation, type(), sides.before, sides.after), packingFor(batch, sizePx)};
    const auto value = [&](int index) -> at::Tensor & { return pass.values[static_cast<std::size_t>(index)]; };
    const std::size_t count = withLogits ? plan.steps.size() : plan.featureStep + 1;
    for (std::size_t i = 0; i < count; ++i) {
        const PlanStep &step = plan.steps[i];
        runStep(i, step.input == kPictureInput ? pass.picture : value(step.input), pass);
        for (const int used : step.lastUses)
            value(used) = at::Tensor(); // its memory serves the next steps while it is still in the cache
    }
    return {value(plan.features), value(plan.logits)};
}

InferencePlan::InferencePlan(std::unique_ptr<const Data> data) : m_data(std::move(data)) {}
InferencePlan::InferencePlan(InferencePlan &&) noexcept = default;
InferencePlan &InferencePlan::operator=(InferencePlan &&) noexcept = default;
InferencePlan::~InferencePlan() = default;

Result<InferencePlan> InferencePlan::compile(const ArchitectureGraph &graph, const Weights &weights, const PlanOptions &options)
{
    if (!std::ranges::all_of(options.standardDeviation, [](float value) { return value > 0.0F; }))
        return fail(ErrorCode::InvalidArgument, "The network can't be run: a standard deviation of its preprocessing is not above 0.");
    internal::openCudaInTime();
    try {
        const c10::InferenceMode inference;
        const Precision precision = choosePrecision(options.precision, Device{});
        auto data = std::make_unique<Data>(Data{graph, {}, {options.mean, options.standardDeviation}, precision, {}});
        auto steps = internal::compileSteps(graph, weights, data->type());
        if (!steps)
            return std::unexpected(steps.error());
        data->plan = std::move(*steps);
        return InferencePlan(std::move(data));
    } catch (const std::exception &problem) {
        if (internal::isOutOfMemory(problem))
            return fail(ErrorCode::Internal, "There was not enough memory to make the network ready: close other programs, or choose a smaller network.");
        return fail(ErrorCode::Internal, fmt::format("The network can't be made ready: {}", internal::reasonOf(problem)));
    }
}

namespace {

void append(std::vector<float> &to, const at::Tensor &values)
{
    const at::Tensor dense = values.contiguous();
    to.insert(to.end(), dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel());
}

} // namespace

Result<PlanResult> InferencePlan::Data::runAll(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, bool wantFeatures,
                                               bool wantLogits) const
{
    const std::size_t pictureBytes = 3 * static_cast<std::size_t>(sizePx) * static_cast<std::size_t>(sizePx);
    if (batch < 1 || sizePx < kSmallestPx || nhwcRgb.size() != pictureBytes * static_cast<std::size_t>(batch))
        return fail(ErrorCode::InvalidArgument, fmt::format("The network can't be run on {} pictures of {} px: it takes at least one of "
                                                            "at least {} px, and all their bytes.", batch, sizePx, kSmallestPx));
    try {
        const c10::InferenceMode inference;
        PlanResult result;
        for (int first = 0; first < batch; first += kChunk) {
            const int count = std::min(kChunk, batch - first);
            const auto pixels = nhwcRgb.subspan(static_cast<std::size_t>(first) * pictureBytes, static_cast<std::size_t>(count) * pictureBytes);
            const Values values = runChunk(pixels, count, sizePx, wantLogits);
            if (wantFeatures)
                append(result.features, values.features);
            if (wantLogits)
                append(result.logits, values.logits);
        }
        return result;
    } catch (const std::exception &problem) {
        if (internal::isOutOfMemory(problem))
            return fail(ErrorCode::Internal, fmt::format("There was not enough memory to compute {} pictures of {} px at once: close other programs, or choose "
                                                         "smaller pictures or a smaller network.", batch, sizePx));
        return fail(ErrorCode::Internal, fmt::format("The network failed on {} pictures of {} px: {}", batch, sizePx, internal::reasonOf(problem)));
    }
}

Result<std::vector<float>> InferencePlan::run(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, PlanOutput output) const
{
    const bool features = output == PlanOutput::Features;
    auto result = m_data->runAll(nhwcRgb, batch, sizePx, features, !features);
    if (!result)
        return std::unexpected(result.error());
    return std::move(features ? result->features : result->logits);
}

Result<PlanResult> InferencePlan::runBoth(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx) const
{
    return m_data->runAll(nhwcRgb, batch, sizePx, true, true);
}

InferencePlan InferencePlan::clone() const
{
    auto data = std::make_unique<Data>(*m_data);
    data->packings.clear(); // each thread packs for itself
    return InferencePlan(std::move(data));
}

int InferencePlan::featureCount() const
{
    return m_data->graph.featureCount();
}

int InferencePlan::classCount() const
{
    return m_data->graph.classCount;
}

Precision InferencePlan::precision() const
{
    return m_data->precision;
}

} // namespace whisker
