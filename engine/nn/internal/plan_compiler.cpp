#include "engine/nn/internal/plan_compiler.h"

#include "engine/nn/internal/weight_check.h"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace whisker::internal {

namespace {

at::Tensor tensorOf(const WeightTensor &weight)
{
    at::Tensor tensor = at::empty(weight.shape, at::kFloat);
    std::memcpy(tensor.data_ptr(), weight.data.data(), weight.data.size());
    return tensor;
}

bool isActivation(NodeKind kind)
{
    return kind == NodeKind::Relu || kind == NodeKind::Relu6;
}

class Compiler {
public:
    Compiler(const ArchitectureGraph &graph, const Weights &weights, at::ScalarType type)
        : m_graph(graph), m_type(type), m_consumers(consumersOf(graph)), m_done(graph.nodes.size(), false),
          m_alias(graph.nodes.size())
    {
        std::iota(m_alias.begin(), m_alias.end(), 0);
        for (const WeightSpec &spec : weightSpecs(graph)) {
            const auto found = findWeight(weights, spec);
            if (!found && !m_error)
                m_error = found.error();
            m_weights[spec.name] = found ? *found : nullptr;
        }
    }

    Result<PlanSteps> compile()
    {
        for (std::size_t i = 0; i < m_graph.nodes.size() && !m_error; ++i)
            if (!m_done[i])
                compileNode(static_cast<int>(i));
        if (m_error)
            return std::unexpected(*m_error);
        m_plan.features = value(m_graph.featureNode);
        m_plan.logits = value(static_cast<int>(m_graph.nodes.size()) - 1);
        findLastUses();
        return std::move(m_plan);
    }

private:
    const GraphNode &node(int index) const { return m_graph.nodes[static_cast<std::size_t>(index)]; }
    int value(int index) const { return index == kPictureInput ? index : m_alias[static_cast<std::size_t>(index)]; }
    at::Tensor weight(const GraphNode &of, const char *suffix) const { return tensorOf(*m_weights.at(of.name + suffix)); }

    /// The node that alone uses `index`; -1 where several or none do.
    int onlyConsumer(int index) const
    {
        const auto &consumers = m_consumers[static_cast<std::size_t>(index)];
        return consumers.size() == 1 ? consumers.front() : -1;
    }
    /// As onlyConsumer(), if that is an activation.
    int activationAfter(int index) const
    {
        const int next = onlyConsumer(index);
        return next >= 0 && isActivation(node(next).kind) ? next : -1;
    }
    Activation take(int activationNode)
    {
        m_done[static_cast<std::size_t>(activationNode)] = true;
        return node(activationNode).kind == NodeKind::Relu ? Activation::Relu : Activation::Relu6;
    }

    void compileNode(int index);
    void compileConvolution(int index);
    void fold(int normIndex, at::Tensor &weight, at::Tensor &bias) const;
    /// Fuses the addition `index` into the convolution of `step`, if it is the last summand and the other one is needed nowhere else.
    bool fuseAdd(int index, int last, PlanStep &step);
    void findLastUses();

    const ArchitectureGraph &m_graph;
    at::ScalarType m_type;
    std::vector<std::vector<int>> m_consumers;
    std::vector<bool> m_done;
    std::vector<int> m_alias; // value that holds a node's result
    std::map<std::string, const WeightTensor *> m_weights;
    std::optional<Error> m_error;
    PlanSteps m_plan;
};

/// y = scale * (conv(x) - mean) / sqrt(variance + epsilon) + shift, all of it in the convolution (Ioffe and Szegedy 2015, section 3.1).
void Compiler::fold(int normIndex, at::Tensor &weightTensor, at::Tensor &bias) const
{
    const GraphNode &norm = node(normIndex);
    const at::Tensor scale = weight(norm, ".weight"), shift = weight(norm, ".bias");
    const at::Tensor mean = weight(norm, ".running_mean"), variance = weight(norm, ".running_var");
    float *weights = weightTensor.data_ptr<float>();
    float *biases = bias.data_ptr<float>();
    const std::int64_t perOutput = weightTensor.numel() / bias.numel();
    for (std::int64_t c = 0; c < bias.numel(); ++c) {
        const double factor = scale.data_ptr<float>()[c] / std::sqrt(variance.data_ptr<float>()[c] + norm.epsilon);
        biases[c] = static_cast<float>((biases[c] - mean.data_ptr<float>()[c]) * factor + shift.data_ptr<float>()[c]);
        for (std::int64_t i = c * perOutput; i < (c + 1) * perOutput; ++i)
            weights[i] = static_cast<float>(weights[i] * factor);
    }
}

bool Compiler::fuseAdd(int index, int last, PlanStep &step)
{
    const GraphNode &sum = node(index);
    const int other = sum.inputs[0] == last ? sum.inputs[1] : sum.inputs[0];
    if (other == last || other == kPictureInput || other > last)
        return false;
    const auto &users = m_consumers[static_cast<std::size_t>(other)];
    if (std::ranges::max(users) > index || value(other) == step.input)
        return false;
    for (const int user : users) // whoever else needs it must be through before it is overwritten
        if (user != index && !m_done[static_cast<std::size_t>(user)])
            return false;
    step.kind = PlanStep::Kind::ConvolutionInto;
    step.second = value(other);
    m_done[static_cast<std::size_t>(index)] = true;
    return true;
}

void Compiler::compileConvolution(int index)
{
    const GraphNode &layer = node(index);
    PlanStep step{.kind = PlanStep::Kind::Convolution, .input = value(layer.inputs.front()), .node = index};
    at::Tensor weights = weight(layer, ".weight");
    at::Tensor bias = layer.bias ? weight(layer, ".bias") : at::empty({layer.outputChannels}, at::kFloat).zero_();
    int last = index;
    m_done[static_cast<std::size_t>(index)] = true;
    if (const int norm = onlyConsumer(index); norm >= 0 && node(norm).kind == NodeKind::BatchNorm) {
        fold(norm, weights, bias);
        last = norm;
        m_done[static_cast<std::size_t>(norm)] = true;
    }
    step.convolution = {.weight = weights.to(m_type), .bias = bias.to(m_type), .stride = layer.stride, .groups = layer.groups};
    if (const int sum = onlyConsumer(last); sum >= 0 && node(sum).kind == NodeKind::Add && fuseAdd(sum, last, step))
        last = sum;
    if (const int activation = activationAfter(last); activation >= 0) {
        step.convolution.activation = take(activation);
        last = activation;
    }
    step.output = step.kind == PlanStep::Kind::ConvolutionInto ? step.second : last;
    m_alias[static_cast<std::size_t>(last)] = step.output;
    m_plan.steps.push_back(std::move(step));
}

void Compiler::compileNode(int index)
{
    const GraphNode &current = node(index);
    m_done[static_cast<std::size_t>(index)] = true;
    PlanStep step{.input = value(current.inputs.front()), .output = index, .node = index};
    switch (current.kind) {
    case NodeKind::Convolution:
        compileConvolution(index);
        return;
    case NodeKind::Dropout:
        m_alias[static_cast<std::size_t>(index)] = step.input;
        return;
    case NodeKind::BatchNorm:
        m_error = Error{ErrorCode::InvalidArgument,
                        fmt::format("The network can't be run: its batch norm {} follows no convolution.", current.name)};
        return;
    case NodeKind::Add:
        step.kind = PlanStep::Kind::Add;
        step.second = value(current.inputs[1]);
        if (const int activation = activationAfter(index); activation >= 0) {
            step.activation = take(activation);
            m_alias[static_cast<std::size_t>(activation)] = index;
        }
        break;
    case NodeKind::Relu:
    case NodeKind::Relu6:
        step.kind = PlanStep::Kind::Activation;
        step.activation = take(index);
        break;
    case NodeKind::MaxPool:
        step.kind = PlanStep::Kind::MaxPool;
        break;
    case NodeKind::GlobalAveragePool:
        step.kind = PlanStep::Kind::GlobalAveragePool;
        m_plan.featureStep = index == m_graph.featureNode ? m_plan.steps.size() : m_plan.featureStep;
        break;
    case NodeKind::Linear:
        step.kind = PlanStep::Kind::Linear;
        step.convolution.weight = weight(current, ".weight");
        step.convolution.bias = current.bias ? weight(current, ".bias") : at::Tensor();
        break;
    }
    m_plan.steps.push_back(std::move(step));
}

void Compiler::findLastUses()
{
    std::map<int, std::size_t> lastStep;
    for (std::size_t i = 0; i < m_plan.steps.size(); ++i) {
        const PlanStep &step = m_plan.steps[i];
        lastStep[step.input] = i;
        if (step.kind == PlanStep::Kind::Add || step.kind == PlanStep::Kind::ConvolutionInto)
            lastStep[step.second] = i;
        lastStep[step.output] = std::max(lastStep[step.output], i);
    }
    for (const auto &[used, at] : lastStep)
        if (used != kPictureInput && used != m_plan.features && used != m_plan.logits)
            m_plan.steps[at].lastUses.push_back(used);
}

} // namespace

Result<PlanSteps> compileSteps(const ArchitectureGraph &graph, const Weights &weights, at::ScalarType type)
{
    return Compiler(graph, weights, type).compile();
}

} // namespace whisker::internal
