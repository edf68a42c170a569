#pragma once

#include "engine/base/result.h"
#include "engine/train/metric_point.h"
#include "engine/train/run_figures.h"
#include "engine/train/train_config.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whisker {

/// The files of a run folder. Each is replaced whole, but for metrics, which is appended to line by line.
inline constexpr const char *kReceiptFile = "receipt.json";
inline constexpr const char *kSnapshotFile = "snapshot.json"; ///< What it learns from: writeSnapshot().
inline constexpr const char *kMetricsFile = "metrics.jsonl";
inline constexpr const char *kCheckpointFile = "checkpoint.safetensors"; ///< To go on from: weights, optimizer, epoch, step.
inline constexpr const char *kPreviousCheckpointFile = "checkpoint-previous.safetensors"; ///< The one before, for when that is damaged.
inline constexpr const char *kBestFile = "best.safetensors";             ///< Model file of the epoch with the best validation.
inline constexpr const char *kModelFile = "model.safetensors";           ///< Model file the run ended with.

enum class RunStatus {
    Unfinished, ///< Under way, or ended by a crash, a power cut or a window that was closed over it.
    Completed,
    Stopped,
    Diverged,
    Failed,
};
std::string_view runStatusName(RunStatus status); ///< "unfinished", "completed", "stopped", "diverged", "failed".

/// A stretch of a run that has a cycle of the schedule of its own.
struct ScheduleCycle {
    std::int64_t firstStep = 0; ///< Steps done when it began.
    int epochs = 0;             ///< Of the whole run, counted from its beginning, when the cycle ends.

    bool operator==(const ScheduleCycle &) const = default;
};

/// What a run was, on one sheet: receipt.json. Written when the run begins and again when it ends.
struct RunReceipt {
    std::string snapshotDigest{};
    std::vector<std::string> classes{};
    std::size_t trainImages = 0;
    std::size_t validationImages = 0;
    std::size_t testImages = 0;
    TrainConfig config{};                       ///< Completed: nothing left to defaults.
    std::vector<ScheduleCycle> cycles{};        ///< Of a run that was made longer: the first and one for each time. Empty: one for the whole run.
    std::map<std::string, std::string> versions{}; ///< "whisker", "libtorch", "opencv".
    std::filesystem::path startModel{};         ///< The model that it continues, absolute; empty: none.
    std::string startDigest{};                  ///< Of that file, as ContentHash::toHex().
    std::filesystem::path repeats{};            ///< The run that it makes once more: repeatedRun() says where that lies. Empty: none, or it was made longer since.
    std::string device{};                       ///< For people: "CPU, 2 threads, bf16".
    std::string started{};                      ///< ISO 8601 in UTC: "2025-03-09T14:05:59Z".
    std::string finished{};                     ///< The same; empty while unfinished.
    RunStatus status = RunStatus::Unfinished;
    bool paused = false;                        ///< Only where it was stopped: to be gone on with, leavePaused().
    std::string message{};                      ///< Why it failed or diverged; a sentence.
    int epochs = 0;                             ///< Finished ones; quick: iterations.
    int bestEpoch = 0;
    double seconds = 0.0;
    double imagesPerSecond = 0.0;
    std::optional<double> validationAccuracy{};
    std::optional<std::size_t> testCorrect{};
    std::optional<std::size_t> testTotal{};
    std::optional<std::uint64_t> peakMemoryBytes{}; ///< As seen once a second, of what MemoryUse says. As `seconds`, of all parts of a run that was resumed.
    std::optional<LoaderWait> loaderWait{};         ///< Nothing for quick. Both are missing on receipts of older Whiskers.
    std::vector<std::string> notes{}; ///< What is worth knowing also when it has ended.
    std::size_t endingNotes = 0; ///< So many of the last of them say how it ended: where it goes on they are no longer true.

    bool operator==(const RunReceipt &) const = default;
};

/// What to call its status to a person: as runStatusName(), or "paused".
std::string_view statusWord(const RunReceipt &receipt);

/// Of the test pictures those that came out right, [0, 1]; nothing where it was not tested.
std::optional<double> testShare(const RunReceipt &receipt);

/// Whether its model is what it began with, for want of an epoch that was better: quick's, or the one that it continues.
bool keepsItsStart(const RunReceipt &receipt);

std::string toJson(const RunReceipt &receipt);
/// Errors: BadFormat, NewerVersion (its format is of a newer Whisker). Unknown fields are ignored.
Result<RunReceipt> runReceiptFromJson(std::string_view json);

struct RunSummary {
    std::filesystem::path folder{};
    RunReceipt receipt{};
    bool hasCheckpoint = false; ///< There is something to go on from.
    bool hasModel = false;
    bool underWay = false;      ///< Some process trains it at this moment.
    std::string note{};         ///< A person's: readRunNote().
    bool hasSnapshot = false;   ///< What it learnt from is known; not of an older Whisker, nor where its folder was deleted while it ran.
};

struct RunRecord {
    RunSummary summary{};
    std::vector<MetricPoint> metrics{}; ///< In the order of the file; a point that a resumed run took again stands once, as taken last.
    std::vector<RunMark> marks{};       ///< In the order of the file; of equal ones the first.
};

/// Whether an unfinished run can be gone on with: from its checkpoint, or else from its beginning where that isn't chance (scratch), but quick's network or a model.
bool canGoOn(const RunSummary &run);

/// A name that is not taken yet in `runsFolder`: <YYYY-MM-DD-hhmmss-mode> of the local time, with -2, -3, ... where it is. Makes nothing.
std::filesystem::path newRunFolder(const std::filesystem::path &runsFolder, TrainMode mode,
                                   std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

/// Reads a run, also one under way. A torn last line of metrics is ignored. Errors: NotFound, BadFormat, NewerVersion, PermissionDenied.
Result<RunRecord> readRun(const std::filesystem::path &folder);
/// The same without metrics.
Result<RunSummary> readRunSummary(const std::filesystem::path &folder);
/// The runs in `runsFolder` that can be read, newest first; empty where there is no such folder.
std::vector<RunSummary> listRuns(const std::filesystem::path &runsFolder);
/// Deletes the files of a run, and its folder where nothing else lies in it. Errors: InvalidArgument (no run, or one that is under way), PermissionDenied; what
/// could not be deleted is named.
Result<void> removeRun(const std::filesystem::path &folder);
/// Makes a run that was stopped one that was broken off, to be offered anew: whoever closes the window does not mean to end what goes on in it. Nothing where the run
/// could not go on: quick, and one from scratch without a checkpoint. Errors: those of readRunSummary() and writeFileAtomically().
Result<void> leaveUnfinished(const std::filesystem::path &folder);
/// Says of a run that was stopped that it was meant to be gone on with. Nothing where it could not. Errors: as above.
Result<void> leavePaused(const std::filesystem::path &folder);
/// The model of the newest completed run of `runs` (as listRuns() gives them); empty where there is none. One that was stopped or diverged is a person's
/// choice to use, never taken by itself.
std::filesystem::path newestModel(const std::vector<RunSummary> &runs);

} // namespace whisker
