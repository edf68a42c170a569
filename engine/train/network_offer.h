#pragma once

#include "engine/train/speed_probe.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <optional>

namespace whisker {

/// What a network costs that could be trained with a config.
struct NetworkOffer {
    int sizePx = 0;                       ///< Of the pictures: the config's, or what the network was made for.
    std::int64_t weights = 0;             ///< As NetworkCost::weights.
    std::int64_t trainingBytes = 0;       ///< Of a step on this machine's processor: trainingBytes().
    std::optional<NetworkSpeed> speed{};  ///< At that size, reckoned from `measured`; nothing where that is nothing.
};

/// Of `config` the size, the batch and the precision count; where they are out of their ranges the next that is in them. `measured`: as measureSpeed() gives it.
NetworkOffer networkOffer(const ArchitectureInfo &network, const TrainConfig &config, const std::optional<NetworkSpeed> &measured);

/// `speed` in two digits: more would claim what a probe of a second can't know.
double roundedSpeed(double speed);

} // namespace whisker
