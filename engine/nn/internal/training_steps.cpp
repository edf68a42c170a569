#include "engine/nn/internal/training_steps.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace whisker::internal {

namespace {

class Joiner {
public:
    explicit Joiner(const ArchitectureGraph &graph) : m_graph(graph), m_consumers(consumersOf(graph)), m_taken(graph.nodes.size(), false) {}

    /// From the last node on: of two batch norms that are added up, the later one takes the addition, when the other one's result is there.
    std::vector<TrainingStep> join()
    {
        std::vector<TrainingStep> steps;
        for (int i = static_cast<int>(m_graph.nodes.size()) - 1; i >= 0; --i)
            if (node(i).kind == NodeKind::BatchNorm)
                steps.push_back(normStep(i));
        for (int i = 0; i < static_cast<int>(m_graph.nodes.size()); ++i)
            if (node(i).kind != NodeKind::BatchNorm && !m_taken[static_cast<std::size_t>(i)])
                steps.push_back({i, i, node(i).inputs});
        std::ranges::sort(steps, {}, &TrainingStep::last);
        return steps;
    }

private:
    const GraphNode &node(int index) const { return m_graph.nodes[static_cast<std::size_t>(index)]; }

    /// Goes on to the node that alone uses `index`, if it is of one of these kinds and no other step has taken it.
    bool take(int &index, std::initializer_list<NodeKind> kinds)
    {
        const auto &consumers = m_consumers[static_cast<std::size_t>(index)];
        if (consumers.size() != 1 || index == m_graph.featureNode)
            return false;
        const int next = consumers.front();
        if (m_taken[static_cast<std::size_t>(next)] || std::ranges::find(kinds, node(next).kind) == kinds.end())
            return false;
        m_taken[static_cast<std::size_t>(next)] = true;
        index = next;
        return true;
    }

    TrainingStep normStep(int norm)
    {
        TrainingStep step{norm, norm, node(norm).inputs};
        if (take(step.last, {NodeKind::Add})) {
            const auto &summands = node(step.last).inputs;
            step.inputs.push_back(summands[0] == norm ? summands[1] : summands[0]);
        }
        take(step.last, {NodeKind::Relu, NodeKind::Relu6});
        return step;
    }

    const ArchitectureGraph &m_graph;
    std::vector<std::vector<int>> m_consumers;
    std::vector<bool> m_taken;
};

} // namespace

std::vector<TrainingStep> trainingSteps(const ArchitectureGraph &graph)
{
    return Joiner(graph).join();
}

} // namespace whisker::internal
