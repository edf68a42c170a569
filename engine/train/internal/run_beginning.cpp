#include "engine/train/internal/run_beginning.h"

#include "engine/base/path_text.h"
#include "engine/train/internal/checkpoint_saver.h"

#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr int kMostMoreEpochs = 100000;

Result<void> checkMoreEpochs(const TrainOutput &output)
{
    if (output.moreEpochs == 0 || (output.resume && output.moreEpochs > 0 && output.moreEpochs <= kMostMoreEpochs))
        return {};
    if (!output.resume)
        return fail(ErrorCode::InvalidArgument, "More epochs are for a run that is gone on with: name the run, or set the number of epochs instead.");
    return fail(ErrorCode::InvalidArgument, fmt::format("The number of more epochs must lie between 1 and {}.", kMostMoreEpochs));
}

Result<RunSummary> runToResume(const Snapshot &snapshot, const TrainOutput &output)
{
    auto earlier = readRunSummary(output.runFolder);
    if (!earlier)
        return earlier;
    const std::string name = pathText(output.runFolder);
    const RunReceipt &receipt = earlier->receipt;
    if (receipt.snapshotDigest != snapshot.digest())
        return fail(ErrorCode::InvalidArgument, "The run " + name + " was begun with other pictures or labels: start a new run, or let it go on with its own list of pictures.", output.runFolder);
    if (!canGoOn(*earlier))
        return fail(ErrorCode::NotFound, "The run " + name + " has no checkpoint to go on from: start a new run.", output.runFolder);
    return earlier;
}

/// Makes the run of `receipt` longer by a cycle that begins where its checkpoint stands.
Result<void> extend(RunReceipt &receipt, const TrainOutput &output)
{
    if (receipt.config.mode == TrainMode::Quick)
        return fail(ErrorCode::InvalidArgument, "A quick run solves for its model and has no epochs to add: choose fine-tuning to go on learning.");
    const auto found = readCheckpointOf(output.runFolder, receipt.snapshotDigest, receipt.config.architecture);
    if (!found && (found.error().code != ErrorCode::NotFound || receipt.config.mode == TrainMode::Scratch))
        return std::unexpected(found.error());
    const RunProgress progress = found ? found->checkpoint.progress : RunProgress();
    if (receipt.cycles.empty())
        receipt.cycles.push_back({0, receipt.config.epochs});
    const int before = receipt.status == RunStatus::Completed ? progress.validatedEpochs : receipt.config.epochs;
    receipt.config.epochs = before + output.moreEpochs;
    receipt.cycles.push_back({progress.step, receipt.config.epochs});
    receipt.repeats.clear(); // what it becomes the first run was not
    return {};
}

/// For a continued run that stands before its first checkpoint.
Result<StartModel> startAgain(const RunReceipt &receipt, const Snapshot &snapshot, const std::filesystem::path &runFolder)
{
    auto start = readStartModel(receipt.startModel, snapshot.classes);
    if (start && start->digest.toHex() != receipt.startDigest)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("{} is no longer the model that the run {} continues: start a new run.", pathText(receipt.startModel), pathText(runFolder)),
                    receipt.startModel);
    return start;
}

Result<RunBeginning> resumed(const Snapshot &snapshot, const TrainConfig &wish, const TrainOutput &output)
{
    auto run = runToResume(snapshot, output);
    if (!run)
        return std::unexpected(run.error());
    RunBeginning beginning;
    beginning.asItWas = beginning.earlier = std::move(run->receipt);
    RunReceipt &receipt = *beginning.earlier;
    receipt.config.loaderThreads = wish.loaderThreads;
    if (const auto longer = output.moreEpochs > 0 ? extend(receipt, output) : Result<void>(); !longer)
        return std::unexpected(longer.error());
    beginning.config = receipt.config;
    if (!receipt.startModel.empty()) {
        auto lineage = readLineage(output.runFolder / kLineageFile);
        if (!lineage)
            return std::unexpected(lineage.error());
        beginning.lineage = *std::move(lineage);
        if (!run->hasCheckpoint) {
            auto start = startAgain(receipt, snapshot, output.runFolder);
            if (!start)
                return std::unexpected(start.error());
            beginning.start = *std::move(start);
        }
    }
    beginning.pictures = honestSnapshot(snapshot, beginning.lineage);
    return beginning;
}

Result<RunBeginning> continued(const Snapshot &snapshot, const TrainConfig &wish, const TrainOutput &output)
{
    auto start = readStartModel(output.startModel, snapshot.classes);
    if (!start)
        return std::unexpected(start.error());
    if (start->file.parent_path() == std::filesystem::absolute(output.runFolder).lexically_normal())
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("{} lies in the folder of the run that is to continue it, which would replace it: choose another folder for the run.",
                                pathText(start->file)),
                    start->file);
    auto config = configOn(*start, wish);
    if (!config)
        return std::unexpected(config.error());
    RunBeginning beginning;
    beginning.lineage = lineageOf(*start, config->mode);
    beginning.config = *std::move(config);
    beginning.start = *std::move(start);
    beginning.pictures = honestSnapshot(snapshot, beginning.lineage);
    return beginning;
}

} // namespace

std::vector<std::string> RunBeginning::notes() const
{
    std::vector<std::string> notes;
    if (pictures.learnt == 1)
        notes.push_back("1 picture to validate or test with has been learnt from by the model that this run continues: it is learnt from again, and counts in no figure.");
    else if (pictures.learnt > 1)
        notes.push_back(fmt::format("{} pictures to validate or test with have been learnt from by the model that this run continues: they are learnt from again, and count in "
                                    "no figure.",
                                    pictures.learnt));
    if (pictures.checked == 1)
        notes.push_back("The model that this run continues was chosen with the help of 1 test picture: it is validated with, and not tested with.");
    else if (pictures.checked > 1)
        notes.push_back(fmt::format("The model that this run continues was chosen with the help of {} test pictures: they are validated with, and not tested with.",
                                    pictures.checked));
    if (!lineage.complete)
        notes.push_back("It can't be known what the model that this run continues has learnt from, because the list of its pictures is not beside it: where pictures to "
                        "validate or test with were among them, the figures are too good.");
    return notes;
}

Result<RunBeginning> runBeginning(const Snapshot &snapshot, const TrainConfig &wish, const TrainOutput &output)
{
    if (const auto checked = checkMoreEpochs(output); !checked)
        return std::unexpected(checked.error());
    if (output.resume && !output.startModel.empty())
        return fail(ErrorCode::InvalidArgument, "A run that is gone on with goes on from its own checkpoint: name a model to continue for a new run only.");
    if (output.resume)
        return resumed(snapshot, wish, output);
    if (!output.startModel.empty())
        return continued(snapshot, wish, output);
    return RunBeginning{.config = wish, .pictures = {snapshot}};
}

} // namespace whisker::internal
