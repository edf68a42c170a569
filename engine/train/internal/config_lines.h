#pragma once

#include "engine/train/train_config.h"

#include <string>
#include <vector>

namespace whisker::internal {

/// A setting as a person reads it: "Learning rate", "0.001".
struct ConfigLine {
    std::string name{};
    std::string value{};
};

/// All settings of `config`, always as many and in the same order, so that two configs can be laid beside each other line by line. The value of one that plays no
/// part (the optimizer of quick, the momentum of AdamW) is empty.
std::vector<ConfigLine> configLines(const TrainConfig &config);

} // namespace whisker::internal
