#pragma once

#include "engine/nn/architecture_graph.h"

#include <vector>

namespace whisker::internal {

/// One operation of a network that learns: a node, or a batch norm with the addition and the activation that alone use it.
struct TrainingStep {
    int first = 0;           ///< The node that it begins with; of others than batch norms the last one, too.
    int last = 0;            ///< The node whose result it makes.
    std::vector<int> inputs; ///< Nodes, or kPictureInput; of a batch norm its own and then the summand, if there is one.
};

/// In an order in which they can be run.
std::vector<TrainingStep> trainingSteps(const ArchitectureGraph &graph);

} // namespace whisker::internal
