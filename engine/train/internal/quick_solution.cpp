#include "engine/train/internal/quick_solution.h"

#include "engine/base/locations.h"
#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"

#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::size_t kSolveOnOneThread = 4096; // pictures below which threads would wait for each other longer than they compute

Result<SafetensorsFile> pretrainedWeights(const std::filesystem::path &file)
{
    auto weights = readSafetensors(file);
    if (!weights && weights.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("The pretrained weights {} are missing: run packaging/setup.sh, which fetches them.", pathText(file)), file);
    return weights;
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

Result<std::unique_ptr<PretrainedNetwork>> lookAtPictures(RunContext &context, std::span<const Split> splits)
{
    context.recorder.stage(TrainStage::Preparing, "Looking at the pictures");
    const auto architecture = findArchitecture(context.config.architecture);
    auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    auto preprocessing = preprocessingFor(context.config);
    if (!architecture || !graph || !preprocessing)
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no architecture {}.", context.config.architecture));
    const std::filesystem::path weightsFile = resourceFolder() / "weights" / architecture->pretrainedFile;
    const auto pretrained = pretrainedWeights(weightsFile);
    if (!pretrained)
        return std::unexpected(pretrained.error());
    auto network = std::make_unique<PretrainedNetwork>(*std::move(graph), *std::move(preprocessing));
    // the plan checks the classifier too, and the file's has other classes
    network->weights = withHead(network->graph, pretrained->weights, emptyHead(network->graph));
    network->features = std::make_unique<FeatureSource>(context, network->graph, network->weights, network->preprocessing);
    if (const auto collected = network->features->collect(weightsFile, splits); !collected)
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
        solved.all = fitHead(training, nullptr, classes, solved.training.l2, mostIterations, context.stop);
    }
    setComputeThreads(context.config.threads);
    return solved;
}

} // namespace whisker::internal
