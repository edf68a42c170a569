#include "engine/nn/architectures.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/start_model.h"
#include "engine/train/internal/starting_network.h"
#include "engine/train/internal/training_run.h"

#include <utility>

namespace whisker::internal {

Result<StartingNetwork> startFromScratch(const TrainConfig &config, std::size_t classCount)
{
    auto graph = buildArchitecture(config.architecture, static_cast<int>(classCount));
    auto preprocessing = preprocessingFor(config);
    if (!graph)
        return std::unexpected(graph.error());
    if (!preprocessing)
        return std::unexpected(preprocessing.error());
    return StartingNetwork{*std::move(graph), *std::move(preprocessing)};
}

Result<RecipeResult> trainScratch(RunContext &context)
{
    context.recorder.stage(TrainStage::Preparing, "Making the network");
    auto start = startFromScratch(context.config, context.snapshot.classes.size());
    if (!start)
        return std::unexpected(start.error());
    if (context.start) {
        start->weights = weightsFor(*context.start, start->graph, context.snapshot.classes, context.config.seed);
        if (canBeCompared(*context.start, context.snapshot))
            start->toBeat = start->weights;
    }
    return TrainingRun(context, *std::move(start)).run();
}

} // namespace whisker::internal
