#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/weights.h"
#include "engine/train/train_config.h"

#include <cstddef>
#include <optional>

namespace whisker::internal {

/// What training begins with.
struct StartingNetwork {
    ArchitectureGraph graph;
    Preprocessing preprocessing;
    std::optional<Weights> weights{}; ///< Nothing: random ones, made from the seed. Where given the run begins at its beginning, also where it is to be resumed.
    /// The model that stays unless an epoch gets more validation pictures right than `weights` do.
    std::optional<Weights> toBeat{};
    bool fineTunes = false;           ///< Batch norms keep their statistics.
};

/// The architecture of `config` (completed) for so many classes, with random weights. Errors: of buildArchitecture().
Result<StartingNetwork> startFromScratch(const TrainConfig &config, std::size_t classCount);

} // namespace whisker::internal
