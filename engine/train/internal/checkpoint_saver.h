#pragma once

#include "engine/train/internal/checkpoint.h"
#include "engine/train/internal/run_recorder.h"
#include "engine/train/model_file.h"

#include <chrono>
#include <future>
#include <optional>
#include <string>

namespace whisker::internal {

/// Writes what a run needs to go on on a thread of its own, one checkpoint at a time, so that training waits for the disk only where it outruns it. What
/// can't be written is noted, and the run goes on; the last two that could be are kept. One thread; the destructor waits.
class CheckpointSaver {
public:
    /// Keeps the reference; files go into the recorder's folder.
    explicit CheckpointSaver(RunRecorder &recorder) : m_recorder(recorder) {}

    /// Waits for an earlier one, then returns at once. `best`, where it has changed, is written first: a checkpoint that speaks of it must find it.
    void save(std::optional<ModelFile> best, Checkpoint checkpoint);
    bool busy() const;
    bool wait(); ///< True where the last one is on the disk.

private:
    RunRecorder &m_recorder;
    std::future<Result<void>> m_saving; ///< Its destructor waits.
    bool m_saved = false;
};

/// Says when a checkpoint is to be taken: at the end of an epoch and after `every`, but not so often that copying takes more than a hundredth of the time.
class CheckpointPace {
public:
    explicit CheckpointPace(std::chrono::milliseconds every) : m_every(every) {}

    void epochEnded() { m_asked = true; }
    bool isDue() const;
    void copied(double seconds); ///< One was taken now, and held training up so long.
    double copySeconds() const { return m_copySeconds; } ///< In all.
    int count() const { return m_count; }                ///< Taken so far.

private:
    using Clock = std::chrono::steady_clock;
    std::chrono::milliseconds m_every;
    Clock::time_point m_last = Clock::now();
    bool m_asked = false;
    int m_count = 0;
    double m_lastCopySeconds = 0.0, m_copySeconds = 0.0;
};

/// What there is to go on from.
struct FoundCheckpoint {
    Checkpoint checkpoint;
    std::string note{}; ///< A sentence where the newest was damaged and this is the one before.
};

/// The newest checkpoint in `folder`, or the one before where that is damaged. Errors: those of readCheckpoint(); InvalidArgument (of other pictures, or another
/// architecture).
Result<FoundCheckpoint> readCheckpointOf(const std::filesystem::path &folder, const std::string &snapshotDigest, const std::string &architecture);

} // namespace whisker::internal
