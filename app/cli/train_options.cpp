#include "app/cli/train_options.h"

#include <CLI/CLI.hpp>
#include <map>
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

void addWhatToTrain(CLI::App &command, TrainWish &wish)
{
    TrainConfig &config = wish.config;
    command.add_option("--mode", wish.mode, "quick: pretrained network, seconds; finetune: quick, then all its layers, minutes; scratch: all layers from nothing")
        ->check(CLI::IsMember({"quick", "finetune", "scratch"}))
        ->default_str("quick");
    command.add_option("--model", config.architecture, "Architecture; default resnet18 for scratch, else lite0");
    command.add_option("--epochs", config.epochs, "Rounds over the pictures")->check(CLI::Range(1, 100000));
    command.add_option("--size", config.sizePx, "Side of the pictures in pixels")->check(CLI::Range(32, 1024));
    command.add_option_function<std::string>("--fit", [&config](const std::string &name) { config.fit = fitFromName(name).value(); },
                                             "How pictures become squares; crop: their middle, the usual way; squash: all of them, bent; letterbox: all of them, with borders")
        ->check(CLI::IsMember({"squash", "crop", "letterbox"}));
    command.add_option("--batch", config.batch, "Pictures a step")->check(CLI::Range(1, 4096))->capture_default_str();
    addChoice(command, "--precision", config.precision,
              {{"auto", Precision::Automatic}, {"fp32", Precision::Float32}, {"bf16", Precision::BFloat16}}, "Arithmetic");
    command.add_option("--device", config.device, "auto, cpu or cuda:N")->capture_default_str();
    command.add_option("--threads", config.threads, "To compute with; default all processors")->check(CLI::Range(1, 1024));
    command.add_option("--loader-threads", config.loaderThreads, "To read pictures with; what is learnt does not depend on it")->check(CLI::Range(1, 1024));
    command.add_option("--seed", config.seed, "Of weights, order and augmentation")->capture_default_str();
}

void addHowToLearn(CLI::App &command, TrainConfig &config)
{
    addChoice(command, "--optimizer", config.optimizer, {{"adamw", OptimizerKind::AdamW}, {"sgd", OptimizerKind::Sgd}},
              "adamw: forgiving about the rate; sgd: with Nesterov's momentum");
    command.add_option("--momentum", config.momentum, "Of sgd")->check(CLI::Range(0.0, 0.999))->capture_default_str();
    addChoice(command, "--schedule", config.schedule,
              {{"one-cycle", ScheduleKind::OneCycle}, {"cosine", ScheduleKind::Cosine}, {"step", ScheduleKind::Step}},
              "How the learning rate changes: up, then down; down; a tenth after each third");
    command.add_option("--learning-rate", config.learningRate, "Highest of the schedule; default 0.001 for adamw, 0.02 for sgd")
        ->check(CLI::Range(1e-12, 1e6));
    command.add_option("--weight-decay", config.weightDecay, "Default 0.01 for adamw, 0.0005 for sgd")->check(CLI::Range(0.0, 1.0));
}

void addWhatKeepsItGeneral(CLI::App &command, TrainConfig &config)
{
    const CLI::Validator alpha = CLI::Range(0.01, 1.0);
    command.add_option("--label-smoothing", config.labelSmoothing, "Share of a label that is spread over all classes")->check(CLI::Range(0.0, 0.9));
    command.add_option("--mixup", config.mixup, "Blend pictures; 0.01..1, how strongly (0.2 is usual)")->check(alpha);
    command.add_option("--cutmix", config.cutmix, "Paste parts of other pictures; 0.01..1, how strongly (1 is usual)")->check(alpha);
    addChoice(command, "--balance", config.balance,
              {{"none", ClassBalance::None}, {"weights", ClassBalance::Weights}, {"sampling", ClassBalance::Sampling}},
              "Rare classes: their pictures count for more, or come more often");
    command.add_option("--ema", config.averageDecay, "Keep a moving average of the weights with this decay (0.99 to 0.9999)")->check(CLI::Range(0.0, 0.99999));
    command.add_option("--patience", config.patience, "End after so many epochs without better validation")->check(CLI::Range(1, 100000));
}

} // namespace

void addTrainOptions(CLI::App &command, TrainWish &wish)
{
    command.add_option("DATA", wish.data, "Project, folder of class folders, or folder with train/, val/, test/")->required();
    command.add_option("--out", wish.output.modelFile, "Where the model goes (.safetensors)");
    addWhatToTrain(command, wish);
    addHowToLearn(command, wish.config);
    addWhatKeepsItGeneral(command, wish.config);
    auto *run = command.add_option("--run", wish.output.runFolder, "Folder for receipt, metrics and checkpoint");
    auto *resume = command.add_flag("--resume", wish.output.resume, "Go on from the checkpoint in --run, with its options")->needs(run);
    auto *continued = command.add_option("--continue", wish.output.startModel,
                                         "Model (.safetensors) to begin with, for new pictures or labels; mode, architecture and size are its own where they are not given")
                          ->excludes(resume);
    command.add_option("--more-epochs", wish.output.moreEpochs, "With --resume: so many epochs more than it had, also for a finished run")
        ->check(CLI::Range(1, 100000))
        ->needs(resume);
    auto *board = command.add_option("--tensorboard", wish.tensorboard, "Folder where the curves are written for TensorBoard as well");
    command.add_flag("--find-rate", wish.findRate, "Try learning rates for a hundred steps and suggest one, without a model")->excludes(resume)->excludes(board)->excludes(continued);
}

} // namespace whisker
