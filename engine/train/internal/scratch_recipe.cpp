#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/batch_loader.h"
#include "engine/train/internal/checkpoint.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/picture_pipeline.h"
#include "engine/train/internal/recipe.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <future>

namespace whisker::internal {

namespace {

/// How weights do on pictures that they did not learn from.
struct SplitScore {
    std::size_t correct = 0;
    std::size_t total = 0;
    double loss = 0.0; ///< Mean cross-entropy, nats.
    double accuracy() const { return static_cast<double>(correct) / static_cast<double>(total); }
};

double crossEntropy(const std::vector<float> &logits, std::size_t label)
{
    const double greatest = *std::ranges::max_element(logits);
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - greatest);
    return greatest + std::log(sum) - static_cast<double>(logits[label]);
}

class ScratchRun {
public:
    ScratchRun(RunContext &context, ArchitectureGraph graph, Preprocessing preprocessing)
        : m_context(context), m_config(context.config), m_graph(std::move(graph)), m_preprocessing(std::move(preprocessing)),
          m_trainImages(context.snapshot.indicesOf(Split::Train).size()),
          m_stepsPerEpoch(BatchLoader::stepsPerEpoch(m_trainImages, m_config)), m_usable(context.snapshot.entries.size(), true),
          m_trainer(m_graph, m_config, m_preprocessing, context.device, context.precision)
    {
    }

    Result<RecipeResult> run();

private:
    enum class Going { On, Stopped, Diverged };

    Result<void> restore();
    Result<Going> trainEpochs();
    Going trainOneStep(BatchLoader &loader);
    Result<void> endEpoch();
    void tellStep(const StepResult &step, double rate, const BatchLoader &loader);
    void leaveOut(const TrainingBatch &batch);
    Result<std::optional<SplitScore>> score(const Weights &weights, Split split);
    bool better(const std::optional<SplitScore> &score) const;
    Result<RecipeResult> finish(Going going);

    void saveInBackground();
    void save();
    void waitForSaving();
    ModelFile modelOf(const Weights &weights) const;
    std::filesystem::path place(const char *name) const { return m_context.recorder.folder() / name; }
    std::int64_t steps() const { return static_cast<std::int64_t>(m_config.epochs) * m_stepsPerEpoch; }
    double epochsDone() const { return static_cast<double>(m_progress.step) / m_stepsPerEpoch; }

    RunContext &m_context;
    const TrainConfig &m_config;
    const ArchitectureGraph m_graph;
    const Preprocessing m_preprocessing;
    const std::size_t m_trainImages;
    const int m_stepsPerEpoch;
    std::vector<bool> m_usable; ///< Of each entry: it could be read so far.
    NetworkTrainer m_trainer;
    RunProgress m_progress;
    Weights m_best;
    bool m_bestSaved = true;
    SpeedMeter m_speed;
    std::size_t m_imagesTrained = 0;
    double m_trainingSeconds = 0.0;
    std::future<Result<void>> m_saving; ///< Its destructor waits.
};

ModelFile ScratchRun::modelOf(const Weights &weights) const
{
    ModelFile model{m_config.architecture, m_context.snapshot.classes, m_preprocessing};
    model.weights = weights;
    return model;
}

void ScratchRun::waitForSaving()
{
    if (!m_saving.valid())
        return;
    if (const auto saved = m_saving.get(); !saved)
        m_context.recorder.note(saved.error().message + " Training goes on, but could not be resumed from here.");
}

/// The best weights go first: a checkpoint that speaks of them must find them.
void ScratchRun::saveInBackground()
{
    std::optional<ModelFile> best;
    if (!std::exchange(m_bestSaved, true))
        best = modelOf(m_best);
    Checkpoint checkpoint{m_context.recorder.receipt().snapshotDigest, m_config.architecture, m_progress, m_trainer.weightsAndOptimizer()};
    waitForSaving();
    m_saving = std::async(std::launch::async, [best = std::move(best), checkpoint = std::move(checkpoint), bestFile = place(kBestFile),
                                               checkpointFile = place(kCheckpointFile)]() -> Result<void> {
        if (best) {
            if (auto written = writeModel(bestFile, *best); !written)
                return written;
        }
        return writeCheckpoint(checkpointFile, checkpoint);
    });
}

void ScratchRun::save()
{
    saveInBackground();
    waitForSaving();
}

Result<void> ScratchRun::restore()
{
    auto checkpoint = readCheckpoint(place(kCheckpointFile));
    if (!checkpoint)
        return std::unexpected(checkpoint.error());
    if (checkpoint->snapshotDigest != m_context.recorder.receipt().snapshotDigest)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The checkpoint {} belongs to other pictures or labels: start the run anew.", pathText(place(kCheckpointFile))),
                    place(kCheckpointFile));
    if (checkpoint->architecture != m_config.architecture)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The checkpoint {} is of the architecture {}: start the run anew.", pathText(place(kCheckpointFile)),
                                checkpoint->architecture),
                    place(kCheckpointFile));
    m_progress = checkpoint->progress;
    if (auto loaded = m_trainer.load(checkpoint->weights, m_progress.step); !loaded)
        return loaded;
    if (m_progress.bestEpoch == 0)
        return {};
    auto best = readModel(place(kBestFile));
    if (!best)
        return std::unexpected(best.error());
    m_best = std::move(best->weights);
    return {};
}

void ScratchRun::leaveOut(const TrainingBatch &batch)
{
    for (const auto &[entry, reason] : batch.unreadable) {
        m_usable[entry] = false;
        m_context.recorder.skip(m_context.snapshot.entries[entry].file, reason);
    }
}

void ScratchRun::tellStep(const StepResult &step, double rate, const BatchLoader &loader)
{
    m_context.recorder.metric({MetricSeries::TrainingLoss, m_progress.step, epochsDone(), step.loss});
    m_context.recorder.metric({MetricSeries::LearningRate, m_progress.step, epochsDone(), rate});
    TrainProgress progress;
    progress.stage = TrainStage::Training;
    progress.epoch = m_progress.validatedEpochs + 1;
    progress.epochs = m_config.epochs;
    progress.step = static_cast<int>(m_progress.step - static_cast<std::int64_t>(m_progress.validatedEpochs) * m_stepsPerEpoch);
    progress.stepsPerEpoch = m_stepsPerEpoch;
    progress.imagesPerSecond = m_speed.imagesPerSecond();
    const std::size_t validation = m_context.recorder.receipt().validationImages * static_cast<std::size_t>(m_config.epochs - progress.epoch + 1);
    const std::size_t training = static_cast<std::size_t>(steps() - m_progress.step) * static_cast<std::size_t>(BatchLoader::batchSize(m_trainImages, m_config));
    progress.secondsLeft = m_speed.secondsFor(training + validation / 3); // forward alone costs a third of forward and backward
    progress.loaderWaitShare = m_trainingSeconds > 0.0 ? std::min(1.0, loader.waitedSeconds() / m_trainingSeconds) : 0.0;
    m_context.recorder.progress(progress);
}

ScratchRun::Going ScratchRun::trainOneStep(BatchLoader &loader)
{
    const auto begin = std::chrono::steady_clock::now();
    const TrainingBatch batch = loader.next();
    leaveOut(batch);
    const double rate = oneCycleRate(m_config.learningRate, m_progress.step, steps());
    StepResult step;
    if (batch.size() >= 2) { // a batch norm knows no spread of one picture
        step = m_trainer.step(batch, m_progress.step, rate);
        if (!std::isfinite(step.loss))
            return Going::Diverged;
    }
    ++m_progress.step;
    m_progress.epochLoss += step.loss * batch.size();
    m_progress.epochCorrect += step.correct;
    m_progress.epochImages += batch.size();
    m_trainingSeconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    m_imagesTrained += static_cast<std::size_t>(batch.size());
    m_speed.add(static_cast<std::size_t>(batch.size()));
    if (batch.size() >= 2)
        tellStep(step, rate, loader);
    return Going::On;
}

/// Nothing where the split has no picture that can be read, or on a stop.
Result<std::optional<SplitScore>> ScratchRun::score(const Weights &weights, Split split)
{
    const std::vector<std::size_t> entries = m_context.snapshot.indicesOf(split);
    if (entries.empty())
        return std::nullopt;
    const auto plan = InferencePlan::compile(m_graph, weights, planOptionsFor(m_preprocessing, m_context.precision));
    if (!plan)
        return std::unexpected(plan.error());
    std::vector<std::filesystem::path> files;
    for (const std::size_t entry : entries)
        files.push_back(m_context.snapshot.entries[entry].file);
    SplitScore score;
    const auto take = [&](std::size_t index, Result<PictureOutput> output) {
        const SnapshotEntry &picture = m_context.snapshot.entries[entries[index]];
        if (!output) {
            m_usable[entries[index]] = false;
            m_context.recorder.skip(picture.file, output.error().message);
            return;
        }
        const auto label = static_cast<std::size_t>(picture.label);
        ++score.total;
        score.correct += static_cast<std::size_t>(std::ranges::max_element(output->values) - output->values.begin()) == label ? 1 : 0;
        score.loss += crossEntropy(output->values, label);
    };
    runPictures(*plan, m_preprocessing, files, {PlanOutput::Logits, m_config.threads}, take, m_context.stop);
    if (m_context.stop.stop_requested() || score.total == 0)
        return std::nullopt;
    score.loss /= static_cast<double>(score.total);
    return score;
}

/// Without pictures to validate with the last epoch counts as the best.
bool ScratchRun::better(const std::optional<SplitScore> &score) const
{
    if (!score || !m_progress.bestAccuracy || m_progress.bestEpoch == 0)
        return true;
    if (score->accuracy() != *m_progress.bestAccuracy)
        return score->accuracy() > *m_progress.bestAccuracy;
    return score->loss < m_progress.bestLoss.value_or(score->loss);
}

Result<void> ScratchRun::endEpoch()
{
    Weights weights = m_trainer.weights();
    const auto validation = score(weights, Split::Validation);
    if (!validation)
        return std::unexpected(validation.error());
    if (m_context.stop.stop_requested())
        return {}; // validated when the run goes on
    if (const auto checked = checkEveryClassHasTraining(m_context.snapshot, m_usable); !checked)
        return checked;
    const auto point = [&](MetricSeries series, double value) { m_context.recorder.metric({series, m_progress.step, epochsDone(), value}); };
    if (m_progress.epochImages > 0)
        point(MetricSeries::TrainingAccuracy, static_cast<double>(m_progress.epochCorrect) / static_cast<double>(m_progress.epochImages));
    if (*validation) {
        point(MetricSeries::ValidationLoss, (*validation)->loss);
        point(MetricSeries::ValidationAccuracy, (*validation)->accuracy());
    }
    ++m_progress.validatedEpochs;
    if (better(*validation)) {
        m_progress.bestEpoch = m_progress.validatedEpochs;
        m_progress.bestAccuracy = *validation ? std::optional((*validation)->accuracy()) : std::nullopt;
        m_progress.bestLoss = *validation ? std::optional((*validation)->loss) : std::nullopt;
        m_best = std::move(weights);
        m_bestSaved = false;
    }
    m_progress.epochLoss = 0.0;
    m_progress.epochCorrect = 0;
    m_progress.epochImages = 0;
    using namespace std::chrono_literals;
    if (!m_saving.valid() || m_saving.wait_for(0s) == std::future_status::ready)
        saveInBackground(); // epochs shorter than the disk's work are saved now and then
    return {};
}

Result<ScratchRun::Going> ScratchRun::trainEpochs()
{
    BatchLoader loader(m_context.snapshot, m_config, m_progress.step);
    while (m_progress.validatedEpochs < m_config.epochs) {
        const std::int64_t end = static_cast<std::int64_t>(m_progress.validatedEpochs + 1) * m_stepsPerEpoch;
        while (m_progress.step < end) {
            if (m_context.stop.stop_requested())
                return Going::Stopped;
            if (trainOneStep(loader) == Going::Diverged)
                return Going::Diverged;
        }
        if (const auto ended = endEpoch(); !ended)
            return std::unexpected(ended.error());
        if (m_context.stop.stop_requested())
            return Going::Stopped;
    }
    return Going::On;
}

Result<RecipeResult> ScratchRun::finish(Going going)
{
    RecipeResult result;
    result.outcome = going == Going::On ? TrainOutcome::Completed : going == Going::Stopped ? TrainOutcome::Stopped : TrainOutcome::Diverged;
    if (going == Going::Diverged) {
        waitForSaving();
        const std::string kept = m_progress.bestEpoch > 0 ? fmt::format("the weights of epoch {} were kept", m_progress.bestEpoch)
                                                          : std::string("no epoch was finished, so there is no model");
        result.message = fmt::format("The loss stopped being a number in step {} (epoch {}), and {}: try a lower learning rate, such as {:.2g}.",
                                     m_progress.step + 1, m_progress.validatedEpochs + 1, kept, std::min(1e-3, m_config.learningRate / 10.0));
    } else {
        save();
    }
    result.epochs = m_progress.validatedEpochs;
    result.bestEpoch = m_progress.bestEpoch;
    result.validationAccuracy = m_progress.bestAccuracy;
    result.imagesPerSecond = m_trainingSeconds > 0.0 ? static_cast<double>(m_imagesTrained) / m_trainingSeconds : 0.0;
    if (m_progress.bestEpoch == 0)
        return result;
    if (going == Going::On) {
        m_context.recorder.stage(TrainStage::Testing, "Testing on pictures kept unseen");
        const auto test = score(m_best, Split::Test);
        if (!test)
            return std::unexpected(test.error());
        if (*test)
            result.test = TestScore{(*test)->correct, (*test)->total};
    }
    result.images = static_cast<std::size_t>(std::ranges::count(m_usable, true));
    result.model = modelOf(m_best);
    return result;
}

Result<RecipeResult> ScratchRun::run()
{
    if (m_context.output.resume) {
        if (const auto restored = restore(); !restored)
            return std::unexpected(restored.error());
    }
    if (m_context.recorder.receipt().validationImages == 0)
        m_context.recorder.note("There are no pictures to validate with, so the weights of the last epoch are kept: add pictures.");
    m_context.recorder.stage(TrainStage::Training, "Training all layers");
    const auto going = trainEpochs();
    if (!going) {
        waitForSaving();
        return std::unexpected(going.error());
    }
    return finish(*going);
}

} // namespace

Result<RecipeResult> trainScratch(RunContext &context)
{
    context.recorder.stage(TrainStage::Preparing, "Making the network");
    auto graph = buildArchitecture(context.config.architecture, static_cast<int>(context.snapshot.classes.size()));
    auto preprocessing = preprocessingFor(context.config);
    if (!graph)
        return std::unexpected(graph.error());
    if (!preprocessing)
        return std::unexpected(preprocessing.error());
    return ScratchRun(context, *std::move(graph), *std::move(preprocessing)).run();
}

} // namespace whisker::internal
