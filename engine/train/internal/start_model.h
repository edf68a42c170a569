#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"
#include "engine/nn/architecture_graph.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/model_file.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace whisker::internal {

/// The model that a run continues.
struct StartModel {
    std::filesystem::path file{}; ///< Absolute.
    ModelFile model{};
    ContentHash digest{};         ///< Of the file.
    bool pretrained = false;      ///< Below its classifier it is the pretrained network bit for bit.
};

/// Reads and checks it. `classes`: of today's data. Errors: those of readModel(); InvalidArgument (it knows none of the classes).
Result<StartModel> readStartModel(const std::filesystem::path &file, const std::vector<std::string> &classes);

/// `wish` with architecture, size and fit taken from the model where they are left open. Errors: InvalidArgument (of another architecture).
Result<TrainConfig> configOn(const StartModel &start, const TrainConfig &wish);

/// What today's pictures must not be used for; nothing, where all that is gone on with is the pretrained network.
Lineage lineageOf(const StartModel &start, TrainMode mode);

/// What its network is called among cached features: for weights that lie in no file of their own.
ContentHash backboneHash(const Weights &weights, const ArchitectureGraph &graph);

/// Its weights for `classes`, in their order: rows of the classifier go with the name of their class; a class it does not know gets fresh ones, a function of
/// `seed` and the class's place. `graph`: of the architecture, for that many classes.
Weights weightsFor(const StartModel &start, const ArchitectureGraph &graph, const std::vector<std::string> &classes, std::uint64_t seed);

/// Whether validation can tell what comes of training from the model: not where it lacks a class of which there are no validation pictures.
bool canBeCompared(const StartModel &start, const Snapshot &snapshot);

} // namespace whisker::internal
