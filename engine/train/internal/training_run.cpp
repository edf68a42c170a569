#include "engine/train/internal/training_run.h"

#include "engine/base/locations.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/memory_meter.h"
#include "engine/train/internal/schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

/// A step whose weights are none shows in the loss of the next one only: till then they must be kept nowhere.
bool areNumbers(const Weights &weights)
{
    return std::ranges::all_of(weights, [](const auto &named) {
        return named.second.dtype != DType::Float32 || std::ranges::all_of(named.second.floats(), [](float value) { return std::isfinite(value); });
    });
}

} // namespace

TrainingRun::TrainingRun(RunContext &context, StartingNetwork start)
    : m_context(context), m_config(context.config), m_start(std::move(start)),
      m_trainImages(context.snapshot.indicesOf(Split::Train).size()),
      m_stepsPerEpoch(BatchLoader::stepsPerEpoch(m_trainImages, m_config)), m_usable(context.snapshot.entries.size(), true),
      m_trainer(m_start.graph, m_config, m_start.preprocessing, context.device, context.precision,
                classWeightsFor(m_config, context.snapshot)),
      m_scorer(context, m_start.graph, m_start.preprocessing, m_usable, pixelFolder()), m_pins(context, m_start.graph, m_start.preprocessing),
      m_forecast(batchesOf(context.recorder.receipt().validationImages), batchesOf(context.recorder.receipt().testImages)), m_pace(context.checkpointEvery), m_saver(context.recorder)
{
}

double TrainingRun::batchesOf(std::size_t images) const
{
    return static_cast<double>(images) / BatchLoader::batchSize(m_trainImages, m_config);
}

/// Of decoded pictures, in files.
std::filesystem::path TrainingRun::pixelFolder() const
{
    const auto &caches = m_context.output.cacheFolder;
    return (caches.empty() ? userCacheFolder() : caches) / "pixels";
}

ModelFile TrainingRun::modelOf(const Weights &weights) const
{
    ModelFile model{m_config.architecture, m_context.snapshot.classes, m_start.preprocessing};
    model.weights = weights;
    return model;
}

void TrainingRun::saveInBackground()
{
    m_saver.wait();
    const auto begin = std::chrono::steady_clock::now();
    try {
        copyAndSave();
    } catch (const std::exception &exception) {
        if (!isOutOfMemory(exception))
            throw;
        m_context.recorder.warn("There is not enough memory for a checkpoint. Training goes on; should it be interrupted, it can go on from the last one, if any.");
    }
    m_pace.copied(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

void TrainingRun::copyAndSave()
{
    Weights state = m_trainer.state();
    if (!areNumbers(state))
        return;
    m_progress.effort.seconds = m_context.seconds();
    std::optional<ModelFile> best;
    if (!m_bestSaved)
        best = modelOf(m_best);
    m_saver.save(std::move(best), {m_context.recorder.receipt().snapshotDigest, m_config.architecture, m_progress, std::move(state)});
    m_bestSaved = true;
    m_savedAt = std::pair(m_progress.step, m_progress.validatedEpochs);
}

/// Is all that a checkpoint would hold now on the disk? Waits for one that is being written.
bool TrainingRun::isSaved()
{
    return m_bestSaved && m_savedAt == std::pair(m_progress.step, m_progress.validatedEpochs) && m_saver.wait();
}

void TrainingRun::saveWhenDue()
{
    if (m_pace.isDue() && !m_saver.busy())
        saveInBackground();
}

/// What the starting weights know of the validation pictures, on the curve as step 0.
Result<void> TrainingRun::measureStart()
{
    const auto validation = m_scorer.score(*m_start.weights, Split::Validation);
    if (!validation)
        return std::unexpected(validation.error());
    if (!*validation)
        return {};
    m_progress.startAccuracy = m_progress.bestAccuracy = (*validation)->accuracy();
    m_progress.bestLoss = (*validation)->loss;
    m_context.recorder.metric({MetricSeries::ValidationLoss, 0, 0.0, (*validation)->loss});
    m_context.recorder.metric({MetricSeries::ValidationAccuracy, 0, 0.0, (*validation)->accuracy()});
    return {};
}

/// The starting weights, or those of the checkpoint and all that goes with them.
Result<void> TrainingRun::begin()
{
    if (m_start.weights) {
        if (auto started = m_trainer.startFrom(*m_start.weights); !started)
            return started;
    }
    if (!m_start.toBeat)
        return {};
    m_best = *m_start.toBeat;
    m_bestSaved = false;
    m_progress.hasRival = true;
    return measureStart();
}

Result<void> TrainingRun::restore()
{
    const RunRecorder &recorder = m_context.recorder;
    const auto found = readCheckpointOf(recorder.folder(), m_context.recorder.receipt().snapshotDigest, m_config.architecture);
    if (!found)
        return std::unexpected(found.error());
    if (!found->note.empty())
        m_context.recorder.note(found->note);
    m_progress = found->checkpoint.progress;
    if (found->note.empty()) // the newest, not the one before it
        m_savedAt = std::pair(m_progress.step, m_progress.validatedEpochs);
    if (m_progress.effort.seconds > 0.0) // an older Whisker did not count
        m_context.secondsBefore = m_progress.effort.seconds;
    m_trainer.setMicroBatch(m_progress.microBatch);
    if (auto loaded = m_trainer.load(found->checkpoint.weights, m_progress.step); !loaded)
        return loaded;
    if (m_progress.bestEpoch == 0 && !m_progress.hasRival)
        return {}; // what a later part of the run may have left is found anew
    auto best = readModel(recorder.folder() / kBestFile);
    if (!best && best.error().code == ErrorCode::NotFound && m_progress.bestEpoch == 0 && !m_progress.startAccuracy && !m_start.fineTunes) {
        m_progress.hasRival = false; // an older Whisker did not say
        return {};
    }
    if (!best)
        return std::unexpected(best.error());
    m_best = std::move(best->weights);
    return {};
}

void TrainingRun::leaveOut(const TrainingBatch &batch)
{
    for (const auto &[entry, error] : batch.unreadable) {
        if (error.code == ErrorCode::Internal) { // for this time
            m_context.recorder.warn(error.message);
            continue;
        }
        m_usable[entry] = false;
        m_context.recorder.skip(m_context.snapshot.entries[entry].file, error.message);
    }
    for (const std::string &note : batch.notes)
        m_context.recorder.warn(note); // of pictures that can't be kept
}

void TrainingRun::tellStep(const StepResult &step, double rate)
{
    m_context.recorder.metric({MetricSeries::TrainingLoss, m_progress.step, epochsDone(), step.loss});
    m_context.recorder.metric({MetricSeries::LearningRate, m_progress.step, epochsDone(), rate});
    TrainProgress progress;
    progress.stage = TrainStage::Training;
    progress.epoch = m_progress.validatedEpochs + 1;
    progress.epochs = m_config.epochs;
    progress.step = static_cast<int>(m_progress.step - static_cast<std::int64_t>(m_progress.validatedEpochs) * m_stepsPerEpoch);
    progress.stepsPerEpoch = m_stepsPerEpoch;
    progress.bestEpoch = m_progress.bestEpoch;
    progress.imagesPerSecond = m_speed.imagesPerSecond();
    progress.left = m_forecast.left(steps() - m_progress.step, m_config.epochs - m_progress.validatedEpochs);
    progress.loaderWait = loaderWait();
    m_context.recorder.progress(progress);
}

std::optional<LoaderWait> TrainingRun::loaderWait() const
{
    const RunEffort &effort = m_progress.effort;
    if (effort.loaderSteps == 0)
        return std::nullopt;
    return LoaderWait{effort.loaderSteps, effort.loaderWaits, std::min(1.0, effort.loaderSeconds / effort.stepSeconds)};
}

void TrainingRun::mark(std::string text)
{
    m_context.recorder.mark({m_progress.step, epochsDone(), std::move(text)});
}

PreparedBatch TrainingRun::prepareStep(BatchLoader &loader, std::int64_t number)
{
    TrainingBatch batch = loader.next();
    leaveOut(batch);
    return m_trainer.prepare(std::move(batch), number);
}

TrainingRun::Going TrainingRun::trainOneStep(BatchLoader &loader)
{
    const auto begin = std::chrono::steady_clock::now();
    const PreparedBatch prepared = m_ahead ? *std::exchange(m_ahead, std::nullopt) : prepareStep(loader, m_progress.step);
    if (m_trainer.wantsBatchesAhead() && m_progress.step + 1 < steps())
        m_ahead = prepareStep(loader, m_progress.step + 1);
    const int images = prepared.batch.size();
    const double rate = scheduledRate(m_config, m_context.recorder.receipt().cycles, m_progress.step, m_stepsPerEpoch);
    StepResult step;
    if (images >= 2) { // a batch norm knows no spread of one picture
        const std::optional<StepResult> taken = m_trainer.step(prepared, rate, m_context.stop);
        if (!taken)
            return Going::Stopped; // taken anew when the run goes on
        step = *taken;
        if (std::string note = m_trainer.takeNote(); !note.empty())
            m_context.recorder.note(std::move(note));
        if (m_trainer.microBatch() != m_progress.microBatch)
            takeMicroBatch(m_trainer.microBatch());
        if (!std::isfinite(step.loss))
            return Going::Diverged;
    }
    ++m_progress.step;
    m_progress.epochLoss += step.loss * images;
    m_progress.epochCorrect += step.correct;
    m_progress.epochImages += images;
    RunEffort &effort = m_progress.effort;
    effort.stepSeconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    effort.images += images;
    effort.loaderSteps = m_effortBefore.loaderSteps + loader.batches();
    effort.loaderWaits = m_effortBefore.loaderWaits + loader.waits();
    effort.loaderSeconds = m_effortBefore.loaderSeconds + loader.waitedSeconds();
    m_forecast.stepTook(m_speed.add(static_cast<std::size_t>(images)));
    if (images >= 2)
        tellStep(step, rate);
    return Going::On;
}

bool betterThanBest(const std::optional<SplitScore> &score, const RunProgress &progress)
{
    if (!score || !progress.bestAccuracy)
        return !progress.startAccuracy;
    if (score->accuracy() != *progress.bestAccuracy)
        return score->accuracy() > *progress.bestAccuracy;
    return progress.bestEpoch > 0 && score->loss < progress.bestLoss.value_or(score->loss);
}

void TrainingRun::keepIfBest(Weights weights, const std::optional<SplitScore> &score)
{
    if (!betterThanBest(score, m_progress))
        return;
    m_progress.bestEpoch = m_progress.validatedEpochs;
    m_progress.bestAccuracy = score ? std::optional(score->accuracy()) : std::nullopt;
    m_progress.bestLoss = score ? std::optional(score->loss) : std::nullopt;
    m_best = std::move(weights);
    m_bestSaved = false;
}

/// A function of what a checkpoint keeps, so that a run that was resumed ends where it would have ended.
bool TrainingRun::outOfPatience() const
{
    const std::vector<ScheduleCycle> &cycles = m_context.recorder.receipt().cycles;
    const int lengthened = cycles.empty() ? 0 : static_cast<int>(cycles.back().firstStep / m_stepsPerEpoch);
    const int since = std::max(m_progress.bestEpoch, lengthened);
    return m_config.patience > 0 && m_progress.bestAccuracy && m_progress.validatedEpochs - since >= m_config.patience;
}

Result<TrainingRun::Going> TrainingRun::endEpoch()
{
    Weights weights = m_trainer.weights();
    if (!areNumbers(weights))
        return Going::Diverged;
    const auto validation = m_scorer.score(weights, Split::Validation);
    if (!validation) {
        saveInBackground(); // the run can go on from here, with more memory
        return std::unexpected(validation.error());
    }
    if (m_context.stop.stop_requested())
        return Going::Stopped; // validated when the run goes on
    if (*validation && !std::isfinite((*validation)->loss))
        return Going::Diverged;
    if (const auto checked = checkEveryClassHasTraining(m_context.snapshot, m_usable); !checked)
        return classLost(checked.error());
    const auto point = [&](MetricSeries series, double value) { m_context.recorder.metric({series, m_progress.step, epochsDone(), value}); };
    if (m_progress.epochImages > 0)
        point(MetricSeries::TrainingAccuracy, static_cast<double>(m_progress.epochCorrect) / static_cast<double>(m_progress.epochImages));
    if (*validation) {
        point(MetricSeries::ValidationLoss, (*validation)->loss);
        point(MetricSeries::ValidationAccuracy, (*validation)->accuracy());
    }
    ++m_progress.validatedEpochs;
    keepIfBest(std::move(weights), *validation);
    m_progress.epochLoss = 0.0;
    m_progress.epochCorrect = 0;
    m_progress.epochImages = 0;
    m_pace.epochEnded();
    saveWhenDue();
    return m_context.stop.stop_requested() ? Going::Stopped : Going::On;
}

Result<TrainingRun::Going> TrainingRun::trainEpochs()
{
    m_ahead.reset();
    m_effortBefore = m_progress.effort;
    BatchLoader loader(m_context.snapshot, m_config, m_start.preprocessing, pixelFolder(), m_progress.step);
    m_speed.skip();
    while (m_progress.validatedEpochs < m_config.epochs && !outOfPatience()) {
        const std::int64_t end = static_cast<std::int64_t>(m_progress.validatedEpochs + 1) * m_stepsPerEpoch;
        while (m_progress.step < end) {
            if (m_context.stop.stop_requested())
                return Going::Stopped;
            m_pins.watch(m_trainer, m_progress.step, epochsDone());
            if (const Going going = trainOneStep(loader); going != Going::On)
                return going;
            saveWhenDue();
        }
        auto ended = endEpoch();
        if (!ended || *ended != Going::On)
            return ended;
        m_forecast.epochEndTook(m_speed.skip());
    }
    return Going::On;
}

Result<RecipeResult> TrainingRun::run()
{
    if (m_start.fineTunes)
        m_trainer.keepNormStatistics();
    probeMemory();
    if (const auto begun = m_context.output.resume && !m_start.weights ? restore() : begin(); !begun)
        return std::unexpected(begun.error());
    if (const auto held = holdRoom(); !held)
        return std::unexpected(held.error());
    m_context.began = true;
    if (m_start.toBeat && m_context.stop.stop_requested())
        return RecipeResult{.outcome = TrainOutcome::Stopped}; // what there is to beat isn't known yet: the run begins anew when it is resumed
    if (m_progress.step == 0 && m_progress.microBatch == 0)
        fitIntoMemory();
    if (!m_savedAt)
        saveInBackground(); // from here on the run can be gone on with, and do without the model that it continues
    if (m_progress.hasRival && nothingToGain())
        return finish(Going::On);
    if (m_context.recorder.receipt().validationImages == 0)
        m_context.recorder.note("There are no pictures to validate with, so the weights of the last epoch are kept: add pictures.");
    m_trainer.setBeforePictures(m_context.beforePictures);
    m_context.recorder.stage(TrainStage::Training, "Training all layers");
    if (const int more = m_context.output.moreEpochs; more > 0)
        mark(fmt::format("went on for {} more {}", more, more == 1 ? "epoch" : "epochs"));
    try {
        const auto going = trainEpochs();
        if (going && *going != Going::Diverged)
            m_pins.finish(m_trainer, m_progress.step, epochsDone());
        if (!going) {
            m_saver.wait();
            return std::unexpected(going.error());
        }
        return finish(*going);
    } catch (const OutOfMemory &) {
        return outOfMemory();
    }
}

} // namespace whisker::internal
