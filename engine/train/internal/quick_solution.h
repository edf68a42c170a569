#pragma once

#include "engine/train/internal/feature_source.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace whisker::internal {

/// A backbone, pretrained or of the model that the run continues, and the features it gives for the pictures of a run.
struct KnownNetwork {
    ArchitectureGraph graph;
    Preprocessing preprocessing;
    Weights weights;                         ///< Of the backbone; the classifier's are 0.
    std::unique_ptr<FeatureSource> features; ///< Refers to the above.
};

inline constexpr std::string_view kNoFiniteFeatures =
    "The classifier could not be solved for, because the network gives no finite features: check its weights.";

/// What quick solves for.
struct SolvedHeads {
    HeadFit training{};                   ///< Fitted on training pictures alone.
    HeadFit all{};                        ///< Fitted on training and validation pictures: what quick's model has.
    std::optional<HeadScore> validation{}; ///< Of the former.
};

/// Takes the weights of the model that the run continues, or reads the pretrained ones, and has the features of `splits` computed; a stop leaves some out. Errors: NotFound (missing weights: says what to run),
/// BadFormat; a class without a picture to learn from.
Result<std::unique_ptr<KnownNetwork>> lookAtPictures(RunContext &context, std::span<const Split> splits);

/// Solves for the classifier on what was seen.
SolvedHeads solveHeads(RunContext &context, const FeatureSource &features, int mostIterations);

/// The backbone with the head in place of its own classifier: a plain network of its architecture.
Weights withHead(const ArchitectureGraph &graph, const Weights &backbone, const LinearHead &head);

} // namespace whisker::internal
