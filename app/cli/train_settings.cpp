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
    {"--batch", "batch"}, // noteForMode()
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

bool isGiven(const std::vector<std::string> &given, const Setting &setting)
{
    return std::ranges::find(given, setting.option) != given.end();
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

Result<void> checkForMode(const std::vector<std::string> &given, TrainMode mode)
{
    std::vector<std::string> idle;
    for (const Setting &setting : kSettings) {
        if (mode == TrainMode::Quick && !setting.forQuick && isGiven(given, setting))
            idle.emplace_back(setting.option);
    }
    if (idle.empty())
        return {};
    const bool one = idle.size() == 1;
    return fail(ErrorCode::InvalidArgument, fmt::format("{} {} not for quick training, which solves for its classifier alone: leave {} out, or choose "
                                                        "--mode finetune or scratch.",
                                                        listed(idle), one ? "is" : "are", one ? "it" : "them"));
}

/// Scripts give --batch to every mode, so quick takes it, too.
std::string noteForMode(const std::vector<std::string> &given, TrainMode mode)
{
    const bool idle = mode == TrainMode::Quick && std::ranges::find(given, "--batch") != given.end();
    return idle ? "--batch changes nothing for quick training, which learns from all pictures at once." : "";
}

Result<void> checkForRun(const TrainWish &wish, const RunSummary &run)
{
    const TrainConfig settings = settingsOf(run.receipt);
    const json has = json::parse(toJson(settings)), wished = json::parse(toJson(wishedSettings(wish, settings)));
    std::vector<std::string> differing;
    bool epochs = false;
    for (const Setting &setting : kSettings) {
        if (!isGiven(wish.given, setting) || has[setting.key] == wished[setting.key])
            continue;
        differing.push_back(withValue(setting.option, has[setting.key]));
        epochs = epochs || setting.option == "--epochs";
    }
    if (differing.empty())
        return {};
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The run {} goes on with its own settings, {}: leave {} out, or start a new run for others.{}", pathText(run.folder),
                            listed(differing), differing.size() == 1 ? "that option" : "those options", epochs ? " --more-epochs makes this one longer." : ""),
                run.folder);
}

} // namespace whisker
