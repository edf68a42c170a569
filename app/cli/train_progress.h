#pragma once

#include "engine/train/train_config.h"
#include "engine/train/train_events.h"

#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// What a line of progress says, the most important first: how far it is, how long it still takes, how fast it goes. `stage`: StageChange::text.
std::vector<std::string> progressParts(const TrainProgress &progress, TrainMode mode, const std::string &stage);

/// Makes of a run's points a line for each epoch: "epoch 3: validation 81.2 % right, loss 0.452; training loss 0.391".
class EpochLines {
public:
    /// The line of the epoch that has ended with this point, or was found to have ended before it.
    std::optional<std::string> add(const MetricPoint &point);
    /// That of a last epoch without validation, which is known to be whole only when something else begins.
    std::optional<std::string> finish();

private:
    std::string lineOf(double epoch, std::optional<double> accuracy);

    double m_lossSum = 0.0; ///< Of the steps of the epoch under way.
    int m_steps = 0;
    std::optional<double> m_validationLoss{};
    std::optional<double> m_trained{}; ///< The epoch that is trained, and not validated so far.
};

} // namespace whisker
