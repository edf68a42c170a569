#include "engine/train/train_config.h"

#include "engine/base/thread_pool.h"
#include "engine/nn/architectures.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace whisker {

namespace {

using nlohmann::json;

constexpr double kFineTuneShare = 0.15; // of the learning rate from scratch, for the last layers: what is pretrained needs little and is soon spoilt
constexpr double kFirstRateShare = 0.1; // for fine-tuning: first layers know what fits any photograph (Howard and Ruder, 2018, arXiv 1801.06146, 3.2)
constexpr double kContinuedShare = 1.0; // the same for a scratch run that begins with a model: docs/benchmarks.md
constexpr std::uint64_t kLargestJsonInteger = std::uint64_t(1) << 53; // beyond it not every reader of JSON keeps an integer

double shareOfRate(TrainMode mode, bool continues)
{
    return mode == TrainMode::FineTune ? kFineTuneShare : mode == TrainMode::Scratch && continues ? kContinuedShare : 1.0;
}

template <class Number> Result<void> checkRange(const char *field, Number value, Number low, Number high)
{
    if (value >= low && value <= high)
        return {}; // written so that NaN fails
    return fail(ErrorCode::InvalidArgument, fmt::format("{} is {}, but must lie between {} and {}.", field, value, low, high));
}

Result<void> checkMixing(const char *kind, double alpha)
{
    if (alpha == 0.0 || (alpha >= 0.01 && alpha <= 1.0))
        return {};
    return fail(ErrorCode::InvalidArgument, fmt::format("The strength of {} is {}, but must be 0 or lie between 0.01 and 1.", kind, alpha));
}

Result<void> checkAugmentation(const Augmentation &augmentation)
{
    if (!(augmentation.minArea > 0.0 && augmentation.minArea <= 1.0))
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The least area of a random crop is {}, but must lie above 0 and be at most 1.", augmentation.minArea));
    if (!(augmentation.maxAspect >= 1.0 && augmentation.maxAspect <= 100.0))
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The greatest aspect of a random crop is {}, but must lie between 1 and 100.", augmentation.maxAspect));
    for (const double strength : {augmentation.brightness, augmentation.contrast, augmentation.saturation}) {
        if (!(strength >= 0.0 && strength < 1.0))
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("A change of brightness, contrast or saturation is {}, but must be at least 0 and below 1.", strength));
    }
    return {};
}

Result<void> checkRanges(const TrainConfig &config)
{
    const std::initializer_list<Result<void>> checks = {
        checkRange("The number of epochs", config.epochs, 1, 100000),
        checkRange("The size of the pictures", config.sizePx, 32, 1024),
        checkRange("The batch", config.batch, 1, 4096),
        checkRange("The seed", config.seed, std::uint64_t(0), kLargestJsonInteger - 1),
        checkRange("The learning rate", config.learningRate, 0.0, 1e6),
        checkRange("The share of the learning rate for the first layers", config.firstRateShare.value_or(1.0), 0.001, 1.0),
        checkRange("The momentum", config.momentum, 0.0, 0.999),
        checkRange("The weight decay", config.weightDecay.value_or(0.0), 0.0, 1.0),
        checkRange("The smoothing of labels", config.labelSmoothing, 0.0, 0.9),
        checkMixing("mixup", config.mixup),
        checkMixing("cutmix", config.cutmix),
        checkRange("The decay of the average of weights", config.averageDecay, 0.0, 0.99999),
        checkRange("The patience", config.patience, 0, 100000),
        checkRange("The number of threads", config.threads, 1, 1024),
        checkRange("The number of loader threads", config.loaderThreads, 0, 1024),
        checkAugmentation(config.augmentation)};
    for (const Result<void> &check : checks) {
        if (!check)
            return check;
    }
    return {};
}

template <class Value, std::size_t N> using Names = std::array<std::pair<Value, std::string_view>, N>;
constexpr Names<OptimizerKind, 2> kOptimizers = {{{OptimizerKind::AdamW, "adamw"}, {OptimizerKind::Sgd, "sgd"}}};
constexpr Names<ScheduleKind, 3> kSchedules = {
    {{ScheduleKind::OneCycle, "one-cycle"}, {ScheduleKind::Cosine, "cosine"}, {ScheduleKind::Step, "step"}}};
constexpr Names<ClassBalance, 3> kBalances = {
    {{ClassBalance::None, "none"}, {ClassBalance::Weights, "weights"}, {ClassBalance::Sampling, "sampling"}}};

constexpr Names<Fit, 3> kFits = {{{Fit::Squash, "squash"}, {Fit::CentreCrop, "crop"}, {Fit::Letterbox, "letterbox"}}};

template <class Value, std::size_t N> std::string_view nameIn(const Names<Value, N> &names, Value value)
{
    return std::ranges::find(names, value, [](const auto &known) { return known.first; })->second;
}

/// `what`: "optimizer", for the sentence where there is none of that name.
template <class Value, std::size_t N> Result<Value> valueIn(const Names<Value, N> &names, const char *what, std::string_view name)
{
    std::string all;
    for (const auto &[value, known] : names) {
        if (known == name)
            return value;
        all += fmt::format("{}{}", all.empty() ? "" : ", ", known);
    }
    return fail(ErrorCode::InvalidArgument, fmt::format("There is no {} \"{}\": choose one of {}.", what, name, all));
}

std::string_view interpolationName(Interpolation interpolation)
{
    switch (interpolation) {
    case Interpolation::Bilinear: return "bilinear";
    case Interpolation::Bicubic: return "bicubic";
    case Interpolation::Area: return "area";
    }
    return "bilinear";
}

Interpolation interpolationFromName(const std::string &name)
{
    return name == "bicubic" ? Interpolation::Bicubic : name == "area" ? Interpolation::Area : Interpolation::Bilinear;
}

Precision precisionFromName(const std::string &name)
{
    return name == "fp32" ? Precision::Float32 : name == "bf16" ? Precision::BFloat16 : Precision::Automatic;
}

json augmentationJson(const Augmentation &augmentation)
{
    return {{"min_area", augmentation.minArea},     {"max_aspect", augmentation.maxAspect}, {"flip", augmentation.flip},
            {"brightness", augmentation.brightness}, {"contrast", augmentation.contrast},    {"saturation", augmentation.saturation},
            {"interpolation", interpolationName(augmentation.interpolation)}};
}

Augmentation augmentationFromJson(const json &object)
{
    Augmentation augmentation;
    augmentation.minArea = object.value("min_area", augmentation.minArea);
    augmentation.maxAspect = object.value("max_aspect", augmentation.maxAspect);
    augmentation.flip = object.value("flip", augmentation.flip);
    augmentation.brightness = object.value("brightness", augmentation.brightness);
    augmentation.contrast = object.value("contrast", augmentation.contrast);
    augmentation.saturation = object.value("saturation", augmentation.saturation);
    augmentation.interpolation = interpolationFromName(object.value("interpolation", std::string("bilinear")));
    return augmentation;
}

} // namespace

std::string_view trainModeName(TrainMode mode)
{
    switch (mode) {
    case TrainMode::Quick: return "quick";
    case TrainMode::FineTune: return "finetune";
    case TrainMode::Scratch: break;
    }
    return "scratch";
}

Result<TrainMode> trainModeFromName(std::string_view name)
{
    for (const TrainMode mode : {TrainMode::Quick, TrainMode::FineTune, TrainMode::Scratch}) {
        if (trainModeName(mode) == name)
            return mode;
    }
    return fail(ErrorCode::InvalidArgument, fmt::format("There is no training mode \"{}\": choose quick, finetune or scratch.", name));
}

std::string_view optimizerName(OptimizerKind optimizer)
{
    return nameIn(kOptimizers, optimizer);
}

Result<OptimizerKind> optimizerFromName(std::string_view name)
{
    return valueIn(kOptimizers, "optimizer", name);
}

std::string_view scheduleName(ScheduleKind schedule)
{
    return nameIn(kSchedules, schedule);
}

Result<ScheduleKind> scheduleFromName(std::string_view name)
{
    return valueIn(kSchedules, "schedule", name);
}

std::string_view classBalanceName(ClassBalance balance)
{
    return nameIn(kBalances, balance);
}

Result<ClassBalance> classBalanceFromName(std::string_view name)
{
    return valueIn(kBalances, "way to balance classes", name);
}

std::string_view fitName(Fit fit)
{
    return nameIn(kFits, fit);
}

Result<Fit> fitFromName(std::string_view name)
{
    return valueIn(kFits, "way to fit pictures", name);
}

Result<Device> computingDevice(const TrainConfig &config)
{
    const bool quick = config.mode == TrainMode::Quick;
    if (quick && config.device == "auto")
        return chooseDevice("cpu"); // without a second for the driver of a GPU that stays idle
    auto wished = chooseDevice(config.device);
    return wished && quick ? chooseDevice("cpu") : wished;
}

Result<TrainConfig> completed(const TrainConfig &config, bool continues)
{
    TrainConfig full = config;
    if (full.architecture.empty())
        full.architecture = full.mode == TrainMode::Scratch ? "resnet18" : "lite0";
    const auto architecture = findArchitecture(full.architecture);
    if (!architecture)
        return std::unexpected(architecture.error());
    full.architecture = std::string(architecture->name);
    if (full.mode != TrainMode::Scratch && architecture->pretrainedFile.empty() && !continues)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} comes without pretrained weights, so it cannot be {}: choose lite0, or the mode scratch.", architecture->title,
                                full.mode == TrainMode::Quick ? "trained quickly" : "fine-tuned"));
    if (full.epochs == 0)
        full.epochs = full.mode == TrainMode::Quick ? 100 : full.mode == TrainMode::FineTune ? 5 : 20;
    if (full.sizePx == 0)
        full.sizePx = architecture->defaultPx;
    if (!full.fit)
        full.fit = Fit::CentreCrop; // all of them were
    const bool sgd = full.optimizer == OptimizerKind::Sgd;
    if (full.learningRate == 0.0)
        full.learningRate = (sgd ? 2e-2 : 1e-3) * shareOfRate(full.mode, continues);
    if (!full.firstRateShare)
        full.firstRateShare = full.mode == TrainMode::FineTune ? kFirstRateShare : 1.0;
    if (!full.weightDecay)
        full.weightDecay = sgd ? 5e-4 : 1e-2;
    if (full.threads == 0)
        full.threads = static_cast<int>(usableProcessors());
    if (const auto checked = checkRanges(full); !checked)
        return std::unexpected(checked.error());
    return full;
}

TrainConfig continuedConfig(const TrainConfig &config)
{
    TrainConfig open = config;
    open.learningRate = 0.0;
    for (const bool continued : {false, true}) {
        if (const auto full = completed(open, continued); full && full->learningRate == config.learningRate)
            return open;
    }
    return config;
}

std::string toJson(const TrainConfig &config)
{
    return json{{"mode", trainModeName(config.mode)},
                {"architecture", config.architecture},
                {"epochs", config.epochs},
                {"size", config.sizePx},
                {"fit", config.fit ? json(fitName(*config.fit)) : json(nullptr)},
                {"batch", config.batch},
                {"precision", precisionName(config.precision)},
                {"device", config.device},
                {"seed", config.seed},
                {"optimizer", optimizerName(config.optimizer)},
                {"momentum", config.momentum},
                {"schedule", scheduleName(config.schedule)},
                {"learning_rate", config.learningRate},
                {"first_rate_share", config.firstRateShare ? json(*config.firstRateShare) : json(nullptr)},
                {"weight_decay", config.weightDecay ? json(*config.weightDecay) : json(nullptr)},
                {"label_smoothing", config.labelSmoothing},
                {"mixup", config.mixup},
                {"cutmix", config.cutmix},
                {"balance", classBalanceName(config.balance)},
                {"average_decay", config.averageDecay},
                {"patience", config.patience},
                {"augmentation", augmentationJson(config.augmentation)},
                {"threads", config.threads},
                {"loader_threads", config.loaderThreads}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<TrainConfig> trainConfigFromJson(std::string_view text)
{
    try {
        const json object = json::parse(text);
        const auto mode = trainModeFromName(object.value("mode", std::string("quick")));
        if (!mode)
            return std::unexpected(mode.error());
        const auto optimizer = optimizerFromName(object.value("optimizer", std::string("adamw")));
        if (!optimizer)
            return std::unexpected(optimizer.error());
        const auto schedule = scheduleFromName(object.value("schedule", std::string("one-cycle")));
        if (!schedule)
            return std::unexpected(schedule.error());
        const auto balance = classBalanceFromName(object.value("balance", std::string("none")));
        if (!balance)
            return std::unexpected(balance.error());
        TrainConfig config;
        config.mode = *mode;
        config.balance = *balance;
        config.optimizer = *optimizer;
        config.schedule = *schedule;
        config.momentum = object.value("momentum", config.momentum);
        config.architecture = object.value("architecture", config.architecture);
        config.epochs = object.value("epochs", config.epochs);
        config.sizePx = object.value("size", config.sizePx);
        if (const json name = object.value("fit", json()); !name.is_null()) {
            const auto fit = fitFromName(name.get<std::string>());
            if (!fit)
                return std::unexpected(fit.error());
            config.fit = *fit;
        }
        config.batch = object.value("batch", config.batch);
        config.precision = precisionFromName(object.value("precision", std::string("auto")));
        config.device = object.value("device", config.device);
        config.seed = object.value("seed", config.seed);
        config.learningRate = object.value("learning_rate", config.learningRate);
        if (const auto share = object.find("first_rate_share"); share != object.end() && !share->is_null())
            config.firstRateShare = share->get<double>();
        else if (share == object.end() && config.learningRate > 0.0)
            config.firstRateShare = 1.0; // a run of before it was written, when all layers learnt alike
        if (const json decay = object.value("weight_decay", json()); !decay.is_null())
            config.weightDecay = decay.get<double>();
        config.labelSmoothing = object.value("label_smoothing", config.labelSmoothing);
        config.mixup = object.value("mixup", config.mixup);
        config.cutmix = object.value("cutmix", config.cutmix);
        config.averageDecay = object.value("average_decay", config.averageDecay);
        config.patience = object.value("patience", config.patience);
        config.augmentation = augmentationFromJson(object.value("augmentation", json::object()));
        config.threads = object.value("threads", config.threads);
        config.loaderThreads = object.value("loader_threads", config.loaderThreads);
        return config;
    } catch (const json::exception &exception) {
        return fail(ErrorCode::BadFormat, fmt::format("The configuration of a run cannot be read: {}.", exception.what()));
    }
}

} // namespace whisker
