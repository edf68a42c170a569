#include "engine/train/internal/checkpoint_saver.h"

#include "engine/base/path_text.h"

#include <fmt/format.h>

#include <utility>

namespace whisker::internal {

void CheckpointSaver::save(std::optional<ModelFile> best, Checkpoint checkpoint)
{
    wait();
    m_saving = std::async(std::launch::async, [best = std::move(best), checkpoint = std::move(checkpoint), folder = m_recorder.folder()]() -> Result<void> {
        if (best) {
            if (auto written = writeModel(folder / kBestFile, *best); !written)
                return written;
        }
        return writeCheckpoint(folder / kCheckpointFile, checkpoint);
    });
}

bool CheckpointSaver::busy() const
{
    using namespace std::chrono_literals;
    return m_saving.valid() && m_saving.wait_for(0s) != std::future_status::ready;
}

void CheckpointSaver::wait()
{
    if (!m_saving.valid())
        return;
    if (const auto saved = m_saving.get(); !saved)
        m_recorder.note(saved.error().message + " Training goes on, but could not be resumed from here.");
}

Result<Checkpoint> readCheckpointOf(const std::filesystem::path &folder, const std::string &snapshotDigest, const std::string &architecture)
{
    const std::filesystem::path file = folder / kCheckpointFile;
    auto checkpoint = readCheckpoint(file);
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

} // namespace whisker::internal
