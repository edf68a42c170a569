#pragma once

#include "engine/train/internal/checkpoint.h"
#include "engine/train/internal/run_recorder.h"
#include "engine/train/model_file.h"

#include <future>
#include <optional>

namespace whisker::internal {

/// Writes what a run needs to go on on a thread of its own, one checkpoint at a time, so that training waits for the disk only where it outruns it. What
/// can't be written is noted, and the run goes on. One thread; the destructor waits.
class CheckpointSaver {
public:
    /// Keeps the reference; files go into the recorder's folder.
    explicit CheckpointSaver(RunRecorder &recorder) : m_recorder(recorder) {}

    /// Waits for an earlier one, then returns at once. `best`, where it has changed, is written first: a checkpoint that speaks of it must find it.
    void save(std::optional<ModelFile> best, Checkpoint checkpoint);
    bool busy() const;
    void wait();

private:
    RunRecorder &m_recorder;
    std::future<Result<void>> m_saving; ///< Its destructor waits.
};

/// The checkpoint in `folder`. Errors: those of readCheckpoint(); InvalidArgument (of other pictures, or another architecture).
Result<Checkpoint> readCheckpointOf(const std::filesystem::path &folder, const std::string &snapshotDigest, const std::string &architecture);

} // namespace whisker::internal
