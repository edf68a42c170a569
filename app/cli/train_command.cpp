#include "app/cli/command.h"
#include "app/cli/train_narrator.h"
#include "app/cli/train_options.h"
#include "app/cli/train_repeat.h"
#include "app/cli/train_report.h"
#include "app/cli/train_settings.h"

#include "engine/base/path_text.h"
#include "engine/data/load_data.h"
#include "engine/data/project.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/model_file.h"
#include "engine/train/rate_finder.h"
#include "engine/train/run_folder.h"
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
    if (const auto fit = checkForUse(wish.given, config); !fit)
        return std::unexpected(fit.error());
    const auto device = computingDevice(config);
    if (!device)
        return std::unexpected(device.error());
    const auto precision = choosePrecision(precisionName(config.precision), *device);
    if (!precision)
        return std::unexpected(precision.error());
    config.precision = *precision;
    return wish.output.startModel.empty() ? completed(config) : config; // what is left open is the model's to say
}

void sayNote(const std::string &note)
{
    if (!note.empty())
        say(note);
}

/// The run goes on with its own settings, but how many threads read pictures is taken anew.
Result<TrainConfig> configToGoOnWith(const TrainWish &wish)
{
    const auto run = readRunSummary(wish.output.runFolder);
    if (!run)
        return std::unexpected(run.error());
    if (const auto same = checkForRun(wish, *run); !same)
        return std::unexpected(same.error());
    sayNote(noteForRun(wish, run->receipt));
    TrainConfig config = run->receipt.config;
    config.loaderThreads = wish.config.loaderThreads;
    return config;
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
    Narrator narrator(config.mode, line, nullptr);
    const auto curve = findLearningRate(snapshot, config, {}, narrator.events(), context.stop);
    line.clear();
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

/// Of a run that goes on; where they can't be read train() says what is wrong with its folder.
std::vector<MetricPoint> pointsSoFar(const TrainOutput &output)
{
    auto run = output.resume ? readRun(output.runFolder) : Result<RunRecord>();
    return run ? std::move(run->metrics) : std::vector<MetricPoint>();
}

int train(TrainWish wish, const CommandContext &context)
{
    const bool repeats = !wish.repeated.empty();
    auto config = repeats ? Result<TrainConfig>(wish.config) : wish.output.resume ? configToGoOnWith(wish) : configOf(wish);
    if (!config)
        return report(config.error());
    sayNote(noteForUse(wish, *config));
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
    Narrator narrator(config->mode, line, board ? &*board : nullptr, pointsSoFar(wish.output));
    const auto trained = whisker::train(*snapshot, *config, wish.output, narrator.events(), context.stop);
    line.clear(); // what is said of the run stands in the place of the bar
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
