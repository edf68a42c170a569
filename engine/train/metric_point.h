#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whisker {

/// The curves of a run. Losses are mean cross-entropies in nats, accuracies lie in [0, 1]. New ones go to the end.
enum class MetricSeries { TrainingLoss, ValidationLoss, TrainingAccuracy, ValidationAccuracy, LearningRate };

/// "training_loss", "validation_loss", "training_accuracy", "validation_accuracy", "learning_rate".
std::string_view metricSeriesName(MetricSeries series);
std::optional<MetricSeries> metricSeriesFromName(std::string_view name);

/// One point of a curve.
struct MetricPoint {
    MetricSeries series = MetricSeries::TrainingLoss;
    std::int64_t step = 0; ///< Steps done when it was taken, from 1 (0: before the first); quick: iterations of the solver.
    double epoch = 0.0;    ///< The same in epochs: step / steps an epoch; quick: as step.
    double value = 0.0;

    bool operator==(const MetricPoint &) const = default;
};

/// Something that happened to a run, for its curves: "went on for 20 more epochs".
struct RunMark {
    std::int64_t step = 0; ///< Steps done when it happened.
    double epoch = 0.0;    ///< The same in epochs.
    std::string text{};    ///< A phrase for people.

    bool operator==(const RunMark &) const = default;
};

} // namespace whisker
