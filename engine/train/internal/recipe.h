#pragma once

#include "engine/base/held_room.h"
#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/train/internal/run_recorder.h"
#include "engine/train/model_file.h"
#include "engine/train/train.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker::internal {

/// A config made definite, and what it computes with.
struct ReadyRun {
    TrainConfig config; ///< Completed.
    Device device;
    Precision precision = Precision::Float32; ///< Float32 or BFloat16.
};
struct StartModel;

/// `continues`: as completed() takes it. Errors: those of completed(), computingDevice(), choosePrecision() and checkTrainable().
Result<ReadyRun> readyRun(const Snapshot &snapshot, const TrainConfig &wish, bool continues = false);

/// All that a recipe works with; lives as long as train() runs.
struct RunContext {
    const Snapshot &snapshot;
    const TrainConfig &config; ///< Completed.
    const TrainOutput &output;
    Device device;
    Precision precision; ///< Float32 or BFloat16.
    RunRecorder &recorder;
    std::stop_token stop;
    std::chrono::milliseconds checkpointEvery = std::chrono::seconds(30);
    std::optional<std::uint64_t> availableBytes{}; ///< In place of what the machine has.
    std::function<void(int)> beforePictures{};     ///< As NetworkTrainer::setBeforePictures() takes it.
    const StartModel *start = nullptr;             ///< The model that the run continues; null also where it goes on from a checkpoint.
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    double secondsBefore = 0.0;                    ///< That earlier parts of the run took; found with the checkpoint.
    bool began = false;                            ///< Something has been learnt, or the run is as it was.
    std::vector<HeldRoom> modelRoom{};             ///< For each file of the model in the order of writing, so that it finds room in the end, whatever fills the disk meanwhile.

    void giveBackRoom() { modelRoom.erase(modelRoom.begin(), modelRoom.begin() + (modelRoom.empty() ? 0 : 1)); } ///< Of the file that is written next.

    double seconds() const { return secondsBefore + std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); } ///< That it took so far.
};

/// What a model said of a picture.
struct PictureAnswer {
    std::size_t entry = 0;    ///< Of the snapshot.
    int label = 0;            ///< The class that it took it for.
    double probability = 0.0; ///< That it gave for that.
};

/// What a recipe came to.
struct RecipeResult {
    TrainOutcome outcome = TrainOutcome::Completed;
    std::string message{};                      ///< Why it diverged; a sentence.
    std::optional<ModelFile> model{};           ///< Without a receipt; nothing where nothing was learnt yet.
    std::size_t images = 0;
    int epochs = 0;
    int bestEpoch = 0;
    double imagesPerSecond = 0.0;
    std::optional<double> validationAccuracy{};
    std::optional<TestScore> test{};
    std::vector<PictureAnswer> testAnswers{};   ///< As many as `test` counts.
    std::optional<LoaderWait> loaderWait{};
};

/// Frozen backbone, cached features, solved head.
Result<RecipeResult> trainQuick(RunContext &context);
/// Quick's network, or that of the model that the run continues, then all its layers; what was solved for stays where they don't come to know more of the
/// validation pictures.
Result<RecipeResult> trainFineTune(RunContext &context);
/// All layers from random weights, or from those of the model that the run continues; that model stays where they don't come to know more.
Result<RecipeResult> trainScratch(RunContext &context);

/// Pictures done a second, over the last few seconds: what a person wants to see, neither jumpy nor stale.
class SpeedMeter {
public:
    double add(std::size_t images); ///< Gives back how long they took, in seconds: the time since the last ones or skip().
    double skip(); ///< The time since then was for something else; gives it back.
    double imagesPerSecond() const; ///< 0 while not known.

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_begin = Clock::now();
    double m_images = 0.0;  // both fade with time
    double m_seconds = 0.0;
};

/// The error for data that has a class without a picture to learn from; `usable` tells for each entry whether it can be read.
Result<void> checkEveryClassHasTraining(const Snapshot &snapshot, const std::vector<bool> &usable);

/// What a picture of each class counts for: empty where the config does not weigh classes.
std::vector<float> classWeightsFor(const TrainConfig &config, const Snapshot &snapshot);

/// What an architecture's pictures go through before it sees them.
Result<Preprocessing> preprocessingFor(const TrainConfig &config);

} // namespace whisker::internal
