#include "engine/nn/inference_plan.h"

#include "engine/nn/internal/failure.h"
#include "engine/nn/internal/normalise.h"
#include "engine/nn/internal/plan_compiler.h"

#include <ATen/Parallel.h>
#include <ATen/ops/add.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <cstring>
#include <fmt/format.h>

namespace whisker {

namespace {

using internal::Activation;
using internal::PlanStep;

constexpr int kChunk = 8;       // pictures at once; larger batches fall out of the cache
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

    at::ScalarType type() const { return precision == Precision::BFloat16 ? at::kBFloat16 : at::kFloat; }
    const GraphNode &node(const PlanStep &step) const { return graph.nodes[static_cast<std::size_t>(step.node)]; }

    struct Values {
        at::Tensor features, logits;
    };
    Result<PlanResult> runAll(std::span<const std::uint8_t> nhwcRgb, int batch, int sizePx, bool wantFeatures, bool wantLogits) const;
    Values runChunk(std::span<const std::uint8_t> pixels, int batch, int sizePx, bool withLogits) const;
    void convolve(const PlanStep &step, const at::Tensor &x, std::vector<at::Tensor> &values) const;
    void runStep(const PlanStep &step, const at::Tensor &x, std::vector<at::Tensor> &values) const;
};

void InferencePlan::Data::convolve(const PlanStep &step, const at::Tensor &x, std::vector<at::Tensor> &values) const
{
    const GraphNode &layer = node(step);
    int padding = layer.paddingPx;
    at::Tensor input = x;
    if (layer.padding == PaddingRule::TensorFlowSame) {
        const SidePadding sides = samePadding(static_cast<int>(x.size(2)), layer.kernelPx, layer.stride);
        padding = sides.before;
        if (sides.before != sides.after) {
            input = at::constant_pad_nd(x, {sides.before, sides.after, sides.before, sides.after});
            padding = 0;
        }
    }
    auto &output = values[static_cast<std::size_t>(step.output)];
    if (step.kind == PlanStep::Kind::ConvolutionInto)
        internal::convolveInto(output, input, step.convolution, padding);
    else
        output = internal::convolve(input, step.convolution, padding);
}

void InferencePlan::Data::runStep(const PlanStep &step, const at::Tensor &x, std::vector<at::Tensor> &values) const
{
    auto &output = values[static_cast<std::size_t>(step.output)];
    switch (step.kind) {
    case PlanStep::Kind::Convolution:
    case PlanStep::Kind::ConvolutionInto:
        convolve(step, x, values);
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
    const at::Tensor picture = internal::normalise(pixels, batch, sizePx, normalisation, type());
    std::vector<at::Tensor> values(graph.nodes.size());
    const std::size_t count = withLogits ? plan.steps.size() : plan.featureStep + 1;
    for (std::size_t i = 0; i < count; ++i) {
        const PlanStep &step = plan.steps[i];
        runStep(step, step.input == kPictureInput ? picture : values[static_cast<std::size_t>(step.input)], values);
        for (const int used : step.lastUses)
            values[static_cast<std::size_t>(used)] = at::Tensor(); // its memory serves the next steps while it is still in the cache
    }
    return {values[static_cast<std::size_t>(plan.features)], values[static_cast<std::size_t>(plan.logits)]};
}

InferencePlan::InferencePlan(std::unique_ptr<const Data> data) : m_data(std::move(data)) {}
InferencePlan::InferencePlan(InferencePlan &&) noexcept = default;
InferencePlan &InferencePlan::operator=(InferencePlan &&) noexcept = default;
InferencePlan::~InferencePlan() = default;

Result<InferencePlan> InferencePlan::compile(const ArchitectureGraph &graph, const Weights &weights, const PlanOptions &options)
{
    if (!std::ranges::all_of(options.standardDeviation, [](float value) { return value > 0.0F; }))
        return fail(ErrorCode::InvalidArgument, "The network can't be run: a standard deviation of its preprocessing is not above 0.");
    try {
        const c10::InferenceMode inference;
        const Precision precision = choosePrecision(options.precision, Device{});
        auto data = std::make_unique<Data>(Data{graph, {}, {options.mean, options.standardDeviation}, precision});
        auto steps = internal::compileSteps(graph, weights, data->type());
        if (!steps)
            return std::unexpected(steps.error());
        for (PlanStep &step : steps->steps)
            if (step.kind == PlanStep::Kind::Convolution || step.kind == PlanStep::Kind::ConvolutionInto)
                step.convolution.weight = internal::reorderWeight(step.convolution.weight, 0, step.convolution.stride,
                                                                  step.convolution.groups, std::nullopt);
        data->plan = std::move(*steps);
        return InferencePlan(std::move(data));
    } catch (const std::exception &problem) {
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
