#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/train/pin_board.h"
#include "engine/train/run_folder.h"
#include "engine/train/train_config.h"
#include "engine/train/train_events.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

/// Where a run goes.
struct TrainOutput {
    std::filesystem::path runFolder{};   ///< The run's own folder, made where it is missing; newRunFolder() names one. What is in it of another run is replaced.
    std::filesystem::path modelFile{};   ///< Where the model goes as well; empty: only runFolder/model.safetensors.
    std::filesystem::path cacheFolder{}; ///< For computed features, and pixels/ for decoded pictures; empty: userCacheFolder()/features and /pixels.
    bool resume = false;                 ///< Goes on from runFolder's checkpoint, with the configuration on its receipt; only loaderThreads is taken anew.
    /// With `resume`: makes the run this many epochs longer, 0..100000; its receipt's config says the new number. One that was stopped adds them to those it has left,
    /// one that is finished (also for want of patience) to those it has done. What is left is then a new cycle of the same schedule, from the step where the run stands
    /// to the new end; patience counts anew. Not for quick. A mark on the curves says where that was.
    int moreEpochs = 0;
    /// A model that the run continues, with what there is to learn from now; not with `resume`. Quick solves for the classifier anew on its network. Fine-tuning
    /// begins with its network and a classifier solved for on that. Scratch begins with all its weights; of the classifier those of classes that there still are, a new
    /// class gets fresh ones. Only what gets more validation pictures right than that beginning is kept (not quick, which has no other). Architecture, size and fit are
    /// the model's where the config leaves them open. Pictures to validate or test with that it has learnt from are learnt from again instead, and a note says how many.
    std::filesystem::path startModel{};
    std::vector<ScheduleCycle> cycles{}; ///< Without `resume`: of a run that is repeated, as on its receipt. Empty: one for the whole run.
    std::filesystem::path repeats{}; ///< Without `resume`: the folder of the run that is repeated, for the receipt; changes nothing of what is learnt.
    std::shared_ptr<const PinBoard> pins{}; ///< Pictures to answer for as the network learns, TrainEvents::onPinned(); changes nothing of what is learnt.
};

enum class TrainOutcome {
    Completed,
    Stopped, ///< On request; a checkpoint is there, and a model if an epoch was finished.
    Diverged, ///< The loss became infinite or not a number; the best weights so far are kept.
};

struct TestScore {
    std::size_t correct = 0;
    std::size_t total = 0;
    double accuracy() const { return total == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(total); }
};

struct TrainReport {
    TrainOutcome outcome = TrainOutcome::Completed;
    std::size_t images = 0;                    ///< That were learnt from and validated and tested with: those of the snapshot less the skipped ones.
    std::vector<std::string> classes{};
    std::string architecture{};
    std::string device{};                      ///< As chooseDevice() takes it: "cpu".
    std::string precision{};                   ///< "fp32" or "bf16".
    double seconds = 0.0;                      ///< The whole of train().
    double imagesPerSecond = 0.0;              ///< Quick: features computed a second; scratch: trained on a second. 0 where all came from the cache.
    int epochs = 0;                            ///< Finished ones; quick: iterations of the solver.
    int bestEpoch = 0;                         ///< Of the weights in the model; 0 for quick, and for fine-tuning that kept quick's model.
    std::optional<double> validationAccuracy{}; ///< Of the best epoch. Quick: of the head that had not seen the validation pictures, before it was refitted with them.
    std::optional<TestScore> test{};           ///< Of the model in the file, measured once, at the end; nothing without a test split or when stopped.
    std::optional<LoaderWait> loaderWait{};
    std::filesystem::path model{};             ///< Empty where none was written.
    std::filesystem::path run{};
    std::vector<SkippedFile> skipped{};
    RunReceipt receipt{};                      ///< As it is kept with the run.
};

/// Trains on `snapshot` and blocks until completed, stopped, diverged or failed. Call it on a thread of its own: LibTorch's threads belong to it.
/// `stop` is looked at between steps, and on the CPU between the layers of one; stopping is an outcome, no error. An unreadable picture is skipped and listed. A model file is replaced whole
/// or left as it was. Same snapshot, config and machine: same weights bit for bit, whatever config.loaderThreads is.
///
/// Errors: InvalidArgument (the config, or data that can't be learnt from: checkTrainable(), also after skipping; a checkpoint of other data;
/// moreEpochs for quick, or without resume; a startModel of another architecture or none of the classes, in the run's own folder, or with resume),
/// Unsupported (no such device), NotFound (missing pretrained weights: says what to run; nothing to resume), NoSpace, PermissionDenied, BadFormat and
/// NewerVersion (of a checkpoint or the startModel), Internal. Never throws.
Result<TrainReport> train(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config, const TrainOutput &output,
                          const TrainEvents &events = {}, std::stop_token stop = {});

} // namespace whisker
