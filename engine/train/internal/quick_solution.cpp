#include "engine/train/internal/quick_solution.h"

#include "engine/base/locations.h"
#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/start_model.h"

#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::size_t kSolveOnOneThread = 4096; // pictures below which threads would wait for each other longer than they compute

struct Backbone {
    Weights weights;
    ContentHash hash; ///< As openFeatureCache() takes it.
};

Result<Backbone> pretrainedBackbone(const std::filesystem::path &file)
{
    auto contents = readSafetensors(file);
    if (!contents && contents.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("The pretrained weights {} are missing: run packaging/setup.sh, which fetches them.", pathText(file)), file);
    if (!contents)
        return std::unexpected(contents.error());
    const auto hash = hashFile(file);
    if (!hash)
        return std::unexpected(hash.error());
    return Backbone{std::move(contents->weights), *hash};
}

Result<Backbone> backboneOf(const RunContext &context, const ArchitectureInfo &architecture, const ArchitectureGraph &graph)
{
    if (context.start && !context.start->pretrained)
        return Backbone{context.start->model.weights, backboneHash(context.start->model.weights, graph)};
    return pretrainedBackbone(resourceFolder() / "weights" / architecture.pretrainedFile);
}

LinearHead emptyHead(const ArchitectureGraph &graph)
{
    return {graph.classCount, std::vector<float>(static_cast<std::size_t>(graph.classCount) * static_cast<std::size_t>(graph.featureCount())),
            std::vector<float>(static_cast<std::size_t>(graph.classCount))};
}

} // namespace

Weights withHead(const ArchitectureGraph &graph, const Weights &backbone, const LinearHead &head)
{
    Weights weights;
    const std::string &classifier = graph.nodes[static_cast<std::size_t>(graph.classifierNode)].name;
    for (const WeightSpec &spec : weightSpecs(graph)) {
        if (spec.node == graph.classifierNode)
            continue;
        if (const WeightTensor *tensor = backbone.find(spec.name))
            weights.set(spec.name, *tensor);
    }
    const std::int64_t classes = head.classCount;
    weights.set(classifier + ".weight", WeightTensor::fromFloats({classes, graph.featureCount()}, head.weight));
    weights.set(classifier + ".bias", WeightTensor::fromFloats({classes}, head.bias));
    return weights;
}

Result<std::unique_ptr<KnownNetwork>> lookAtPictures(RunContext &context, std::span<const Split> splits)
{
    context.recorder.stage(TrainStage::Preparing, "Looking at the pictures");
    const auto architecture = findArchitecture(context.config.architecture);
    auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    auto preprocessing = preprocessingFor(context.config);
    if (!architecture || !graph || !preprocessing)
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no architecture {}.", context.config.architecture));
    const auto backbone = backboneOf(context, *architecture, *graph);
    if (!backbone)
        return std::unexpected(backbone.error());
    auto network = std::make_unique<KnownNetwork>(*std::move(graph), *std::move(preprocessing));
    // the plan checks the classifier too, and the file's has other classes
    network->weights = withHead(network->graph, backbone->weights, emptyHead(network->graph));
    network->features = std::make_unique<FeatureSource>(context, network->graph, network->weights, network->preprocessing);
    if (const auto collected = network->features->collect(backbone->hash, splits); !collected)
        return std::unexpected(collected.error());
    if (context.stop.stop_requested())
        return network;
    if (const auto checked = checkEveryClassHasTraining(context.snapshot, network->features->usable()); !checked)
        return std::unexpected(checked.error());
    return network;
}

SolvedHeads solveHeads(RunContext &context, const FeatureSource &features, int mostIterations)
{
    if (features.pictures() < kSolveOnOneThread)
        setComputeThreads(1);
    const int classes = static_cast<int>(context.snapshot.classes.size());
    LabelledFeatures training = features.ofSplit(Split::Train);
    const LabelledFeatures validation = features.ofSplit(Split::Validation);
    SolvedHeads solved;
    solved.training = fitBestHead(training, validation, classes, mostIterations, context.stop);
    if (validation.rows() == 0) {
        solved.all = solved.training;
    } else {
        solved.validation = scoreHead(solved.training.head, validation);
        training.append(validation);
        solved.all = fitHead(training, nullptr, classes, solved.training.choice, mostIterations, context.stop);
    }
    setComputeThreads(context.config.threads);
    return solved;
}

} // namespace whisker::internal
