#pragma once

#include "engine/train/internal/batch_loader.h"
#include "engine/train/internal/checkpoint_saver.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/pin_watcher.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/split_scorer.h"
#include "engine/train/internal/starting_network.h"
#include "engine/train/internal/time_forecast.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace whisker::internal {

/// The loop that all ways of training a whole network share: steps, epochs, validation, checkpoints, and the weights that did best on validation. What is
/// learnt is a function of the snapshot, the config and the starting network alone; a run that was stopped and resumed ends with the same weights bit
/// for bit. On the thread of train().
class TrainingRun {
public:
    /// Keeps the reference.
    TrainingRun(RunContext &context, StartingNetwork start);

    /// Blocks until the epochs are done, the run is stopped, or the loss is no number any more. Errors: a checkpoint that can't be gone on from; a class
    /// that has lost all its pictures; BadFormat (starting weights of another network).
    Result<RecipeResult> run();

private:
    enum class Going { On, Stopped, Diverged };

    Result<void> begin();
    Result<void> restore();
    Result<void> measureStart();
    Result<void> holdRoom();
    void probeMemory();
    void tryMemory();
    void fitIntoMemory();
    void takeMicroBatch(int pictures);
    Result<Going> trainEpochs();
    PreparedBatch prepareStep(BatchLoader &loader, std::int64_t number);
    Going trainOneStep(BatchLoader &loader);
    Result<Going> endEpoch();
    bool outOfPatience() const;
    void keepIfBest(Weights weights, const std::optional<SplitScore> &score);
    void tellStep(const StepResult &step, double rate);
    std::optional<LoaderWait> loaderWait() const;
    void mark(std::string text); ///< At the step where the run stands.
    void leaveOut(const TrainingBatch &batch);
    Result<RecipeResult> finish(Going going);
    const char *rivalName() const;
    std::string divergedText() const;
    std::string comparedText() const;
    std::string keptText() const;
    std::string outOfMemoryText() const;
    bool nothingToGain() const;

    std::unexpected<Error> outOfMemory();
    std::unexpected<Error> classLost(Error error);
    void saveInBackground();
    void copyAndSave();
    void saveWhenDue();
    bool isSaved();
    std::filesystem::path pixelFolder() const;
    ModelFile modelOf(const Weights &weights) const;
    std::int64_t steps() const { return static_cast<std::int64_t>(m_config.epochs) * m_stepsPerEpoch; }
    double batchesOf(std::size_t images) const;
    double epochsDone() const { return static_cast<double>(m_progress.step) / m_stepsPerEpoch; }

    RunContext &m_context;
    const TrainConfig &m_config;
    const StartingNetwork m_start;
    const std::size_t m_trainImages;
    const int m_stepsPerEpoch;
    std::vector<bool> m_usable; ///< Of each entry: it could be read so far.
    NetworkTrainer m_trainer;
    std::optional<PreparedBatch> m_ahead; ///< The next step's, where it is prepared before this one's is computed.
    SplitScorer m_scorer;
    MemoryFit m_fit; ///< Nothing known: 0 pictures.
    PinWatcher m_pins;
    RunProgress m_progress;
    Weights m_best;
    bool m_bestSaved = true;
    std::optional<std::pair<std::int64_t, int>> m_savedAt; ///< Step and validated epochs of the last checkpoint.
    SpeedMeter m_speed;
    RunForecast m_forecast;
    RunEffort m_effortBefore; ///< When the loader was made.
    CheckpointPace m_pace;
    CheckpointSaver m_saver;
};

/// Is `score` better than what `progress` has as the best? Accuracy first, then loss, which isn't enough against a model to beat; without validation
/// pictures the last epoch counts as the best.
bool betterThanBest(const std::optional<SplitScore> &score, const RunProgress &progress);

} // namespace whisker::internal
