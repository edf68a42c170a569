#include "engine/train/internal/checkpoint_saver.h"

#include "engine/base/path_text.h"

#include <fmt/format.h>

#include <new>
#include <system_error>
#include <utility>

namespace whisker::internal {

namespace {

constexpr const char *kNextFile = "checkpoint-next.safetensors";
constexpr const char *kTrainingGoesOn = "Training goes on; should it be interrupted, it can go on from the last checkpoint that was written, if any.";

/// Written whole beside the others, then named: at any moment one of them is good.
Result<void> writeNewest(const std::filesystem::path &folder, const Checkpoint &checkpoint)
{
    if (auto written = writeCheckpoint(folder / kNextFile, checkpoint); !written)
        return written;
    std::error_code error;
    std::filesystem::rename(folder / kCheckpointFile, folder / kPreviousCheckpointFile, error); // fails for the first: there is none yet
    std::filesystem::rename(folder / kNextFile, folder / kCheckpointFile, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be written", folder / kCheckpointFile));
    return {};
}

} // namespace

void CheckpointSaver::save(std::optional<ModelFile> best, Checkpoint checkpoint)
{
    wait();
    m_saving = std::async(std::launch::async, [best = std::move(best), checkpoint = std::move(checkpoint), folder = m_recorder.folder()]() -> Result<void> {
        try {
            if (best) {
                if (auto written = writeModel(folder / kBestFile, *best); !written)
                    return written;
            }
            return writeNewest(folder, checkpoint);
        } catch (const std::bad_alloc &) {
            return fail(ErrorCode::Internal, "There is not enough memory to write a checkpoint.");
        }
    });
}

bool CheckpointSaver::busy() const
{
    using namespace std::chrono_literals;
    return m_saving.valid() && m_saving.wait_for(0s) != std::future_status::ready;
}

bool CheckpointSaver::wait()
{
    if (!m_saving.valid())
        return m_saved;
    const auto saved = m_saving.get();
    m_saved = saved.has_value();
    std::error_code ignored; // what can't be looked at could not be written either
    if (!saved && !std::filesystem::exists(m_recorder.folder(), ignored))
        m_recorder.warn(pathText(m_recorder.folder()) + " was deleted: the curves so far are lost. Training goes on; its model will be kept, but should it be interrupted, it can't go on.");
    else if (!saved && saved.error().code == ErrorCode::NoSpace) // once for all files
        m_recorder.warn(fmt::format("There is no room for a checkpoint in {}: free some space. {}", pathText(m_recorder.folder()), kTrainingGoesOn));
    else if (!saved)
        m_recorder.warn(saved.error().message + ' ' + kTrainingGoesOn);
    return m_saved;
}

bool CheckpointPace::isDue() const
{
    constexpr double kLeastTimesCopy = 100.0;
    const std::chrono::duration<double> since = Clock::now() - m_last;
    return (m_asked || since >= m_every) && since.count() >= kLeastTimesCopy * m_lastCopySeconds;
}

void CheckpointPace::copied(double seconds)
{
    m_lastCopySeconds = seconds;
    m_copySeconds += seconds;
    m_last = Clock::now();
    m_asked = false;
    ++m_count;
}

namespace {

Result<Checkpoint> checked(Result<Checkpoint> checkpoint, const std::filesystem::path &file, const std::string &snapshotDigest,
                           const std::string &architecture)
{
    if (!checkpoint)
        return checkpoint;
    if (checkpoint->snapshotDigest != snapshotDigest)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The checkpoint {} belongs to other pictures or labels: start the run anew.", pathText(file)), file);
    if (checkpoint->architecture != architecture)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The checkpoint {} is of the architecture {}: start the run anew.", pathText(file), checkpoint->architecture), file);
    return checkpoint;
}

/// A newer Whisker's, or one of something else, is no damage.
bool isDamage(ErrorCode code)
{
    return code == ErrorCode::BadFormat || code == ErrorCode::Unreadable || code == ErrorCode::NotFound;
}

} // namespace

Result<FoundCheckpoint> readCheckpointOf(const std::filesystem::path &folder, const std::string &snapshotDigest, const std::string &architecture)
{
    const auto read = [&](const char *name) { return checked(readCheckpoint(folder / name), folder / name, snapshotDigest, architecture); };
    auto newest = read(kCheckpointFile);
    if (newest)
        return FoundCheckpoint{*std::move(newest)};
    if (!isDamage(newest.error().code))
        return std::unexpected(newest.error());
    auto previous = read(kPreviousCheckpointFile);
    if (!previous)
        return std::unexpected(previous.error().code == ErrorCode::NotFound ? newest.error() : previous.error());
    if (newest.error().code == ErrorCode::NotFound) // interrupted between two names: nothing is lost but a few steps
        return FoundCheckpoint{*std::move(previous)};
    std::string note = fmt::format("The newest checkpoint {} is damaged, so the run goes on from the one before, at step {}.",
                                   pathText(folder / kCheckpointFile), previous->progress.step);
    return FoundCheckpoint{*std::move(previous), std::move(note)};
}

} // namespace whisker::internal
