#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/nn/architecture_graph.h"
#include "engine/train/internal/recipe.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace whisker::internal {

/// How weights do on pictures that they did not learn from.
struct SplitScore {
    std::size_t correct = 0;
    std::size_t total = 0;
    double loss = 0.0; ///< Mean cross-entropy, nats.
    std::vector<PictureAnswer> answers{}; ///< For those that could be read, in the order of the snapshot.
    double accuracy() const { return static_cast<double>(correct) / static_cast<double>(total); }
};

/// Has weights answer for a split of the run's pictures, the way a finished model does. Pictures that can't be read are told to the recorder and their
/// entries in `usable` become false; how many are lacking is on the receipt for as long as it is so. Stops where the run is asked to.
class SplitScorer {
public:
    /// Keeps references.
    SplitScorer(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing, std::vector<bool> &usable);

    /// Nothing where the split has no picture that can be read, or on a stop. Errors: of InferencePlan::compile().
    Result<std::optional<SplitScore>> score(const Weights &weights, Split split);

private:
    void tellUnread(std::size_t unread, std::size_t all, Split split);

    RunContext &m_context;
    const ArchitectureGraph &m_graph;
    const Preprocessing &m_preprocessing;
    std::vector<bool> &m_usable;
};

} // namespace whisker::internal
