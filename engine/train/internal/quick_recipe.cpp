#include "engine/base/locations.h"
#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/known_features.h"
#include "engine/train/internal/picture_pipeline.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/softmax_head.h"

#include <fmt/format.h>

namespace whisker::internal {

namespace {

constexpr std::size_t kSolveOnOneThread = 4096; // pictures below which threads would wait for each other longer than they compute
constexpr std::size_t kAppendAtOnce = 64;     // pictures between two writes to the cache: a crash loses no more

/// From the pictures of a snapshot to their features: from the cache, else through the backbone.
class FeatureSource {
public:
    FeatureSource(RunContext &context, const ArchitectureGraph &graph, const Weights &weights, Preprocessing preprocessing)
        : m_context(context), m_graph(graph), m_weights(weights), m_preprocessing(std::move(preprocessing)),
          m_features(context.snapshot.entries.size())
    {
    }

    /// Features of every entry, empty where its picture can't be read. Errors: of the plan; a stop leaves the rest empty.
    Result<void> collect(const std::filesystem::path &weightsFile)
    {
        openCache(weightsFile);
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < m_features.size(); ++i) {
            if (auto known = m_cache ? m_cache->find(m_context.snapshot.entries[i].hash) : std::nullopt)
                m_features[i] = *std::move(known);
            else
                missing.push_back(i);
        }
        return missing.empty() ? Result<void>() : compute(missing);
    }
    const std::vector<std::vector<float>> &features() const { return m_features; }
    double imagesPerSecond() const { return m_imagesPerSecond; }

private:
    void openCache(const std::filesystem::path &weightsFile)
    {
        auto cache = openFeatureCache(m_context.output.cacheFolder, weightsFile, m_preprocessing, m_context.precision, m_graph.featureCount());
        if (cache)
            m_cache.emplace(*std::move(cache));
        else
            m_context.recorder.note(cache.error().message + " Training goes on; the next run will have to compute the features again.");
    }

    Result<void> compute(const std::vector<std::size_t> &missing)
    {
        const auto plan = InferencePlan::compile(m_graph, m_weights, planOptionsFor(m_preprocessing, m_context.precision));
        if (!plan)
            return std::unexpected(plan.error());
        std::vector<std::filesystem::path> files;
        files.reserve(missing.size());
        for (const std::size_t entry : missing)
            files.push_back(m_context.snapshot.entries[entry].file);
        std::size_t done = 0;
        const auto begin = std::chrono::steady_clock::now();
        const auto take = [&](std::size_t index, Result<PictureOutput> output) {
            receive(missing[index], std::move(output));
            report(++done, missing.size());
        };
        runPictures(*plan, m_preprocessing, files, {PlanOutput::Features, m_context.config.threads}, take, m_context.stop);
        appendToCache();
        m_imagesPerSecond = static_cast<double>(done) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return {};
    }

    void receive(std::size_t entry, Result<PictureOutput> output)
    {
        const SnapshotEntry &picture = m_context.snapshot.entries[entry];
        if (!output) {
            m_context.recorder.skip(picture.file, output.error().message);
            return;
        }
        m_features[entry] = std::move(output->values);
        m_new.push_back({picture.hash, m_features[entry]});
        if (m_new.size() >= kAppendAtOnce)
            appendToCache();
    }

    void appendToCache()
    {
        if (!m_cache || m_new.empty())
            return;
        if (const auto appended = m_cache->append(m_new); !appended) {
            m_context.recorder.note(appended.error().message + " Training goes on; the next run will have to compute the features again.");
            m_cache.reset();
        }
        m_new.clear();
    }

    void report(std::size_t done, std::size_t total)
    {
        m_speed.add(1);
        TrainProgress progress;
        progress.stage = TrainStage::Preparing;
        progress.step = static_cast<int>(done);
        progress.stepsPerEpoch = static_cast<int>(total);
        progress.imagesPerSecond = m_speed.imagesPerSecond();
        progress.secondsLeft = m_speed.secondsFor(total - done);
        m_context.recorder.progress(progress);
    }

    RunContext &m_context;
    const ArchitectureGraph &m_graph;
    const Weights &m_weights;
    const Preprocessing m_preprocessing;
    std::vector<std::vector<float>> m_features;
    std::optional<FeatureCache> m_cache;
    std::vector<FeatureCache::Entry> m_new;
    SpeedMeter m_speed;
    double m_imagesPerSecond = 0.0;
};

/// The features of one split, without those that are missing.
LabelledFeatures ofSplit(const Snapshot &snapshot, const std::vector<std::vector<float>> &features, Split split, int featureCount)
{
    LabelledFeatures table;
    table.featureCount = featureCount;
    for (const std::size_t entry : snapshot.indicesOf(split)) {
        if (!features[entry].empty())
            table.append(features[entry], snapshot.entries[entry].label);
    }
    return table;
}

void tellIteration(RunContext &context, const HeadIteration &iteration, std::size_t of)
{
    const auto point = [&](MetricSeries series, double value) {
        context.recorder.metric({series, iteration.iteration, static_cast<double>(iteration.iteration), value});
    };
    point(MetricSeries::TrainingLoss, iteration.training.loss);
    point(MetricSeries::TrainingAccuracy, iteration.training.accuracy);
    if (iteration.validation) {
        point(MetricSeries::ValidationLoss, iteration.validation->loss);
        point(MetricSeries::ValidationAccuracy, iteration.validation->accuracy);
    }
    TrainProgress progress;
    progress.stage = TrainStage::Training;
    progress.epoch = iteration.iteration;
    progress.epochs = static_cast<int>(of);
    progress.step = 1;
    progress.stepsPerEpoch = 1;
    context.recorder.progress(progress);
}

Result<SafetensorsFile> pretrainedWeights(const std::filesystem::path &file)
{
    auto weights = readSafetensors(file);
    if (!weights && weights.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("The pretrained weights {} are missing: run packaging/setup.sh, which fetches them.", pathText(file)), file);
    return weights;
}

/// The backbone with the head in place of its own classifier: a plain network of its architecture.
Weights withHead(const ArchitectureGraph &graph, Weights backbone, const LinearHead &head)
{
    Weights weights;
    const std::string &classifier = graph.nodes[static_cast<std::size_t>(graph.classifierNode)].name;
    for (const WeightSpec &spec : weightSpecs(graph)) {
        if (spec.node == graph.classifierNode)
            continue;
        if (WeightTensor *tensor = backbone.find(spec.name))
            weights.set(spec.name, std::move(*tensor));
    }
    const std::int64_t classes = head.classCount;
    weights.set(classifier + ".weight", WeightTensor::fromFloats({classes, graph.featureCount()}, head.weight));
    weights.set(classifier + ".bias", WeightTensor::fromFloats({classes}, head.bias));
    return weights;
}

struct SolvedHead {
    HeadFit final{};                            ///< Fitted on training and validation pictures.
    std::optional<double> validationAccuracy{}; ///< Of the fit on training pictures alone.
    int iterations = 0;
};

SolvedHead solve(RunContext &context, LabelledFeatures training, const LabelledFeatures &validation)
{
    const int classes = static_cast<int>(context.snapshot.classes.size());
    HeadFit first = fitBestHead(training, validation, classes, context.config.epochs, context.stop);
    for (const HeadIteration &iteration : first.iterations)
        tellIteration(context, iteration, first.iterations.size());
    SolvedHead solved;
    solved.iterations = static_cast<int>(first.iterations.size());
    if (validation.rows() == 0) {
        context.recorder.note("There are no pictures to validate with, so it is not known how good the model is on new ones: add pictures.");
        solved.final = std::move(first);
        return solved;
    }
    solved.validationAccuracy = scoreHead(first.head, validation).accuracy;
    training.append(validation);
    solved.final = fitHead(training, nullptr, classes, first.l2, context.config.epochs, context.stop);
    return solved;
}

RecipeResult stopped(const FeatureSource &source)
{
    RecipeResult result;
    result.outcome = TrainOutcome::Stopped; // what was computed is in the cache: the next run goes on from there
    result.imagesPerSecond = source.imagesPerSecond();
    return result;
}

RecipeResult solveAndTest(RunContext &context, const FeatureSource &source, const ArchitectureGraph &graph, Weights backbone,
                          const Preprocessing &preprocessing)
{
    const Snapshot &snapshot = context.snapshot;
    const auto split = [&](Split which) { return ofSplit(snapshot, source.features(), which, graph.featureCount()); };
    context.recorder.stage(TrainStage::Training, "Solving for the classifier");
    const LabelledFeatures validation = split(Split::Validation);
    if (source.features().size() < kSolveOnOneThread)
        setComputeThreads(1);
    SolvedHead solved = solve(context, split(Split::Train), validation);
    if (context.stop.stop_requested())
        return stopped(source);
    RecipeResult result;
    result.epochs = solved.iterations;
    result.imagesPerSecond = source.imagesPerSecond();
    result.images = static_cast<std::size_t>(std::ranges::count_if(source.features(), [](const auto &row) { return !row.empty(); }));
    result.validationAccuracy = solved.validationAccuracy;
    if (!solved.final.finite) {
        result.outcome = TrainOutcome::Diverged;
        result.message = "The classifier could not be solved for, because the network gives no finite features: check the pretrained weights.";
        return result;
    }
    context.recorder.stage(TrainStage::Testing, "Testing on pictures kept unseen");
    if (const LabelledFeatures unseen = split(Split::Test); unseen.rows() > 0)
        result.test = TestScore{scoreHead(solved.final.head, unseen).correct, unseen.rows()};
    result.model = ModelFile{context.config.architecture, snapshot.classes, preprocessing};
    result.model->weights = withHead(graph, std::move(backbone), solved.final.head);
    return result;
}

} // namespace

Result<RecipeResult> trainQuick(RunContext &context)
{
    context.recorder.stage(TrainStage::Preparing, "Looking at the pictures");
    const auto architecture = findArchitecture(context.config.architecture);
    const auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    const auto preprocessing = preprocessingFor(context.config);
    if (!architecture || !graph || !preprocessing)
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no architecture {}.", context.config.architecture));
    const std::filesystem::path weightsFile = resourceFolder() / "weights" / architecture->pretrainedFile;
    auto pretrained = pretrainedWeights(weightsFile);
    if (!pretrained)
        return std::unexpected(pretrained.error());
    // the plan checks the classifier too, and the file's has other classes
    pretrained->weights = withHead(*graph, std::move(pretrained->weights),
                                   {graph->classCount,
                                    std::vector<float>(static_cast<std::size_t>(graph->classCount * graph->featureCount())),
                                    std::vector<float>(static_cast<std::size_t>(graph->classCount))});
    FeatureSource source(context, *graph, pretrained->weights, *preprocessing);
    if (const auto collected = source.collect(weightsFile); !collected)
        return std::unexpected(collected.error());
    if (context.stop.stop_requested())
        return stopped(source);
    std::vector<bool> usable;
    for (const auto &row : source.features())
        usable.push_back(!row.empty());
    if (const auto checked = checkEveryClassHasTraining(context.snapshot, usable); !checked)
        return std::unexpected(checked.error());
    Weights backbone = pretrained->weights;
    RecipeResult result = solveAndTest(context, source, *graph, std::move(backbone), *preprocessing);
    setComputeThreads(context.config.threads);
    return result;
}

} // namespace whisker::internal
