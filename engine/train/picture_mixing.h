#pragma once

#include "engine/base/counter_random.h"
#include "engine/image/rgb_image.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <span>

namespace whisker {

/// How a picture to learn from is mixed with another: mixup blends them (Zhang et al., 2018, arXiv 1710.09412), cutmix puts a rectangle of the other onto it
/// (Yun et al., 2019, arXiv 1905.04899). How much is drawn from Beta(alpha, alpha), the greater part staying the picture's own; where both are asked for, chance
/// says which. The label is mixed by the same shares.
struct PictureMixing {
    double mixup = 0.0;  ///< Alpha, 0.01..1; 0: never.
    double cutmix = 0.0; ///< Alpha, 0.01..1; 0: never.

    PictureMixing() = default;
    explicit PictureMixing(const TrainConfig &config) : mixup(config.mixup), cutmix(config.cutmix) {}
    bool any() const { return mixup > 0.0 || cutmix > 0.0; }
    bool operator==(const PictureMixing &) const = default;
};

/// Mixes `other`, a square, into `own`, the pixels of one of the same size. Gives how much is still its own, in [0.5, 1]. A function of its arguments alone.
/// Any thread. Precondition: mixing.any().
double mixPicture(std::span<std::uint8_t> own, const RgbView &other, const PictureMixing &mixing, CounterRandom random);

} // namespace whisker
