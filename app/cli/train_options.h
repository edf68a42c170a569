#pragma once

#include "engine/train/train.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace whisker {

/// What a user asks of `whisker-cli train`.
struct TrainWish {
    std::filesystem::path data{};
    TrainOutput output{};
    std::string mode{}; ///< As trainModeFromName() takes it; empty: quick, or that of the model to continue.
    TrainConfig config{};
    std::filesystem::path tensorboard{}; ///< Folder for TensorBoard's files; empty: none.
    bool findRate = false; ///< Try learning rates in place of training.
    std::vector<std::string> given{}; ///< Names of the options that were given: "--epochs".
    std::filesystem::path repeated{}; ///< Folder of a run to make once more; empty: a new run.
};

/// Adds DATA and all options to `command`; parsing fills `wish`, which must live as long.
void addTrainOptions(CLI::App &command, TrainWish &wish);

/// What one option can't tell: that others are missing or don't go with it. Fills wish.given, too. Throws CLI::ParseError.
void checkTrainOptions(const CLI::App &command, TrainWish &wish);

} // namespace whisker
