// What a run of steps makes sure of before its first step: memory for its pictures, and room on the disk for its model.
#include "engine/train/internal/training_run.h"

#include "engine/base/path_text.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/picture_pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace whisker::internal {

/// Before it validates for the first time, which is on the CPU; also where it goes on.
void TrainingRun::probeMemory()
{
    if (m_context.device.kind == Device::Kind::Cpu)
        tryMemory();
}

/// How much of the run fits into memory at once, found out without learning from any picture.
void TrainingRun::tryMemory()
{
    constexpr std::uint64_t kCopies = 6; // best weights twice, and a checkpoint with what the optimizer and the average remember
    const PipelineOptions validation{.threads = m_config.threads};
    const Snapshot &snapshot = m_context.snapshot;
    const std::size_t pictures = std::max(snapshot.indicesOf(Split::Validation).size(), snapshot.indicesOf(Split::Test).size());
    const auto fit = triedMemory(m_trainer, {.batch = BatchLoader::batchSize(m_trainImages, m_config),
                                    .device = m_context.device,
                                    .availableBytes = m_context.availableBytes,
                                    .copies = kCopies,
                                    .pipelines = pipelinesFor(pictures, validation),
                                    .chunk = validation.chunk,
                                    .stop = m_context.stop});
    if (!fit)
        return; // the run stops before it needs to know
    m_fit = *fit;
    m_scorer.setPipelines(m_fit.pipelines);
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
    if (m_fit.microBatch == 0)
        tryMemory();
    if (m_fit.microBatch == 0 || m_fit.microBatch == BatchLoader::batchSize(m_trainImages, m_config))
        return;
    m_trainer.setMicroBatch(m_fit.microBatch);
    takeMicroBatch(m_fit.microBatch);
}

void TrainingRun::takeMicroBatch(int pictures)
{
    m_progress.microBatch = pictures;
    mark(fmt::format("{} pictures at once, for want of memory", pictures));
    // Read while it runs and after. Batch norms see fewer pictures at once, so that the result is another.
    m_context.recorder.note(fmt::format("There was not enough memory for {0} pictures at once, so they were computed {1} at a time from then on. Each step still learnt "
                                        "from {0}; the result can differ a little from that of a run with enough memory.",
                                        BatchLoader::batchSize(m_trainImages, m_config), pictures));
}

} // namespace whisker::internal
