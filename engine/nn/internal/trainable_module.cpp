#include "engine/nn/internal/trainable_module.h"

#include "engine/base/counter_random.h"
#include "engine/base/thread_pool.h"
#include "engine/nn/internal/cuda_library.h"
#include "engine/nn/internal/norm_activation.h"
#include "engine/nn/internal/training_convolution.h"
#include "engine/nn/internal/weight_check.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <cmath>
#include <cstring>
#include <torch/csrc/autograd/generated/variable_factories.h>
#include <torch/utils.h>

namespace whisker::internal {

namespace {

/// One tensor's initial values; `random` belongs to it alone.
void initialise(const at::Tensor &tensor, const WeightSpec &spec, const GraphNode &node, CounterRandom random)
{
    using Role = WeightSpec::Role;
    const std::span values(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
    if (spec.role == Role::ConvolutionWeight) {
        const double fanOut = static_cast<double>(node.outputChannels) / node.groups * node.kernelPx * node.kernelPx;
        const double deviation = std::sqrt(2.0 / fanOut);
        for (float &value : values) { // Box and Muller, 1958; 1 - u keeps the logarithm's argument above 0
            const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
            value = static_cast<float>(deviation * radius * std::cos(2.0 * M_PI * random.uniform()));
        }
    } else if (spec.role == Role::LinearWeight || (spec.role == Role::Bias && node.kind == NodeKind::Linear)) {
        const double bound = 1.0 / std::sqrt(static_cast<double>(node.inputChannels));
        for (float &value : values)
            value = static_cast<float>(random.uniform(-bound, bound));
    } else {
        const bool one = spec.role == Role::NormScale || spec.role == Role::NormVariance;
        std::ranges::fill(values, one ? 1.0F : 0.0F);
    }
}

/// The module called `path` ("layer1.0.conv1") below `root`, made with its parents where it is not there yet.
torch::nn::Module &moduleAt(torch::nn::Module &root, const std::string &path)
{
    torch::nn::Module *current = &root;
    std::size_t start = 0;
    while (start <= path.size()) {
        const std::size_t dot = std::min(path.find('.', start), path.size());
        const std::string part = path.substr(start, dot - start);
        const auto children = current->named_children();
        const auto *child = children.find(part);
        current = child ? child->get() : current->register_module(part, std::make_shared<torch::nn::Module>(part)).get();
        start = dot + 1;
    }
    return *current;
}

/// Kept values grow by 1 / (1 - rate).
at::Tensor dropoutMask(std::int64_t batch, const GraphNode &node, std::uint64_t seed)
{
    at::Generator generator = at::detail::createCPUGenerator(seed);
    return at::empty({batch, node.outputChannels}, at::kFloat).bernoulli_(1.0 - node.dropRate, generator).div_(1.0 - node.dropRate);
}

} // namespace

TrainableModule::TrainableModule(ArchitectureGraph graph, std::uint64_t seed)
    : m_graph(std::move(graph)), m_steps(trainingSteps(m_graph)), m_specs(weightSpecs(m_graph))
{
    openCudaInTime();
    for (const WeightSpec &spec : m_specs)
        m_tensors.push_back(torch::empty(spec.shape));
    parallelFor(m_specs.size(), static_cast<std::size_t>(at::get_num_threads()), [&](std::size_t i) {
        const WeightSpec &spec = m_specs[i];
        initialise(m_tensors[i], spec, m_graph.nodes[static_cast<std::size_t>(spec.node)], CounterRandom(seed, i));
    });
    registerTensors();
    makeChannelsLast();
    refreshNodeTensors();
}

void TrainableModule::registerTensors()
{
    for (std::size_t i = 0; i < m_specs.size(); ++i) {
        const WeightSpec &spec = m_specs[i];
        const std::size_t dot = spec.name.rfind('.');
        torch::nn::Module &owner = moduleAt(*this, spec.name.substr(0, dot));
        const std::string name = spec.name.substr(dot + 1);
        m_tensors[i] = spec.learnt() ? owner.register_parameter(name, m_tensors[i]) : owner.register_buffer(name, m_tensors[i]);
    }
}

void TrainableModule::makeChannelsLast()
{
    for (std::size_t i = 0; i < m_specs.size(); ++i)
        if (m_specs[i].role == WeightSpec::Role::ConvolutionWeight)
            m_tensors[i].set_data(m_tensors[i].variable_data().contiguous(at::MemoryFormat::ChannelsLast));
}

void TrainableModule::refreshNodeTensors()
{
    using Role = WeightSpec::Role;
    m_nodeTensors.assign(m_graph.nodes.size(), {});
    for (std::size_t i = 0; i < m_specs.size(); ++i) {
        NodeTensors &node = m_nodeTensors[static_cast<std::size_t>(m_specs[i].node)];
        switch (m_specs[i].role) {
        case Role::ConvolutionWeight:
        case Role::LinearWeight:
        case Role::NormScale:
            node.weight = m_tensors[i];
            break;
        case Role::Bias:
        case Role::NormBias:
            node.bias = m_tensors[i];
            break;
        case Role::NormMean:
            node.mean = m_tensors[i];
            break;
        case Role::NormVariance:
            node.variance = m_tensors[i];
            break;
        }
    }
}

void TrainableModule::moveTo(const at::Device &device)
{
    for (at::Tensor &tensor : m_tensors)
        tensor.set_data(tensor.variable_data().to(device));
    makeChannelsLast();
}

at::Tensor TrainableModule::normalised(const TrainingStep &step, const std::vector<at::Tensor> &inputs) const
{
    const GraphNode &node = m_graph.nodes[static_cast<std::size_t>(step.first)];
    const NodeTensors &own = m_nodeTensors[static_cast<std::size_t>(step.first)];
    NormActivation settings{node.epsilon, node.momentum, is_training() && !m_keepsNormStatistics, kNoLimits};
    if (const NodeKind last = m_graph.nodes[static_cast<std::size_t>(step.last)].kind; last == NodeKind::Relu)
        settings.limits.low = 0.0F;
    else if (last == NodeKind::Relu6)
        settings.limits = {0.0F, 6.0F};
    return normaliseToLearn(inputs[0], inputs.size() > 1 ? inputs[1] : at::Tensor(), {own.weight, own.bias, own.mean, own.variance}, settings);
}

at::Tensor TrainableModule::run(const TrainingStep &step, const std::vector<at::Tensor> &inputs) const
{
    const GraphNode &node = m_graph.nodes[static_cast<std::size_t>(step.first)];
    const NodeTensors &own = m_nodeTensors[static_cast<std::size_t>(step.first)];
    const at::Tensor &x = inputs[0];
    switch (node.kind) {
    case NodeKind::Convolution:
        return convolveToLearn(x, node, own.weight, own.bias);
    case NodeKind::BatchNorm:
        return normalised(step, inputs);
    case NodeKind::Relu:
        return at::relu(x);
    case NodeKind::Relu6:
        return at::relu6(x);
    case NodeKind::Add:
        return x + inputs[1];
    case NodeKind::GlobalAveragePool:
        return at::mean(x, {2, 3});
    case NodeKind::MaxPool:
        return at::max_pool2d(x, node.kernelPx, node.stride, node.paddingPx);
    case NodeKind::Linear:
        return at::linear(x, own.weight, own.bias);
    case NodeKind::Dropout: // by forward(), which has the masks
        return x;
    }
    return x;
}

std::vector<at::Tensor> TrainableModule::dropoutMasks(std::int64_t batch, std::uint64_t seed) const
{
    std::vector<at::Tensor> masks;
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i)
        if (m_graph.nodes[i].kind == NodeKind::Dropout)
            masks.push_back(dropoutMask(batch, m_graph.nodes[i], seed + i));
    return masks;
}

ModuleOutput TrainableModule::forward(const at::Tensor &x, std::uint64_t dropoutSeed)
{
    return forward(x, is_training() ? dropoutMasks(x.size(0), dropoutSeed) : std::vector<at::Tensor>());
}

ModuleOutput TrainableModule::forward(const at::Tensor &x, const std::vector<at::Tensor> &masks, const std::stop_token &stop)
{
    const auto leaveWhenAsked = [stop] {
        if (stop.stop_requested())
            throw PassLeft();
    };
    auto mask = masks.begin();
    std::vector<std::size_t> lastUse(m_graph.nodes.size(), m_steps.size());
    for (std::size_t i = 0; i < m_steps.size(); ++i)
        for (const int input : m_steps[i].inputs)
            if (input != kPictureInput)
                lastUse[static_cast<std::size_t>(input)] = i;
    std::vector<at::Tensor> values(m_graph.nodes.size());
    ModuleOutput output;
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        leaveWhenAsked();
        std::vector<at::Tensor> inputs;
        for (const int input : m_steps[i].inputs) {
            inputs.push_back(input == kPictureInput ? x : values[static_cast<std::size_t>(input)]);
            if (input != kPictureInput && lastUse[static_cast<std::size_t>(input)] == i)
                values[static_cast<std::size_t>(input)] = at::Tensor(); // without gradients nothing else holds it
        }
        at::Tensor &value = values[static_cast<std::size_t>(m_steps[i].last)];
        value = run(m_steps[i], inputs);
        if (m_graph.nodes[static_cast<std::size_t>(m_steps[i].last)].kind == NodeKind::Dropout && is_training())
            value = value * (*mask++).to(value.options());
        if (stop.stop_possible() && value.requires_grad())
            value.register_hook([leaveWhenAsked](const at::Tensor &) { leaveWhenAsked(); });
        if (m_steps[i].last == m_graph.featureNode)
            output.features = value;
    }
    output.logits = values.back();
    return output;
}

Result<void> TrainableModule::load(const Weights &weights, bool skipClassifier)
{
    const auto wanted = [&](const WeightSpec &spec) { return !skipClassifier || spec.node != m_graph.classifierNode; };
    for (const WeightSpec &spec : m_specs)
        if (auto found = findWeight(weights, spec); wanted(spec) && !found)
            return std::unexpected(found.error());
    for (std::size_t i = 0; i < m_specs.size(); ++i) {
        if (!wanted(m_specs[i]))
            continue;
        const WeightTensor &source = **findWeight(weights, m_specs[i]);
        at::Tensor dense = at::empty(m_specs[i].shape, at::kFloat);
        std::memcpy(dense.data_ptr(), source.data.data(), source.data.size());
        m_tensors[i].variable_data().copy_(dense); // across memory formats and devices
    }
    return {};
}

Weights TrainableModule::weights() const
{
    Weights weights;
    for (std::size_t i = 0; i < m_specs.size(); ++i) {
        const at::Tensor dense = m_tensors[i].variable_data().to(at::kCPU, at::kFloat).contiguous();
        weights.set(m_specs[i].name,
                    WeightTensor::fromFloats(m_specs[i].shape, {dense.data_ptr<float>(), static_cast<std::size_t>(dense.numel())}));
    }
    return weights;
}

std::vector<at::Tensor> TrainableModule::classifierParameters() const
{
    std::vector<at::Tensor> parameters;
    for (std::size_t i = 0; i < m_specs.size(); ++i)
        if (m_specs[i].learnt() && m_specs[i].node == m_graph.classifierNode)
            parameters.push_back(m_tensors[i]);
    return parameters;
}

std::vector<at::Tensor> TrainableModule::backboneParameters() const
{
    std::vector<at::Tensor> parameters;
    for (std::size_t i = 0; i < m_specs.size(); ++i)
        if (m_specs[i].learnt() && m_specs[i].node != m_graph.classifierNode)
            parameters.push_back(m_tensors[i]);
    return parameters;
}

} // namespace whisker::internal
