#include "engine/train/metric_point.h"

#include <array>
#include <utility>

namespace whisker {

namespace {

constexpr std::array kNames = {std::pair(MetricSeries::TrainingLoss, std::string_view("training_loss")),
                               std::pair(MetricSeries::ValidationLoss, std::string_view("validation_loss")),
                               std::pair(MetricSeries::TrainingAccuracy, std::string_view("training_accuracy")),
                               std::pair(MetricSeries::ValidationAccuracy, std::string_view("validation_accuracy")),
                               std::pair(MetricSeries::LearningRate, std::string_view("learning_rate"))};

} // namespace

std::string_view metricSeriesName(MetricSeries series)
{
    for (const auto &[known, name] : kNames) {
        if (known == series)
            return name;
    }
    return "unknown";
}

std::optional<MetricSeries> metricSeriesFromName(std::string_view name)
{
    for (const auto &[series, known] : kNames) {
        if (known == name)
            return series;
    }
    return std::nullopt;
}

} // namespace whisker
