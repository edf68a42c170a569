#include "engine/train/train.h"

#include "engine/base/path_text.h"
#include "engine/base/process_memory.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/run_beginning.h"
#include "engine/train/test_answers.h"

#include <opencv2/core/version.hpp>
#include <torch/version.h>

#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <utility>

namespace whisker {

namespace {

using internal::RecipeResult;
using internal::RunBeginning;
using internal::RunContext;
using internal::RunRecorder;

constexpr const char *kWhiskerVersion = WHISKER_VERSION;

/// What an earlier part of the run came to stands till this one has ended; but for the test, which is of a model that it may replace.
RunReceipt goneOnWith(RunReceipt receipt, const RunReceipt &now)
{
    receipt.config = now.config;
    receipt.versions = now.versions;
    receipt.device = now.device;
    receipt.status = RunStatus::Unfinished;
    receipt.paused = false;
    receipt.finished.clear();
    receipt.message.clear();
    receipt.notes.resize(receipt.notes.size() - std::exchange(receipt.endingNotes, 0));
    receipt.testCorrect.reset();
    receipt.testTotal.reset();
    return receipt;
}

/// `given`: the pictures before the model's past was looked at.
RunReceipt startingReceipt(const Snapshot &given, const RunBeginning &beginning, const internal::ReadyRun &ready)
{
    const Snapshot &pictures = beginning.pictures.snapshot;
    RunReceipt receipt;
    receipt.snapshotDigest = given.digest();
    receipt.classes = given.classes;
    receipt.trainImages = pictures.indicesOf(Split::Train).size();
    receipt.validationImages = pictures.indicesOf(Split::Validation).size();
    receipt.testImages = pictures.indicesOf(Split::Test).size();
    receipt.config = ready.config;
    receipt.versions = {{"whisker", kWhiskerVersion}, {"libtorch", TORCH_VERSION}, {"opencv", CV_VERSION}};
    receipt.device = describe(ready.device, ready.precision);
    receipt.started = internal::timestamp();
    if (beginning.start) {
        receipt.startModel = beginning.start->file;
        receipt.startDigest = beginning.start->digest.toHex();
    }
    return beginning.earlier ? goneOnWith(*beginning.earlier, receipt) : receipt;
}

/// Another run, as seen from where the one in `runFolder` lies, since a project's runs are moved together.
std::filesystem::path asSeenFrom(const std::filesystem::path &runFolder, const std::filesystem::path &other)
{
    std::error_code ignored; // then it is named in full
    const auto near = other.empty() ? other : std::filesystem::proximate(other, std::filesystem::absolute(runFolder / "").lexically_normal().parent_path().parent_path(), ignored);
    return near.empty() ? other : near;
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

/// What a run needs to be gone on with beside its checkpoint.
void keepSnapshot(const Snapshot &given, const RunBeginning &beginning, RunRecorder &recorder)
{
    auto kept = writeSnapshot(recorder.folder() / kSnapshotFile, given);
    if (kept && beginning.continues())
        kept = internal::writeLineage(recorder.folder() / internal::kLineageFile, beginning.lineage);
    if (!kept)
        recorder.note(kept.error().message + " The run can't be gone on with once the project's pictures or labels have changed.");
}

/// train() from where the run has a folder.
class Run {
public:
    Run(const RunBeginning &beginning, const internal::ReadyRun &ready, const TrainOutput &output, RunRecorder &recorder, std::stop_token stop)
        : m_context{beginning.pictures.snapshot, ready.config, output, ready.device, ready.precision, recorder, std::move(stop)}
    {
        m_context.start = beginning.start ? &*beginning.start : nullptr;
        if (beginning.asItWas) {
            m_asItWas = &*beginning.asItWas;
            m_context.secondsBefore = m_asItWas->seconds;
        }
    }

    Result<TrainReport> run()
    {
        auto result = recipe();
        if (!result)
            return failed(result.error());
        if (!result->message.empty())
            m_context.recorder.noteEnd(result->message);
        fillReceipt(*result);
        TrainReport report = reportOf(*result);
        if (result->model) {
            if (const auto kept = keepModel(*result->model, report); !kept)
                return failed(kept.error());
        }
        dropTestAnswers(); // the receipt no longer speaks of them
        (void)m_context.recorder.saveReceipt(); // what went wrong is among the notes
        keepTestAnswers(result->testAnswers);
        report.receipt = m_context.recorder.receipt();
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

    std::unexpected<Error> failed(Error error)
    {
        RunReceipt &receipt = m_context.recorder.receipt();
        if (m_asItWas && !m_context.began) { // nothing has changed but that somebody tried
            receipt = *m_asItWas;
            (void)m_context.recorder.saveReceipt(); // it would say the same as before
            return std::unexpected(std::move(error));
        }
        dropTestAnswers();
        receipt.status = RunStatus::Failed;
        m_context.recorder.takePeakMemory();
        receipt.message = error.message;
        receipt.finished = internal::timestamp();
        receipt.seconds = m_context.seconds();
        if (const auto saved = m_context.recorder.saveReceipt(); !saved)
            error.message += " " + saved.error().message;
        return std::unexpected(std::move(error));
    }

    void fillReceipt(const RecipeResult &result)
    {
        RunReceipt &receipt = m_context.recorder.receipt();
        receipt.status = statusOf(result.outcome);
        m_context.recorder.takePeakMemory();
        receipt.message = result.message;
        receipt.finished = internal::timestamp();
        receipt.epochs = result.epochs;
        receipt.bestEpoch = result.bestEpoch;
        receipt.seconds = m_context.seconds();
        receipt.imagesPerSecond = result.imagesPerSecond;
        receipt.validationAccuracy = result.validationAccuracy;
        receipt.loaderWait = result.loaderWait;
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
        report.loaderWait = result.loaderWait;
        report.run = m_context.recorder.folder();
        report.skipped = m_context.recorder.skipped();
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
        m_context.giveBackRoom();
        if (const auto written = writeModel(inRun, model); !written)
            return written;
        report.model = inRun;
        const std::filesystem::path &wanted = m_context.output.modelFile;
        if (wanted.empty())
            return {};
        m_context.giveBackRoom();
        if (const auto written = writeModel(wanted, model); !written)
            return written;
        report.model = wanted;
        return {};
    }

    /// Of a test before the run went on.
    void dropTestAnswers()
    {
        std::error_code ignored; // what can't be removed can't be replaced either, and that is said where it is written
        std::filesystem::remove(m_context.recorder.folder() / kTestAnswersFile, ignored);
    }

    /// After all else: of what a run leaves they can best be done without where the disk is full.
    void keepTestAnswers(const std::vector<internal::PictureAnswer> &answers)
    {
        if (answers.empty())
            return;
        const Snapshot &pictures = m_context.snapshot;
        const auto nameOf = [&](int label) { return pictures.classes[static_cast<std::size_t>(label)]; };
        std::vector<TestAnswer> named;
        named.reserve(answers.size());
        for (const internal::PictureAnswer &answer : answers) {
            const SnapshotEntry &picture = pictures.entries[answer.entry];
            named.push_back({pathText(picture.file), nameOf(picture.label), nameOf(answer.label), answer.probability, picture.hash});
        }
        const auto written = writeTestAnswers(m_context.recorder.folder(), named);
        if (written)
            return;
        m_context.recorder.noteEnd(written.error().message +
                                   " The run is not harmed, but which test pictures it got right is not kept, so it is compared with others more cautiously.");
        (void)m_context.recorder.saveReceipt(); // as above
    }

    RunContext m_context;
    const RunReceipt *m_asItWas = nullptr; ///< Of a run that is gone on with.
};

Result<TrainReport> trained(const std::shared_ptr<const Snapshot> &snapshot, const TrainConfig &wish, const TrainOutput &output, const TrainEvents &events,
                            std::stop_token stop)
{
    try {
        const auto beginning = internal::runBeginning(*snapshot, wish, output);
        if (!beginning)
            return std::unexpected(beginning.error());
        const auto ready = internal::readyRun(beginning->pictures.snapshot, beginning->config, beginning->continues());
        if (!ready)
            return std::unexpected(ready.error());
        setComputeThreads(ready->config.threads);
        RunReceipt receipt = startingReceipt(*snapshot, *beginning, *ready);
        if (!output.resume) {
            receipt.cycles = output.cycles;
            receipt.repeats = asSeenFrom(output.runFolder, output.repeats);
        }
        auto recorder = RunRecorder::begin(output.runFolder, std::move(receipt), events, output.resume);
        if (!recorder)
            return std::unexpected(recorder.error());
        recorder->watchMemory(ready->device);
        if (!output.resume)
            keepSnapshot(*snapshot, *beginning, *recorder);
        for (const std::string &note : beginning->notes())
            recorder->note(note);
        if (ready->config.device.starts_with("cuda") && ready->device.kind == Device::Kind::Cpu)
            recorder->note("The mode quick computes on the CPU: " + ready->config.device + " is for training from scratch.");
        return Run(*beginning, *ready, output, *recorder, stop).run();
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("Training failed: ") + exception.what());
    }
}

} // namespace

Result<TrainReport> train(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &wish, const TrainOutput &output,
                          const TrainEvents &events, std::stop_token stop)
{
    auto report = trained(snapshot, wish, output, events, std::move(stop));
    releaseFreedMemory(); // gigabytes of a large network would count as the next run's
    return report;
}

} // namespace whisker
