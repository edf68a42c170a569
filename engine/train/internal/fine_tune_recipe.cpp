#include "engine/nn/architectures.h"
#include "engine/train/internal/quick_solution.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/training_run.h"

#include <array>
#include <utility>

namespace whisker::internal {

namespace {

constexpr int kMostIterations = 100; // of the solver, as quick has by default

Result<RecipeResult> resumed(RunContext &context)
{
    auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    auto preprocessing = preprocessingFor(context.config);
    if (!graph)
        return std::unexpected(graph.error());
    if (!preprocessing)
        return std::unexpected(preprocessing.error());
    return TrainingRun(context, {.graph = *std::move(graph), .preprocessing = *std::move(preprocessing), .fineTunes = true}).run();
}

/// Nothing on a stop. Training goes on from the head that has not seen the validation pictures, or validation could not tell whether it helps.
Result<std::optional<StartingNetwork>> startingNetwork(RunContext &context)
{
    const auto looked = lookAtPictures(context, std::array{Split::Train, Split::Validation});
    if (!looked)
        return std::unexpected(looked.error());
    const KnownNetwork &network = **looked;
    if (context.stop.stop_requested())
        return std::nullopt;
    const SolvedHeads heads = solveHeads(context, *network.features, kMostIterations);
    if (!heads.all.finite)
        return fail(ErrorCode::BadFormat, std::string(kNoFiniteFeatures));
    if (context.stop.stop_requested())
        return std::nullopt;
    return StartingNetwork{.graph = network.graph,
                           .preprocessing = network.preprocessing,
                           .weights = withHead(network.graph, network.weights, heads.training.head),
                           .toBeat = withHead(network.graph, network.weights, heads.all.head),
                           .fineTunes = true};
}

} // namespace

Result<RecipeResult> trainFineTune(RunContext &context)
{
    const auto run = readRunSummary(context.recorder.folder());
    if (context.output.resume && run && run->hasCheckpoint)
        return resumed(context);
    auto start = startingNetwork(context);
    if (!start)
        return std::unexpected(start.error());
    if (!*start)
        return RecipeResult{.outcome = TrainOutcome::Stopped}; // the features are in the cache: the next run goes on from there
    return TrainingRun(context, **std::move(start)).run();
}

} // namespace whisker::internal
