#pragma once

#include "engine/base/result.h"
#include "engine/image/augment.h"
#include "engine/nn/device.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace whisker {

/// How a network comes to know its classes.
enum class TrainMode {
    Quick,   ///< A pretrained backbone stays as it is, only the classifier is solved for: seconds, and good from ten photographs a class.
    Scratch, ///< All layers from random weights: minutes to hours; for teaching, and for pictures unlike photographs.
};

std::string_view trainModeName(TrainMode mode); ///< "quick", "scratch".
/// Errors: Unsupported (`finetune`, which this version doesn't have), InvalidArgument (no such mode).
Result<TrainMode> trainModeFromName(std::string_view name);

/// What to train and how. As it stands it is right for a beginner; zero and empty mean "what suits the mode and the architecture".
struct TrainConfig {
    TrainMode mode = TrainMode::Quick;
    std::string architecture{};                    ///< As in architectures(); empty: lite0 for quick, resnet18 for scratch.
    int epochs = 0;                                ///< 1..100000; quick: most iterations of the solver; 0: 100 for quick, 20 for scratch.
    int sizePx = 0;                                ///< Side of the pictures, 32..1024; 0: what the architecture was made for.
    int batch = 32;                                ///< Pictures a step, 1..4096.
    Precision precision = Precision::Automatic;
    std::string device = "auto";                   ///< As chooseDevice() takes it.
    std::uint64_t seed = 0;                        ///< Of initial weights, order and augmentation; below 2^53, so that JSON keeps it.
    double learningRate = 0.0;                     ///< Highest of the schedule, 0..1e6, scratch only; 0: 0.001.
    double weightDecay = 0.01;                     ///< 0..1, as AdamW counts it; scratch only.
    Augmentation augmentation{};                   ///< Scratch only.
    int threads = 0;                               ///< To compute with, 1..1024; 0: all processors this process may use.
    int loaderThreads = 0;                         ///< To decode with, 1..1024; 0: as suits the mode. What is learnt does not depend on it.

    bool operator==(const TrainConfig &) const = default;
};

/// `config` with every zero and empty field made definite, and the architecture by its own name. Errors: InvalidArgument (an unknown architecture, a
/// field out of its range; the sentence names the field and the range), Unsupported (quick with an architecture without pretrained weights).
Result<TrainConfig> completed(const TrainConfig &config);

/// The device that a run of this config computes on, which is not always the one wished for: quick computes on the CPU, whatever there is.
/// Errors: those of chooseDevice() for config.device, also for quick.
Result<Device> computingDevice(const TrainConfig &config);

/// A JSON object with a field for each of the above, for receipts; read back it is the same config.
std::string toJson(const TrainConfig &config);
/// Missing fields keep their defaults, unknown ones are ignored. Errors: BadFormat (no JSON object, a field of the wrong type).
Result<TrainConfig> trainConfigFromJson(std::string_view json);

} // namespace whisker
