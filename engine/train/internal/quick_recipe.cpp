#include "engine/train/internal/pin_watcher.h"
#include "engine/train/internal/quick_solution.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/start_model.h"

#include <algorithm>
#include <array>

namespace whisker::internal {

namespace {

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

RecipeResult stopped(const FeatureSource &features)
{
    RecipeResult result;
    result.outcome = TrainOutcome::Stopped; // what was computed is in the cache: the next run goes on from there
    result.imagesPerSecond = features.imagesPerSecond();
    return result;
}

void test(const LinearHead &head, const FeatureSource &features, const Snapshot &snapshot, RecipeResult &result)
{
    const LabelledFeatures unseen = features.ofSplit(Split::Test);
    if (unseen.rows() == 0)
        return;
    std::vector<std::size_t> entries = snapshot.indicesOf(Split::Test);
    std::erase_if(entries, [usable = features.usable()](std::size_t entry) { return !usable[entry]; });
    const std::vector<HeadAnswer> answers = headAnswers(head, unseen);
    result.test = TestScore{0, answers.size()};
    for (std::size_t row = 0; row < answers.size(); ++row) {
        result.test->correct += answers[row].label == unseen.labels[row] ? 1 : 0;
        result.testAnswers.push_back({entries[row], answers[row].label, answers[row].probability});
    }
}

} // namespace

Result<RecipeResult> trainQuick(RunContext &context)
{
    const auto looked = lookAtPictures(context, std::array{Split::Train, Split::Validation, Split::Test});
    if (!looked)
        return std::unexpected(looked.error());
    const KnownNetwork &network = **looked;
    if (context.stop.stop_requested())
        return stopped(*network.features);
    if (context.start && !context.start->pretrained)
        context.recorder.note("The network of the model that this run continues has learnt before and stays as it is: its classifier alone was solved for anew.");
    PinWatcher pins(context, network.graph, network.preprocessing);
    context.recorder.stage(TrainStage::Training, "Solving for the classifier");
    const SolvedHeads heads = solveHeads(context, *network.features, context.config.epochs);
    for (const HeadIteration &iteration : heads.training.iterations)
        tellIteration(context, iteration, heads.training.iterations.size());
    if (context.stop.stop_requested())
        return stopped(*network.features);
    if (!heads.validation)
        context.recorder.note("There are no pictures to validate with, so it is not known how good the model is on new ones: add pictures.");
    RecipeResult result;
    result.epochs = static_cast<int>(heads.training.iterations.size());
    result.imagesPerSecond = network.features->imagesPerSecond();
    result.images = static_cast<std::size_t>(std::ranges::count(network.features->usable(), true));
    if (heads.validation)
        result.validationAccuracy = heads.validation->accuracy;
    if (!heads.all.finite) {
        result.outcome = TrainOutcome::Diverged;
        result.message = kNoFiniteFeatures;
        return result;
    }
    const Weights solved = withHead(network.graph, network.weights, heads.all.head);
    pins.finish(solved, result.epochs, result.epochs);
    context.recorder.stage(TrainStage::Testing, "Testing on pictures kept unseen");
    test(heads.all.head, *network.features, context.snapshot, result);
    result.model = ModelFile{context.config.architecture, context.snapshot.classes, network.preprocessing};
    result.model->weights = solved;
    return result;
}

} // namespace whisker::internal
