#include "engine/train/train.h"

#include "engine/base/path_text.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/internal/checkpoint_saver.h"
#include "engine/train/internal/recipe.h"

#include <opencv2/core/version.hpp>
#include <torch/version.h>

#include <chrono>
#include <exception>
#include <fmt/format.h>

namespace whisker {

namespace {

using internal::RecipeResult;
using internal::RunContext;
using internal::RunRecorder;

constexpr const char *kWhiskerVersion = WHISKER_VERSION;
constexpr int kMostMoreEpochs = 100000;

RunReceipt startingReceipt(const Snapshot &snapshot, const TrainConfig &config, const Device &device, Precision precision)
{
    RunReceipt receipt;
    receipt.snapshotDigest = snapshot.digest();
    receipt.classes = snapshot.classes;
    receipt.trainImages = snapshot.indicesOf(Split::Train).size();
    receipt.validationImages = snapshot.indicesOf(Split::Validation).size();
    receipt.testImages = snapshot.indicesOf(Split::Test).size();
    receipt.config = config;
    receipt.versions = {{"whisker", kWhiskerVersion}, {"libtorch", TORCH_VERSION}, {"opencv", CV_VERSION}};
    receipt.device = describe(device, precision);
    receipt.started = internal::timestamp();
    return receipt;
}

RunStatus statusOf(TrainOutcome outcome)
{
    switch (outcome) {
    case TrainOutcome::Completed: return RunStatus::Completed;
    case TrainOutcome::Stopped: return RunStatus::Stopped;
    case TrainOutcome::Diverged: return RunStatus::Diverged;
    }
    return RunStatus::Failed;
}

/// The receipt of the run to go on with, after a look whether that can be done: a refusal must leave it as it is.
Result<RunReceipt> receiptToResume(const Snapshot &snapshot, const TrainOutput &output)
{
    auto earlier = readRunSummary(output.runFolder);
    if (!earlier)
        return std::unexpected(earlier.error());
    const std::string name = pathText(output.runFolder);
    if (earlier->receipt.snapshotDigest != snapshot.digest())
        return fail(ErrorCode::InvalidArgument, "The run " + name + " was begun with other pictures or labels: start a new run.",
                    output.runFolder);
    if (!earlier->hasCheckpoint && earlier->receipt.config.mode == TrainMode::Scratch)
        return fail(ErrorCode::NotFound, "The run " + name + " has no checkpoint to go on from: start a new run.", output.runFolder);
    return std::move(earlier->receipt);
}

void keepSnapshot(const Snapshot &snapshot, RunRecorder &recorder)
{
    if (const auto kept = writeSnapshot(recorder.folder() / kSnapshotFile, snapshot); !kept)
        recorder.note(kept.error().message + " Training goes on, but can't be gone on with once the project's pictures or labels have changed.");
}

Result<void> checkMoreEpochs(const TrainOutput &output)
{
    if (output.moreEpochs == 0 || (output.resume && output.moreEpochs > 0 && output.moreEpochs <= kMostMoreEpochs))
        return {};
    if (!output.resume)
        return fail(ErrorCode::InvalidArgument, "More epochs are for a run that is gone on with: name the run, or set the number of epochs instead.");
    return fail(ErrorCode::InvalidArgument, fmt::format("The number of more epochs must lie between 1 and {}.", kMostMoreEpochs));
}

/// Makes the run of `receipt` longer by a cycle that begins where its checkpoint stands.
Result<void> extend(RunReceipt &receipt, const TrainOutput &output)
{
    if (receipt.config.mode == TrainMode::Quick)
        return fail(ErrorCode::InvalidArgument, "A quick run solves for its model and has no epochs to add: choose fine-tuning to go on learning.");
    const auto found = internal::readCheckpointOf(output.runFolder, receipt.snapshotDigest, receipt.config.architecture);
    if (!found && (found.error().code != ErrorCode::NotFound || receipt.config.mode == TrainMode::Scratch))
        return std::unexpected(found.error());
    const internal::RunProgress progress = found ? found->checkpoint.progress : internal::RunProgress();
    if (receipt.cycles.empty())
        receipt.cycles.push_back({0, receipt.config.epochs});
    const int before = receipt.status == RunStatus::Completed ? progress.validatedEpochs : receipt.config.epochs;
    receipt.config.epochs = before + output.moreEpochs;
    receipt.cycles.push_back({progress.step, receipt.config.epochs});
    return {};
}

/// train() from where the run has a folder.
class Run {
public:
    Run(const Snapshot &snapshot, const TrainConfig &config, const TrainOutput &output, Device device, Precision precision,
        RunRecorder &recorder, std::stop_token stop)
        : m_context{snapshot, config, output, std::move(device), precision, recorder, std::move(stop)}
    {
    }

    Result<TrainReport> run()
    {
        auto result = recipe();
        if (!result)
            return failed(result.error());
        if (!result->message.empty())
            m_context.recorder.note(result->message);
        fillReceipt(*result);
        TrainReport report = reportOf(*result);
        if (result->model) {
            if (const auto kept = keepModel(*result->model, report); !kept)
                return failed(kept.error());
        }
        (void)m_context.recorder.saveReceipt(); // what went wrong is among the notes
        report.notes = m_context.recorder.receipt().notes;
        m_context.recorder.stage(TrainStage::Finished, result->outcome == TrainOutcome::Stopped ? "Stopped" : "Finished");
        return report;
    }

private:
    Result<RecipeResult> recipe()
    {
        try {
            switch (m_context.config.mode) {
            case TrainMode::Quick: return internal::trainQuick(m_context);
            case TrainMode::FineTune: return internal::trainFineTune(m_context);
            case TrainMode::Scratch: break;
            }
            return internal::trainScratch(m_context);
        } catch (const std::bad_alloc &) {
            return fail(ErrorCode::Internal, "Training needs more memory than there is: choose a smaller batch or smaller pictures.");
        } catch (const std::exception &exception) {
            const std::string text = exception.what();
            return fail(ErrorCode::Internal, "Training failed in LibTorch: " + text.substr(0, text.find('\n')));
        }
    }

    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

    std::unexpected<Error> failed(Error error)
    {
        RunReceipt &receipt = m_context.recorder.receipt();
        receipt.status = RunStatus::Failed;
        receipt.message = error.message;
        receipt.finished = internal::timestamp();
        receipt.seconds = seconds();
        if (const auto saved = m_context.recorder.saveReceipt(); !saved)
            error.message += " " + saved.error().message;
        return std::unexpected(std::move(error));
    }

    void fillReceipt(const RecipeResult &result)
    {
        RunReceipt &receipt = m_context.recorder.receipt();
        receipt.status = statusOf(result.outcome);
        receipt.message = result.message;
        receipt.finished = internal::timestamp();
        receipt.epochs = result.epochs;
        receipt.bestEpoch = result.bestEpoch;
        receipt.seconds = seconds();
        receipt.imagesPerSecond = result.imagesPerSecond;
        receipt.validationAccuracy = result.validationAccuracy;
        if (result.test) {
            receipt.testCorrect = result.test->correct;
            receipt.testTotal = result.test->total;
        }
    }

    TrainReport reportOf(const RecipeResult &result) const
    {
        const RunReceipt &receipt = m_context.recorder.receipt();
        TrainReport report;
        report.outcome = result.outcome;
        report.images = result.images;
        report.classes = receipt.classes;
        report.architecture = m_context.config.architecture;
        report.device = deviceName(m_context.device);
        report.precision = std::string(precisionName(m_context.precision));
        report.seconds = receipt.seconds;
        report.imagesPerSecond = result.imagesPerSecond;
        report.epochs = result.epochs;
        report.bestEpoch = result.bestEpoch;
        report.validationAccuracy = result.validationAccuracy;
        report.test = result.test;
        report.run = m_context.recorder.folder();
        report.skipped = m_context.recorder.skipped();
        report.notes = receipt.notes;
        return report;
    }

    Result<void> keepModel(ModelFile &model, TrainReport &report)
    {
        const std::filesystem::path &folder = m_context.recorder.folder();
        std::error_code error; // where it can't be made again the model can't be written either, and that is said
        if (std::filesystem::create_directories(folder, error))
            m_context.recorder.note(pathText(folder) + " was deleted while the run went on: its curves are lost, its model and its receipt are kept.");
        model.receipt = toJson(m_context.recorder.receipt());
        const std::filesystem::path inRun = folder / kModelFile;
        if (const auto written = writeModel(inRun, model); !written)
            return written;
        report.model = inRun;
        const std::filesystem::path &wanted = m_context.output.modelFile;
        if (wanted.empty())
            return {};
        if (const auto written = writeModel(wanted, model); !written)
            return written;
        report.model = wanted;
        return {};
    }

    RunContext m_context;
    const std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

} // namespace

Result<TrainReport> train(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &wish, const TrainOutput &output,
                          const TrainEvents &events, std::stop_token stop)
{
    try {
        if (const auto checked = checkMoreEpochs(output); !checked)
            return std::unexpected(checked.error());
        std::optional<RunReceipt> earlier;
        if (output.resume) {
            auto receipt = receiptToResume(*snapshot, output);
            if (!receipt)
                return std::unexpected(receipt.error());
            earlier = *std::move(receipt);
            earlier->config.loaderThreads = wish.loaderThreads;
            if (const auto longer = output.moreEpochs > 0 ? extend(*earlier, output) : Result<void>(); !longer)
                return std::unexpected(longer.error());
        }
        const auto ready = internal::readyRun(*snapshot, earlier ? earlier->config : wish);
        if (!ready)
            return std::unexpected(ready.error());
        const auto &[config, device, precision] = *ready;
        setComputeThreads(config.threads);
        RunReceipt receipt = startingReceipt(*snapshot, config, device, precision);
        if (earlier) {
            receipt.started = earlier->started;
            receipt.cycles = earlier->cycles;
        }
        auto recorder = RunRecorder::begin(output.runFolder, std::move(receipt), events, output.resume);
        if (!recorder)
            return std::unexpected(recorder.error());
        if (!output.resume)
            keepSnapshot(*snapshot, *recorder);
        if (config.device.starts_with("cuda") && device.kind == Device::Kind::Cpu)
            recorder->note("The mode quick computes on the CPU: " + config.device + " is for training from scratch.");
        return Run(*snapshot, config, output, device, precision, *recorder, stop).run();
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("Training failed: ") + exception.what());
    }
}

} // namespace whisker
