#pragma once

#include "engine/base/result.h"
#include "engine/nn/weights.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace whisker::internal {

/// What a run took so far, in all its parts. What is learnt does not depend on it.
struct RunEffort {
    double seconds = 0.0;         ///< All in all.
    double stepSeconds = 0.0;     ///< Of those in steps.
    std::int64_t images = 0;      ///< Learnt from in those.
    std::int64_t loaderSteps = 0; ///< Batches taken from the loader.
    std::int64_t loaderWaits = 0; ///< Of those the ones that had to be waited for,
    double loaderSeconds = 0.0;   ///< and how long.
};

/// Where a run stands, in numbers.
struct RunProgress {
    std::int64_t step = 0;        ///< Steps done since the beginning.
    int validatedEpochs = 0;      ///< Epochs that are finished and validated.
    double epochLoss = 0.0;       ///< Sums over the epoch under way.
    std::int64_t epochCorrect = 0;
    std::int64_t epochImages = 0;
    int bestEpoch = 0;            ///< 0: none yet.
    std::optional<double> bestAccuracy{};
    std::optional<double> bestLoss{};
    int microBatch = 0;           ///< Pictures that are computed at once; 0: the whole batch.
    RunEffort effort{};
    bool hasRival = false;        ///< Only what beats the model that was there before the first step is kept;
    std::optional<double> startAccuracy{}; ///< its accuracy on validation.
};

/// All that a run needs to go on bit for bit as if it had not been interrupted. The best weights lie beside it in a file of their own.
struct Checkpoint {
    std::string snapshotDigest{};
    std::string architecture{};
    RunProgress progress{};
    Weights weights{};            ///< Of the network and the optimizer.
};

/// Whole or not at all, with a hash of its contents. Errors as writeSafetensors().
Result<void> writeCheckpoint(const std::filesystem::path &file, const Checkpoint &checkpoint);
/// Errors: NotFound (there is none to go on from), BadFormat (also where a bit differs from what was written), NewerVersion, Unreadable, PermissionDenied.
Result<Checkpoint> readCheckpoint(const std::filesystem::path &file);

} // namespace whisker::internal
