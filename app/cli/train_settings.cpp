#include "app/cli/train_settings.h"

#include "engine/base/path_text.h"
#include "engine/base/sentence.h"
#include "engine/nn/architectures.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace whisker {

namespace {

using nlohmann::json;

/// An option that sets something of the run.
struct Setting {
    std::string_view option;
    const char *key; ///< In the config's JSON.
    bool forQuick = true;
};

/// All but --loader-threads, which a run may have anew each time.
constexpr std::array kSettings = std::to_array<Setting>({
    {"--mode", "mode"},
    {"--model", "architecture"},
    {"--epochs", "epochs"},
    {"--size", "size"},
    {"--fit", "fit"},
    {"--batch", "batch"}, // noteForUse()
    {"--precision", "precision"},
    {"--device", "device"},
    {"--threads", "threads"},
    {"--seed", "seed"}, // quick: of which pictures are kept to validate with
    {"--optimizer", "optimizer", false},
    {"--momentum", "momentum", false},
    {"--schedule", "schedule", false},
    {"--learning-rate", "learning_rate", false},
    {"--first-rate-share", "first_rate_share", false},
    {"--weight-decay", "weight_decay", false},
    {"--augment", "augmentation", false},
    {"--label-smoothing", "label_smoothing", false},
    {"--mixup", "mixup", false},
    {"--cutmix", "cutmix", false},
    {"--balance", "balance", false},
    {"--ema", "average_decay", false},
    {"--patience", "patience", false},
});

bool isGiven(const std::vector<std::string> &given, std::string_view option)
{
    return std::ranges::find(given, option) != given.end();
}

std::string withValue(std::string_view option, const json &value)
{
    if (value.is_object())
        return fmt::format("its own {}", option);
    return fmt::format("{} {}", option, value.is_string() ? value.get<std::string>() : value.dump());
}

/// Nothing left to defaults, also where an older Whisker or the window left it.
TrainConfig settingsOf(const RunReceipt &receipt)
{
    TrainConfig config = completed(receipt.config, !receipt.startModel.empty()).value_or(receipt.config);
    const auto device = computingDevice(config);
    if (config.precision == Precision::Automatic && device)
        config.precision = choosePrecision(config.precision, *device);
    return config;
}

bool computesOn(TrainConfig run, const std::string &device)
{
    const auto own = computingDevice(run);
    run.device = device;
    const auto other = computingDevice(run);
    return own && other && deviceName(*own) == deviceName(*other);
}

/// At its end or at that of an earlier part of it.
bool hadEpochs(const RunReceipt &receipt, int epochs)
{
    return std::ranges::find(receipt.cycles, epochs, &ScheduleCycle::epochs) != receipt.cycles.end();
}

/// `wish` in the words of a receipt.
TrainConfig wishedSettings(const TrainWish &wish, const TrainConfig &run)
{
    TrainConfig config = wish.config;
    if (const auto mode = trainModeFromName(wish.mode))
        config.mode = *mode;
    if (const auto architecture = findArchitecture(config.architecture))
        config.architecture = architecture->name;
    if (config.device == "auto" || computesOn(run, config.device))
        config.device = run.device;
    if (config.precision == Precision::Automatic)
        config.precision = run.precision;
    return config;
}

} // namespace

Result<void> checkForUse(const std::vector<std::string> &given, const TrainConfig &config)
{
    if (config.mode != TrainMode::Quick) {
        if (config.optimizer == OptimizerKind::Sgd || !isGiven(given, "--momentum"))
            return {};
        return fail(ErrorCode::InvalidArgument, fmt::format("--momentum is not for {}, which has a running mean of its own: leave it out, or choose --optimizer sgd.",
                                                            optimizerName(config.optimizer)));
    }
    std::vector<std::string> idle;
    for (const Setting &setting : kSettings) {
        if (!setting.forQuick && isGiven(given, setting.option))
            idle.emplace_back(setting.option);
    }
    if (idle.empty())
        return {};
    const bool one = idle.size() == 1;
    return fail(ErrorCode::InvalidArgument, fmt::format("{} {} not for quick training, which solves for its classifier alone: leave {} out, or choose "
                                                        "--mode finetune or scratch.",
                                                        listed(idle), one ? "is" : "are", one ? "it" : "them"));
}

/// Scripts give --batch to every mode, so quick takes it, too; --find-rate is put behind the options of a training and taken away again.
std::string noteForUse(const TrainWish &wish, const TrainConfig &config)
{
    if (config.mode == TrainMode::Quick)
        return isGiven(wish.given, "--batch") ? "--batch changes nothing for quick training, which learns from all pictures at once." : "";
    std::vector<std::string> idle;
    for (const char *option : {"--out", "--run", "--epochs", "--schedule", "--learning-rate", "--ema", "--patience"}) {
        if (wish.findRate && isGiven(wish.given, option))
            idle.emplace_back(option);
    }
    return idle.empty() ? "" : fmt::format("{} {} nothing where learning rates are tried.", listed(idle), idle.size() == 1 ? "changes" : "change");
}

Result<void> checkForRun(const TrainWish &wish, const RunSummary &run)
{
    const TrainConfig settings = settingsOf(run.receipt);
    const json has = json::parse(toJson(settings)), wished = json::parse(toJson(wishedSettings(wish, settings)));
    std::vector<std::string> differing;
    bool epochs = false;
    for (const Setting &setting : kSettings) {
        if (!isGiven(wish.given, setting.option) || has[setting.key] == wished[setting.key])
            continue;
        const bool ofEpochs = setting.option == "--epochs";
        if (ofEpochs && hadEpochs(run.receipt, wish.config.epochs))
            continue; // the command line that it was begun with
        differing.push_back(withValue(setting.option, has[setting.key]));
        epochs = epochs || ofEpochs;
    }
    if (differing.empty())
        return {};
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The run {} goes on with its own settings, {}: leave {} out, or start a new run for others.{}", pathText(run.folder),
                            listed(differing), differing.size() == 1 ? "that option" : "those options", epochs ? " --more-epochs makes this one longer." : ""),
                run.folder);
}

std::string noteForRun(const TrainWish &wish, const RunReceipt &receipt)
{
    const int epochs = wish.config.epochs;
    if (!isGiven(wish.given, "--epochs") || epochs == receipt.config.epochs || !hadEpochs(receipt, epochs))
        return {};
    return fmt::format("--epochs {} is what the run had before it was made longer: it goes on with its own, {}.", epochs, receipt.config.epochs);
}

} // namespace whisker
