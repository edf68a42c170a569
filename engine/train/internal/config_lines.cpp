#include "engine/train/internal/config_lines.h"

#include "engine/nn/architectures.h"

#include <fmt/format.h>

namespace whisker::internal {

namespace {

std::string modeText(TrainMode mode)
{
    switch (mode) {
    case TrainMode::Quick: return "quick";
    case TrainMode::FineTune: return "fine-tune";
    case TrainMode::Scratch: break;
    }
    return "from scratch";
}

std::string networkText(const TrainConfig &config)
{
    const auto info = findArchitecture(config.architecture);
    return info ? std::string(info->title) : config.architecture; // of a newer Whisker, or left open
}

std::string numberOrNone(double value)
{
    return value == 0.0 ? std::string("none") : fmt::format("{:g}", value);
}

std::string percent(double share)
{
    return fmt::format("{:g} %", 100.0 * share);
}

std::string_view interpolationText(Interpolation interpolation)
{
    switch (interpolation) {
    case Interpolation::Bilinear: return "bilinear";
    case Interpolation::Bicubic: return "bicubic";
    case Interpolation::Area: break;
    }
    return "area";
}

/// What only plays a part where all layers learn.
std::vector<ConfigLine> learningLines(const TrainConfig &config)
{
    const Augmentation &change = config.augmentation;
    return {{"Optimizer", config.optimizer == OptimizerKind::Sgd ? "SGD" : "AdamW"},
            {"Momentum", config.optimizer == OptimizerKind::Sgd ? fmt::format("{:g}", config.momentum) : std::string()},
            {"Schedule", std::string(scheduleName(config.schedule))},
            {"Learning rate", fmt::format("{:g}", config.learningRate)},
            {"First layers' rate", config.firstRateShare.value_or(1.0) == 1.0 ? std::string() : percent(*config.firstRateShare) + " of it"},
            {"Weight decay", config.weightDecay ? fmt::format("{:g}", *config.weightDecay) : std::string("as usual")},
            {"Label smoothing", numberOrNone(config.labelSmoothing)},
            {"Mixup", numberOrNone(config.mixup)},
            {"Cutmix", numberOrNone(config.cutmix)},
            {"Rare classes", std::string(classBalanceName(config.balance))},
            {"Average of weights", numberOrNone(config.averageDecay)},
            {"Patience", config.patience == 0 ? std::string("none") : fmt::format("{} epochs", config.patience)},
            {"Crop at least", percent(change.minArea)},
            {"Crop's aspect up to", fmt::format("{:.3g}", change.maxAspect)},
            {"Mirrored", change.flip ? "yes" : "no"},
            {"Brightness", percent(change.brightness)},
            {"Contrast", percent(change.contrast)},
            {"Saturation", percent(change.saturation)},
            {"Resampled", std::string(interpolationText(change.interpolation))}};
}

} // namespace

std::vector<ConfigLine> configLines(const TrainConfig &config)
{
    std::vector<ConfigLine> lines = {{"Mode", modeText(config.mode)},
                                     {"Network", networkText(config)},
                                     {config.mode == TrainMode::Quick ? "Iterations at most" : "Epochs", std::to_string(config.epochs)},
                                     {"Picture size", fmt::format("{} px", config.sizePx)},
                                     {"Fit", config.fit ? std::string(fitName(*config.fit)) : std::string("as usual")},
                                     {"Batch", fmt::format("{} pictures", config.batch)},
                                     {"Precision", std::string(precisionName(config.precision))},
                                     {"Device wished for", config.device},
                                     {"Seed", std::to_string(config.seed)}};
    for (ConfigLine &line : learningLines(config)) {
        if (config.mode == TrainMode::Quick)
            line.value.clear();
        lines.push_back(std::move(line));
    }
    lines.push_back({"Threads", std::to_string(config.threads)});
    lines.push_back({"Loader threads", config.loaderThreads == 0 ? std::string("as suits the mode") : std::to_string(config.loaderThreads)});
    return lines;
}

} // namespace whisker::internal
