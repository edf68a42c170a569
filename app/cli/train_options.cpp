#include "app/cli/train_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string>

namespace whisker {

namespace {

/// An option with a word for each value.
template <class Value>
CLI::Option *addChoice(CLI::App &command, const std::string &name, Value &target, const std::map<std::string, Value> &values, const std::string &text)
{
    std::vector<std::string> words;
    std::string standard;
    for (const auto &[word, value] : values) {
        words.push_back(word);
        if (value == target)
            standard = word;
    }
    auto *option = command.add_option_function<std::string>(name, [&target, values](const std::string &word) { target = values.at(word); }, text);
    return option->check(CLI::IsMember(words))->default_str(standard);
}

/// "crop,flip": those kinds of change and no others; "none": none.
Augmentation augmentationOf(const std::string &kinds)
{
    const Augmentation usual;
    Augmentation chosen{.minArea = 1.0, .maxAspect = 1.0, .flip = false, .brightness = 0.0, .contrast = 0.0, .saturation = 0.0};
    if (kinds.empty())
        throw CLI::ValidationError("--augment", "is empty: name kinds with commas between, or none");
    std::istringstream words(kinds == "none" ? "" : kinds);
    for (std::string kind; std::getline(words, kind, ',');) {
        if (kind == "crop") {
            chosen.minArea = usual.minArea;
            chosen.maxAspect = usual.maxAspect;
        } else if (kind == "flip") {
            chosen.flip = usual.flip;
        } else if (kind == "brightness") {
            chosen.brightness = usual.brightness;
        } else if (kind == "contrast") {
            chosen.contrast = usual.contrast;
        } else if (kind == "saturation") {
            chosen.saturation = usual.saturation;
        } else {
            throw CLI::ValidationError("--augment", "\"" + kind + "\" is none of crop, flip, brightness, contrast and saturation, which may stand with commas between");
        }
    }
    return chosen;
}

void addWhatToTrain(CLI::App &command, TrainWish &wish)
{
    TrainConfig &config = wish.config;
    command.option_defaults()->group("What is trained");
    command.add_option("--mode", wish.mode, "quick: pretrained network, seconds; finetune: quick, then all its layers, minutes; scratch: all layers from nothing")
        ->check(CLI::IsMember({"quick", "finetune", "scratch"}))
        ->default_str("quick");
    command.add_option("--model", config.architecture,
                       "Architecture: lite0, lite1, lite2, mobilenet_v2, resnet18, resnet34, resnet50 or small; default resnet18 for scratch, else lite0")
        ->type_name("NAME");
    command.add_option("--epochs", config.epochs, "Rounds over the pictures; default 20 for scratch, 5 for finetune; quick: iterations at most, default 100")
        ->check(CLI::Range(1, 100000));
    command.add_option("--size", config.sizePx, "Side of the pictures in pixels; default what the architecture was made for")->check(CLI::Range(32, 1024));
    command.add_option_function<std::string>("--fit", [&config](const std::string &name) { config.fit = fitFromName(name).value(); },
                                             "How pictures become squares; crop: their middle, the usual way; squash: all of them, bent; letterbox: "
                                             "all of them, with borders")
        ->check(CLI::IsMember({"squash", "crop", "letterbox"}));
    command.add_option("--batch", config.batch, "Pictures a step")->check(CLI::Range(1, 4096))->capture_default_str();
    addChoice(command, "--precision", config.precision,
              {{"auto", Precision::Automatic}, {"fp32", Precision::Float32}, {"bf16", Precision::BFloat16}}, "Arithmetic");
    command.add_option("--device", config.device, "auto, cpu or cuda:N")->type_name("NAME")->capture_default_str();
    command.add_option("--threads", config.threads, "To compute with; default all processors")->check(CLI::Range(1, 1024));
    command.add_option("--loader-threads", config.loaderThreads, "To read pictures with; what is learnt does not depend on it")->check(CLI::Range(1, 1024));
    command.add_option("--seed", config.seed, "Of weights, order and augmentation")->capture_default_str();
}

void addHowToLearn(CLI::App &command, TrainConfig &config)
{
    command.option_defaults()->group("How it learns (not for quick)");
    addChoice(command, "--optimizer", config.optimizer, {{"adamw", OptimizerKind::AdamW}, {"sgd", OptimizerKind::Sgd}},
              "adamw: forgiving about the rate; sgd: with Nesterov's momentum");
    command.add_option("--momentum", config.momentum, "Of sgd")->check(CLI::Range(0.0, 0.999))->capture_default_str();
    addChoice(command, "--schedule", config.schedule,
              {{"one-cycle", ScheduleKind::OneCycle}, {"cosine", ScheduleKind::Cosine}, {"step", ScheduleKind::Step}},
              "How the learning rate changes; one-cycle: up, then down; cosine: down; step: a tenth after each third");
    command.add_option("--learning-rate", config.learningRate, "Highest of the schedule; default 0.001 for adamw, 0.02 for sgd, 0.15 of that for finetune")
        ->check(CLI::Range(1e-12, 1e6));
    command.add_option("--first-rate-share", config.firstRateShare, "What the first layers learn at, as a share of the rate; default 0.1 for finetune, else 1")
        ->check(CLI::Range(0.001, 1.0));
    command.add_option("--weight-decay", config.weightDecay, "Default 0.01 for adamw, 0.0005 for sgd")->check(CLI::Range(0.0, 1.0));
}

void addWhatKeepsItGeneral(CLI::App &command, TrainConfig &config)
{
    command.option_defaults()->group("What keeps it general (not for quick)");
    command.add_option_function<std::string>("--augment", [&config](const std::string &kinds) { config.augmentation = augmentationOf(kinds); },
                                             "What chance may change of a picture to learn from, with commas between, or none")
        ->type_name("KIND,KIND...")
        ->default_str("crop,flip,brightness,contrast,saturation");
    const CLI::Validator alpha = CLI::Range(0.01, 1.0);
    command.add_option("--label-smoothing", config.labelSmoothing, "Share of a label that is spread over all classes")->check(CLI::Range(0.0, 0.9));
    command.add_option("--mixup", config.mixup, "Blend pictures, so strongly; 0.2 is usual")->check(alpha);
    command.add_option("--cutmix", config.cutmix, "Paste parts of other pictures, so strongly; 1 is usual")->check(alpha);
    addChoice(command, "--balance", config.balance,
              {{"none", ClassBalance::None}, {"weights", ClassBalance::Weights}, {"sampling", ClassBalance::Sampling}},
              "Rare classes: their pictures count for more, or come more often");
    command.add_option("--ema", config.averageDecay, "Keep a moving average of the weights with this decay (0.99 to 0.9999)")->check(CLI::Range(0.0, 0.99999));
    command.add_option("--patience", config.patience, "End after so many epochs without better validation")->check(CLI::Range(1, 100000));
}

void checkGoesWithRepeat(const std::vector<std::string> &given)
{
    constexpr std::array<std::string_view, 7> kGoWithRepeat = {"DATA", "--out", "--run", "--tensorboard", "--loader-threads", "--repeat", "--json"};
    for (const std::string &option : given) {
        if (std::ranges::find(kGoWithRepeat, option) == kGoWithRepeat.end())
            throw CLI::ExcludesError("--repeat", option);
    }
}

} // namespace

void addTrainOptions(CLI::App &command, TrainWish &wish)
{
    command.add_option("DATA", wish.data, "Project, folder of class folders, or folder with train/, val/, test/")->type_name("");
    command.add_option("--out", wish.output.modelFile, "Where the model goes (.safetensors)")->type_name("FILE");
    addWhatToTrain(command, wish);
    addHowToLearn(command, wish.config);
    addWhatKeepsItGeneral(command, wish.config);
    command.option_defaults()->group("The run");
    auto *run = command.add_option("--run", wish.output.runFolder,
                                   "Folder for receipt, metrics and checkpoint; default a new one in runs/ of the project, or beside the model")
                    ->type_name("FOLDER");
    auto *resume = command.add_flag("--resume", wish.output.resume, "Go on from the checkpoint in --run, with its options; without DATA with its own list of pictures")->needs(run);
    auto *continued = command.add_option("--continue", wish.output.startModel,
                                         "Model (.safetensors) to begin with, for new pictures or labels; mode, architecture and size are its own where they are not given")
                          ->type_name("FILE")
                          ->excludes(resume);
    command.add_option("--more-epochs", wish.output.moreEpochs, "With --resume: so many epochs more than it had, also for a finished run")
        ->check(CLI::Range(1, 100000))
        ->needs(resume);
    auto *board = command.add_option("--tensorboard", wish.tensorboard, "Folder where the curves are written for TensorBoard as well")->type_name("FOLDER");
    command.add_flag("--find-rate", wish.findRate, "Try learning rates for a hundred steps and suggest one, without a model")
        ->excludes(resume)
        ->excludes(board)
        ->excludes(continued);
    command.add_option("--repeat", wish.repeated,
                       "Folder of a run to make once more, with its own pictures and settings, and to say whether it comes out equal; DATA, which may be "
                       "left out, is where pictures that were moved since are looked for")
        ->type_name("FOLDER");
    command.option_defaults()->group("Options"); // of those that all commands have
}

void checkTrainOptions(const CLI::App &command, TrainWish &wish)
{
    for (const CLI::Option *option : command.get_options([](const CLI::Option *one) { return one->count() > 0; }))
        wish.given.push_back(option->get_name());
    if (wish.repeated.empty() && wish.data.empty() && !wish.output.resume)
        throw CLI::RequiredError("DATA");
    if (!wish.findRate && wish.output.modelFile.empty())
        throw CLI::RequiredError("--out");
    if (!wish.repeated.empty())
        checkGoesWithRepeat(wish.given);
}

} // namespace whisker
