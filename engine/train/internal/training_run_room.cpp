// What a run of steps makes sure of before its first step: memory for its pictures, and room on the disk for its model.
#include "engine/train/internal/training_run.h"

#include "engine/base/path_text.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/memory_meter.h"

#include <fmt/format.h>

#include <functional>
#include <numeric>

namespace whisker::internal {

/// How many pictures fit into memory at once, found out without learning from any.
int TrainingRun::triedMicroBatch()
{
    int batch = BatchLoader::batchSize(m_trainImages, m_config);
    if (m_context.device.kind != Device::Kind::Cpu) {
        for (; batch >= 4; batch /= 2) {
            try {
                m_trainer.tryPictures(batch);
                return batch;
            } catch (const std::exception &exception) {
                if (!isOutOfMemory(exception))
                    throw;
            }
        }
        return batch;
    }
    const auto available = m_context.availableBytes ? m_context.availableBytes : availableMemory();
    if (!available || batch < 4)
        return batch;
    // From two small tries: there is no way back from a process that takes too much.
    const std::uint64_t two = m_trainer.tryPictures(2), four = m_trainer.tryPictures(4);
    const std::uint64_t perPicture = four > two ? (four - two) / 2 : four / 4;
    const std::uint64_t weights = m_trainer.parameterBytes();
    constexpr std::uint64_t kCopies = 6;             // best weights twice, and a checkpoint with what the optimizer and the average remember
    constexpr std::uint64_t kPicturesToValidate = 8; // at once, forward alone: of what training keeps they need less than half
    const MemoryNeed need{two - std::min(two, 2 * perPicture) + kCopies * weights, perPicture, 2 * weights + kPicturesToValidate * perPicture / 2};
    return fittingMicroBatch(batch, need, *available);
}

/// For the model that the run will end with, in its folder and where it is to go.
Result<void> TrainingRun::holdRoom()
{
    constexpr std::uint64_t kRest = 1024, kTensorInHeader = 128; // more than they take
    std::uint64_t bytes = kRest + 3 * toJson(m_context.recorder.receipt()).size(); // what it grows by; the classes, once more; and quotation marks in JSON within JSON
    for (const WeightSpec &spec : weightSpecs(m_start.graph))
        bytes += kTensorInHeader + sizeof(float) * std::accumulate(spec.shape.begin(), spec.shape.end(), std::uint64_t(1), std::multiplies<>());
    std::vector<std::filesystem::path> folders{m_context.recorder.folder()};
    if (!m_context.output.modelFile.empty())
        folders.push_back(std::filesystem::absolute(m_context.output.modelFile).parent_path());
    for (const std::filesystem::path &folder : folders) {
        auto room = HeldRoom::hold(folder, bytes);
        if (!room)
            return fail(ErrorCode::NoSpace, fmt::format("There is no room for the model in {}, which takes {:.1f} MB: free some space and try again.", pathText(folder),
                                                        static_cast<double>(bytes) / 1e6), folder);
        m_context.modelRoom.push_back(*std::move(room));
    }
    return {};
}

void TrainingRun::fitIntoMemory()
{
    const int batch = BatchLoader::batchSize(m_trainImages, m_config);
    const int pictures = triedMicroBatch();
    if (pictures == batch)
        return;
    m_trainer.setMicroBatch(pictures);
    takeMicroBatch(pictures);
}

void TrainingRun::takeMicroBatch(int pictures)
{
    m_progress.microBatch = pictures;
    mark(fmt::format("{} pictures at once, for want of memory", pictures));
    m_context.recorder.note(fmt::format("There is not enough memory for {} pictures at once, so {} are computed at a time and their gradients added up: a step still "
                                        "learns from {}, but batch norms see {}.",
                                        BatchLoader::batchSize(m_trainImages, m_config), pictures, BatchLoader::batchSize(m_trainImages, m_config), pictures));
}

} // namespace whisker::internal
