#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/train/train_config.h"
#include "engine/train/train_events.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace whisker {

/// The range of learning rates that is tried.
struct RateRange {
    double lowest = 1e-6;  ///< > 0.
    double highest = 10.0; ///< > lowest.
    int steps = 100;       ///< From one to the other, 10..10000, each a constant factor more.
};

struct RatePoint {
    double learningRate = 0.0;
    double loss = 0.0;         ///< Mean cross-entropy of the step's batch, before the step; nats.
    double smoothedLoss = 0.0; ///< Running mean of the last ten or so.

    bool operator==(const RatePoint &) const = default;
};

struct RateCurve {
    std::vector<RatePoint> points{};     ///< In order of the rate; ends early where the loss runs away.
    std::optional<double> suggestion{};  ///< For TrainConfig::learningRate; nothing where no rate made the loss fall.
};

/// The learning rate range test (Smith, 2017, arXiv 1506.01186, section 3.3): trains on the snapshot's training pictures while the rate grows from step to
/// step, and throws the weights away. The suggestion is a tenth of the rate at which the smoothed loss was least: there it still falls, with room to where it
/// runs away. A function of (snapshot, config, range) alone, but where memory is too scarce for a batch: then it is computed in parts, as train() does, and a
/// note says so. Blocks; events tell stages and progress in steps.
///
/// Errors: InvalidArgument (the config, the range, the mode quick, which has no learning rate; data that can't be learnt from), Cancelled, and those of train().
/// Never throws.
Result<RateCurve> findLearningRate(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config, const RateRange &range = {},
                                   const TrainEvents &events = {}, std::stop_token stop = {});

namespace internal {
/// findLearningRate() on a machine that has so many bytes left; nothing: on this one. So tests make memory scarce.
Result<RateCurve> findLearningRateWithin(std::optional<std::uint64_t> availableBytes, std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config,
                                         const RateRange &range, const TrainEvents &events, std::stop_token stop);
} // namespace internal

/// The suggestion for a curve; nothing where the smoothed loss never fell by a twentieth below where it began.
std::optional<double> suggestedRate(const std::vector<RatePoint> &points);

} // namespace whisker
