#pragma once

#include "engine/base/result.h"
#include "engine/image/augment.h"
#include "engine/image/preprocess.h"
#include "engine/nn/device.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whisker {

/// How a network comes to know its classes.
enum class TrainMode {
    Quick,   ///< A pretrained backbone stays as it is, only the classifier is solved for: seconds, and good from ten photographs a class.
    FineTune, ///< From quick's model on, all layers learn a little; what comes of it is kept where it gets more validation pictures right: minutes.
    Scratch, ///< All layers from random weights: minutes to hours; for teaching, and for pictures unlike photographs.
};

std::string_view trainModeName(TrainMode mode); ///< "quick", "finetune", "scratch".
/// Errors: InvalidArgument (no such mode).
Result<TrainMode> trainModeFromName(std::string_view name);

/// What turns gradients into changed weights.
enum class OptimizerKind {
    AdamW, ///< Forgiving about the learning rate.
    Sgd,   ///< With Nesterov's momentum; wants a fitting rate, and often ends a little better.
};
std::string_view optimizerName(OptimizerKind optimizer); ///< "adamw", "sgd".
Result<OptimizerKind> optimizerFromName(std::string_view name); ///< Errors: InvalidArgument (no such optimizer).

/// How the learning rate changes from step to step.
enum class ScheduleKind {
    OneCycle, ///< Up in the first quarter, then down to nothing.
    Cosine,   ///< Down to nothing from the beginning.
    Step,     ///< A tenth of it after each third of the run.
};
std::string_view scheduleName(ScheduleKind schedule); ///< "one-cycle", "cosine", "step".
Result<ScheduleKind> scheduleFromName(std::string_view name); ///< Errors: InvalidArgument (no such schedule).

/// What is done where classes have unlike many pictures.
enum class ClassBalance {
    None,
    Weights,  ///< A picture of a rare class counts for more.
    Sampling, ///< Pictures of a rare class come more often, changed by chance each time anew.
};
std::string_view classBalanceName(ClassBalance balance); ///< "none", "weights", "sampling".
Result<ClassBalance> classBalanceFromName(std::string_view name); ///< Errors: InvalidArgument (no such way).

/// How pictures become squares, as in Preprocessing: "squash", "crop", "letterbox".
std::string_view fitName(Fit fit);
Result<Fit> fitFromName(std::string_view name); ///< Errors: InvalidArgument (no such way).

/// What to train and how. As it stands it is right for a beginner; zero and empty mean "what suits the mode and the architecture".
struct TrainConfig {
    TrainMode mode = TrainMode::Quick;
    std::string architecture{};                    ///< As in architectures(); empty: resnet18 for scratch, else lite0.
    int epochs = 0;                                ///< 1..100000; quick: most iterations of the solver; 0: 100 for quick, 5 for fine-tuning, 20 for scratch.
    int sizePx = 0;                                ///< Side of the pictures, 32..1024; 0: what the architecture was made for.
    std::optional<Fit> fit{};                      ///< How a picture becomes a square; nothing: as the architecture was made for. Goes into the model file.
    int batch = 32;                                ///< Pictures a step, 1..4096.
    Precision precision = Precision::Automatic;
    std::string device = "auto";                   ///< As chooseDevice() takes it.
    std::uint64_t seed = 0;                        ///< Of initial weights, order and augmentation; below 2^53, so that JSON keeps it.
    OptimizerKind optimizer = OptimizerKind::AdamW; ///< Not for quick, like the next five.
    double momentum = 0.9;                         ///< Of SGD, 0..0.999.
    ScheduleKind schedule = ScheduleKind::OneCycle;
    double learningRate = 0.0;                     ///< Highest of the schedule, 0..1e6; 0: 0.001 for AdamW, 0.02 for SGD, 0.15 of it for fine-tuning.
    std::optional<double> firstRateShare{};        ///< Of the first layers, in the learning rate, 0.001..1; by depth it grows to 1. Nothing: 0.1 for fine-tuning, else 1.
    std::optional<double> weightDecay{};           ///< 0..1, as the optimizer counts it; nothing: 0.01 for AdamW, 0.0005 for SGD.
    double labelSmoothing = 0.0;                   ///< 0..0.9: this share of what a picture should be is spread over all classes. Not for quick, like the next six.
    double mixup = 0.0;                            ///< Alpha of the share that pictures are blended by, 0.01..1; 0: never.
    double cutmix = 0.0;                           ///< Alpha of the share that is pasted from another picture, 0.01..1; 0: never.
    ClassBalance balance = ClassBalance::None;
    double averageDecay = 0.0;                     ///< Of a moving average of the weights, which is what is validated and kept; 0..0.99999, 0: none.
    int patience = 0;                              ///< Epochs without better validation after which training ends, 0..100000; 0: never.
    Augmentation augmentation{};
    int threads = 0;                               ///< To compute with, 1..1024; 0: all processors this process may use.
    int loaderThreads = 0;                         ///< To decode with, 1..1024; 0: as suits the mode. What is learnt does not depend on it.

    bool operator==(const TrainConfig &) const = default;
};

/// `config` with every zero and empty field made definite, and the architecture by its own name. Errors: InvalidArgument (an unknown architecture, a
/// field out of its range; the sentence names the field and the range), Unsupported (quick or fine-tuning with an architecture without pretrained
/// weights).
/// `continues`: the run begins with a model (TrainOutput::startModel), which is in place of pretrained weights.
Result<TrainConfig> completed(const TrainConfig &config, bool continues = false);

/// For a run that continues the model of a run of `config` (completed): the same, the learning rate left to its default where it was that.
TrainConfig continuedConfig(const TrainConfig &config);

/// The device that a run of this config computes on, which is not always the one wished for: quick computes on the CPU, whatever there is.
/// Errors: those of chooseDevice() for config.device, also for quick.
Result<Device> computingDevice(const TrainConfig &config);

/// A JSON object with a field for each of the above, for receipts; read back it is the same config.
std::string toJson(const TrainConfig &config);
/// Missing fields keep their defaults, unknown ones are ignored. Errors: BadFormat (no JSON object, a field of the wrong type).
Result<TrainConfig> trainConfigFromJson(std::string_view json);

} // namespace whisker
