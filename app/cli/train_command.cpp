#include "app/cli/command.h"
#include "app/cli/train_options.h"
#include "app/cli/train_repeat.h"

#include "engine/base/path_text.h"
#include "engine/data/load_data.h"
#include "engine/data/project.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/model_file.h"
#include "engine/train/rate_finder.h"
#include "engine/train/run_folder.h"
#include "engine/train/tensorboard.h"
#include "engine/train/train.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>

namespace whisker {

namespace {

/// As it was asked for; else that of the run that the model to continue came from; else quick.
Result<TrainMode> modeOf(const TrainWish &wish)
{
    if (!wish.mode.empty())
        return trainModeFromName(wish.mode);
    if (wish.output.startModel.empty())
        return TrainMode::Quick;
    const auto model = readModelDescription(wish.output.startModel);
    if (!model)
        return std::unexpected(model.error());
    const auto run = runReceiptFromJson(model->receipt);
    return run ? run->config.mode : TrainMode::Quick;
}

/// What the options say, checked before a picture is read.
Result<TrainConfig> configOf(const TrainWish &wish)
{
    TrainConfig config = wish.config;
    const auto mode = modeOf(wish);
    if (!mode)
        return std::unexpected(mode.error());
    config.mode = *mode;
    const auto device = computingDevice(config);
    if (!device)
        return std::unexpected(device.error());
    const auto precision = choosePrecision(precisionName(config.precision), *device);
    if (!precision)
        return std::unexpected(precision.error());
    config.precision = *precision;
    return wish.output.startModel.empty() ? completed(config) : config; // what is left open is the model's to say
}

/// A run of a project goes into the project, a repeat beside the run that it repeats, another one beside its model.
std::filesystem::path runsFolder(const TrainWish &wish)
{
    if (!wish.repeated.empty())
        return std::filesystem::absolute(wish.repeated / "").lexically_normal().parent_path().parent_path();
    const auto project = Project::fileFor(wish.data);
    if (std::filesystem::is_regular_file(project))
        return std::filesystem::absolute(project).parent_path() / "runs";
    return std::filesystem::absolute(wish.output.modelFile).parent_path() / "runs";
}

/// Can a model be written there? Asked before minutes are spent on it.
Result<void> checkPlace(const std::filesystem::path &model)
{
    std::error_code ignored; // what can't be looked at is no folder
    const auto folder = std::filesystem::absolute(model).parent_path();
    if (!std::filesystem::is_directory(folder, ignored))
        return fail(ErrorCode::NotFound, pathText(folder) + " isn't there: make that folder, or choose another place with --out.", folder);
    if (std::filesystem::is_directory(model, ignored))
        return fail(ErrorCode::InvalidArgument, pathText(model) + " is a folder: name a file for the model with --out.", model);
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) != 0)
        return std::unexpected(systemError(errno, "can't be written to", folder));
    return {};
}

/// "[######      ]" of what is done of the whole run.
std::string progressBar(const TrainProgress &progress)
{
    constexpr int kWidth = 24;
    const double stage = progress.stepsPerEpoch > 0 ? static_cast<double>(progress.step) / progress.stepsPerEpoch : 0.0;
    const double share = progress.epochs > 0 ? (std::max(progress.epoch, 1) - 1 + stage) / progress.epochs : stage;
    return fmt::format("[{:<{}}] ", std::string(static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kWidth), '#'), kWidth);
}

/// "about 2 min left", "2 to 4 min left".
std::string leftText(const TimeLeft &left)
{
    const RoughTime rough = roughly(left);
    const char *unit = rough.unit == TimeUnit::Second ? "s" : rough.unit == TimeUnit::Minute ? "min" : "h";
    if (rough.least == rough.most)
        return fmt::format("about {:g} {} left", rough.most, unit);
    return rough.least <= 0.0 ? fmt::format("less than {:g} {} left", rough.most, unit) : fmt::format("{:g} to {:g} {} left", rough.least, rough.most, unit);
}

std::string progressText(const TrainProgress &progress)
{
    std::string text = progressBar(progress);
    text += progress.epoch > 0 ? fmt::format("epoch {}/{}, step {}/{}", progress.epoch, progress.epochs, progress.step,
                                                        progress.stepsPerEpoch)
                                          : fmt::format("{} of {} pictures", progress.step, progress.stepsPerEpoch);
    if (progress.imagesPerSecond > 0)
        text += fmt::format(", {:.0f} img/s", progress.imagesPerSecond);
    if (progress.memory)
        text += fmt::format(", {:.1f} GB", static_cast<double>(progress.memory->used) / 1e9);
    if (progress.left)
        text += ", " + leftText(*progress.left);
    return text;
}

/// `verdict`: of a run that was repeated.
int printReport(const TrainReport &report, const std::optional<RepeatVerdict> &verdict, bool asJson)
{
    if (asJson) {
        nlohmann::json value = {{"images", report.images},
                                {"classes", report.classes},
                                {"device", report.device},
                                {"precision", report.precision},
                                {"seconds", report.seconds},
                                {"images_per_second", report.imagesPerSecond},
                                {"epochs", report.epochs},
                                {"best_epoch", report.bestEpoch},
                                {"validation_accuracy", nullptr},
                                {"model", report.model.native()},
                                {"run", report.run.native()}};
        if (report.validationAccuracy)
            value["validation_accuracy"] = *report.validationAccuracy;
        if (report.test)
            value["test_accuracy"] = report.test->accuracy();
        if (report.peakMemoryBytes)
            value["peak_memory_bytes"] = *report.peakMemoryBytes;
        if (report.loaderWait) {
            value["loader_wait_share"] = report.loaderWait->share;
            value["loader_waits"] = report.loaderWait->waits;
            value["loader_steps"] = report.loaderWait->steps;
        }
        if (verdict) {
            value["repeat_equal"] = verdict->equal;
            value["repeat_verdict"] = verdict->sentence;
        }
        return printJson(value);
    }
    std::cout << fmt::format("{} pictures, {} classes, {:.1f} s\n", report.images, report.classes.size(), report.seconds);
    if (report.validationAccuracy)
        std::cout << fmt::format("validation: {:.1f} % right\n", 100 * *report.validationAccuracy);
    if (report.test)
        std::cout << fmt::format("test: {:.1f} % right ({} of {} pictures it had not seen)\n", 100 * report.test->accuracy(),
                                 report.test->correct, report.test->total);
    if (report.peakMemoryBytes)
        std::cout << fmt::format("memory: {:.1f} GB at most\n", static_cast<double>(*report.peakMemoryBytes) / 1e9);
    if (report.loaderWait)
        std::cout << fmt::format("waited for pictures: {:.1f} % of the time, in {} of {} steps\n", 100 * report.loaderWait->share, report.loaderWait->waits,
                                 report.loaderWait->steps);
    if (!report.model.empty())
        std::cout << "model: " << pathText(report.model) << '\n';
    std::cout << "run: " << pathText(report.run) << '\n';
    if (verdict)
        std::cout << verdict->sentence << '\n';
    return Done;
}

int exitCode(const TrainReport &report)
{
    switch (report.outcome) {
    case TrainOutcome::Stopped:
        return Interrupted;
    case TrainOutcome::Diverged:
        return Failed;
    case TrainOutcome::Completed:
        break;
    }
    return Done;
}

/// A line an epoch where nobody sees the bar.
void tellEpoch(const MetricPoint &point)
{
    static const bool terminal = ::isatty(STDERR_FILENO) != 0;
    if (!terminal && point.series == MetricSeries::ValidationAccuracy)
        std::cerr << fmt::format("epoch {:.0f}: validation {:.1f} % right\n", point.epoch, 100 * point.value);
}

TrainEvents eventsFor(TrainMode mode, ProgressLine &line, std::string &stage, TensorBoardWriter *board)
{
    TrainEvents events;
    events.onMetric = [board, mode](const MetricPoint &point) {
        if (mode != TrainMode::Quick) // whose points are of the solver's iterations
            tellEpoch(point);
        if (const auto written = board ? board->add(point) : Result<void>(); !written)
            say(written.error().message + " TensorBoard will see no more of this run.");
    };
    events.onStage = [&](const StageChange &change) { line.show(stage = change.text, ""); };
    events.onProgress = [&](const TrainProgress &progress) { line.show(stage, progressText(progress)); };
    events.onMark = [](const RunMark &mark) { say(fmt::format("epoch {:.1f}: {}", mark.epoch, mark.text)); };
    events.onSkipped = &reportSkipped;
    events.onNote = &say;
    return events;
}

int printCurve(const RateCurve &curve, bool asJson)
{
    if (asJson) {
        auto points = nlohmann::json::array();
        for (const RatePoint &point : curve.points)
            points.push_back({{"learning_rate", point.learningRate}, {"loss", point.loss}, {"smoothed_loss", point.smoothedLoss}});
        return printJson({{"suggestion", curve.suggestion ? nlohmann::json(*curve.suggestion) : nlohmann::json()}, {"points", points}});
    }
    std::cout << "learning rate       loss   smoothed\n";
    for (const RatePoint &point : curve.points)
        std::cout << fmt::format("{:13.3g} {:10.4f} {:10.4f}\n", point.learningRate, point.loss, point.smoothedLoss);
    if (curve.suggestion)
        std::cout << fmt::format("suggestion: --learning-rate {:.2g}\n", *curve.suggestion);
    else
        std::cout << "no suggestion: no learning rate made the loss fall. Try more pictures a step, or another network.\n";
    return withOutputChecked(Done);
}

int findRate(const std::shared_ptr<const Snapshot> &snapshot, const TrainConfig &config, ProgressLine &line, const CommandContext &context)
{
    std::string stage;
    const auto curve = findLearningRate(snapshot, config, {}, eventsFor(config.mode, line, stage, nullptr), context.stop);
    line.end();
    return curve ? printCurve(*curve, context.json) : report(curve.error());
}

/// Without DATA, what the run that goes on has kept of its own; nothing for a repeat.
Result<std::shared_ptr<const Snapshot>> readData(const TrainWish &wish, std::uint64_t seed, ProgressLine &line, std::stop_token stop)
{
    if (wish.data.empty()) {
        if (!wish.repeated.empty())
            return nullptr;
        auto own = readSnapshot(wish.output.runFolder / kSnapshotFile);
        if (!own)
            return std::unexpected(own.error());
        return std::make_shared<const Snapshot>(*std::move(own));
    }
    line.show("Reading", pathText(wish.data));
    auto data = loadData(wish.data, {.purpose = wish.repeated.empty() ? DataPurpose::Training : DataPurpose::Measuring, .seed = seed}, std::move(stop));
    if (!data)
        return std::unexpected(data.error());
    for (const SkippedFile &file : data->skipped)
        reportSkipped(file);
    for (SnapshotEntry &entry : data->snapshot.entries)
        entry.file = std::filesystem::absolute(entry.file); // the run keeps it, to be repeated from anywhere
    return std::make_shared<const Snapshot>(std::move(data->snapshot));
}

/// A run that goes on is what it was begun as, whatever the options say.
TrainMode modeOfRun(const TrainWish &wish, const TrainConfig &config)
{
    if (!wish.output.resume)
        return config.mode;
    const auto run = readRunSummary(wish.output.runFolder);
    return run ? run->receipt.config.mode : config.mode;
}

int train(TrainWish wish, const CommandContext &context)
{
    const bool repeats = !wish.repeated.empty();
    auto config = repeats ? Result<TrainConfig>(wish.config) : configOf(wish);
    if (!config)
        return report(config.error());
    if (!wish.findRate) {
        if (const auto place = checkPlace(wish.output.modelFile); !place)
            return report(place.error());
    }
    std::optional<TensorBoardWriter> board;
    if (!wish.tensorboard.empty()) {
        auto writer = TensorBoardWriter::create(wish.tensorboard);
        if (!writer)
            return report(writer.error());
        board.emplace(*std::move(writer));
    }
    ProgressLine line;
    auto snapshot = readData(wish, config->seed, line, context.stop);
    if (snapshot && repeats)
        snapshot = prepareRepeat(wish, snapshot->get());
    if (!snapshot)
        return report(snapshot.error());
    if (repeats)
        config = wish.config;
    if (wish.findRate)
        return findRate(*snapshot, *config, line, context);
    if (wish.output.runFolder.empty())
        wish.output.runFolder = newRunFolder(runsFolder(wish), config->mode);
    std::string stage;
    const auto trained = whisker::train(*snapshot, *config, wish.output, eventsFor(modeOfRun(wish, *config), line, stage, board ? &*board : nullptr), context.stop);
    line.end();
    if (!trained)
        return report(trained.error());
    const auto judged = verdictOn(*trained); // what was trained is told also where that fails
    const int printed = printReport(*trained, judged && *judged ? std::optional(**judged) : std::nullopt, context.json);
    if (judged && !*judged)
        return report(judged->error());
    return printed == Done ? exitCode(*trained) : printed;
}

} // namespace

void addTrainCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("train", "Train a model on a project or on folders of pictures");
    auto wish = std::make_shared<TrainWish>();
    addTrainOptions(*command, *wish);
    command->callback([command, wish, &chosen] {
        checkTrainOptions(*command, *wish);
        chosen = [wish](const CommandContext &context) { return train(*wish, context); };
    });
}

} // namespace whisker
