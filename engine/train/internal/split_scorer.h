#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/nn/architecture_graph.h"
#include "engine/train/internal/picture_pipeline.h"
#include "engine/train/internal/prepared_pictures.h"
#include "engine/train/internal/recipe.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
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

/// Has weights answer for a split of the run's pictures, the way a finished model does. Validation pictures are decoded once, as DecodedPictures does, and
/// come from the cache afterwards. Pictures that can't be read are told to the recorder and their entries in `usable` become false; how many are lacking is on the
/// receipt for as long as it is so. Pictures that memory did not suffice for are computed again, a few at a time, and a note says so; where it does not suffice then
/// either to prepare one, it lacks in this score alone. Stops where the run is asked to.
class SplitScorer {
public:
    /// Keeps references. `cacheFolder`: as BatchLoader has it.
    SplitScorer(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing, std::vector<bool> &usable,
                const std::filesystem::path &cacheFolder);

    /// At most so many chunks of pictures at once.
    void setPipelines(int most) { m_pipelines = most; }

    /// Nothing where the split has no picture that can be read, or on a stop. Errors: of InferencePlan::compile(), and of its run() where a few pictures are
    /// too many too.
    Result<std::optional<SplitScore>> score(const Weights &weights, Split split);

private:
    /// What a picture adds to the score.
    struct PictureScore {
        int answer = 0;
        double probability = 0.0;
        double loss = 0.0;
    };
    using Scores = std::vector<Result<PictureScore>>;

    Scores compute(const InferencePlan &plan, std::span<const std::size_t> entries, PreparedPictures &pictures, const PipelineOptions &options) const;
    Result<void> computeAgain(InferencePlan &plan, const std::vector<std::size_t> &entries, PreparedPictures &pictures, Scores &scores, Split split);
    std::optional<SplitScore> tally(const std::vector<std::size_t> &entries, const Scores &scores, Split split);
    void tellUnread(std::size_t unread, std::size_t all, Split split);

    RunContext &m_context;
    const ArchitectureGraph &m_graph;
    const Preprocessing &m_preprocessing;
    std::vector<bool> &m_usable;
    PreparedPictures m_validation;
    PreparedPictures m_test; ///< Without a cache: they are asked for once.
    int m_pipelines = PipelineOptions{}.pipelines;
};

} // namespace whisker::internal
