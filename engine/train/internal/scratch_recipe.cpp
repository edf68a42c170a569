#include "engine/nn/architectures.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/training_run.h"

#include <utility>

namespace whisker::internal {

Result<RecipeResult> trainScratch(RunContext &context)
{
    context.recorder.stage(TrainStage::Preparing, "Making the network");
    auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    auto preprocessing = preprocessingFor(context.config);
    if (!graph)
        return std::unexpected(graph.error());
    if (!preprocessing)
        return std::unexpected(preprocessing.error());
    return TrainingRun(context, {*std::move(graph), *std::move(preprocessing)}).run();
}

} // namespace whisker::internal
