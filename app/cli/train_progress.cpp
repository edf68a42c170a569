#include "app/cli/train_progress.h"

#include <algorithm>
#include <fmt/format.h>

namespace whisker {

namespace {

/// "[######      ]" of what is done of the whole run.
std::string progressBar(const TrainProgress &progress)
{
    constexpr int kWidth = 16; // leaves room for the time left where a terminal is narrow
    const double stage = progress.stepsPerEpoch > 0 ? static_cast<double>(progress.step) / progress.stepsPerEpoch : 0.0;
    const double share = progress.epochs > 0 ? (std::max(progress.epoch, 1) - 1 + stage) / progress.epochs : stage;
    return fmt::format("[{:<{}}]", std::string(static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kWidth), '#'), kWidth);
}

/// "about 2 min left", "2 to 4 min left".
std::string leftText(const TimeLeft &left)
{
    const RoughTime rough = roughly(left);
    const char *unit = rough.unit == TimeUnit::Second ? "s" : rough.unit == TimeUnit::Minute ? "min" : "h";
    if (rough.least == rough.most)
        return fmt::format("about {:g} {} left", rough.most, unit);
    return rough.least <= 0.0 ? fmt::format("less than {:g} {} left", rough.most, unit) : fmt::format("{:g} to {:g} {} left", rough.least, rough.most, unit);
}

std::string doneText(const TrainProgress &progress, TrainMode mode)
{
    if (progress.epoch == 0)
        return fmt::format("{} of {} pictures", progress.step, progress.stepsPerEpoch);
    return fmt::format("{} {} of {}", mode == TrainMode::Quick ? "iteration" : "epoch", progress.epoch, progress.epochs);
}

} // namespace

std::vector<std::string> progressParts(const TrainProgress &progress, TrainMode mode, const std::string &stage)
{
    std::vector<std::string> parts = {progressBar(progress) + " " + doneText(progress, mode)};
    if (progress.left)
        parts.push_back(leftText(*progress.left));
    if (progress.imagesPerSecond > 0)
        parts.push_back(fmt::format("{:.0f} img/s", progress.imagesPerSecond));
    if (progress.memory)
        parts.push_back(fmt::format("{:.1f} GB", static_cast<double>(progress.memory->used) / 1e9));
    if (progress.epoch > 0 && mode != TrainMode::Quick)
        parts.push_back(fmt::format("step {} of {}", progress.step, progress.stepsPerEpoch));
    parts.push_back(stage);
    return parts;
}

std::optional<std::string> EpochLines::add(const MetricPoint &point)
{
    switch (point.series) {
    case MetricSeries::TrainingLoss: {
        auto line = finish();
        m_lossSum += point.value;
        ++m_steps;
        return line;
    }
    case MetricSeries::TrainingAccuracy: // comes before the validation
        m_trained = point.epoch;
        break;
    case MetricSeries::ValidationLoss:
        m_validationLoss = point.value;
        break;
    case MetricSeries::ValidationAccuracy:
        return lineOf(point.epoch, point.value);
    case MetricSeries::LearningRate:
        break;
    }
    return std::nullopt;
}

std::optional<std::string> EpochLines::finish()
{
    return m_trained ? std::optional(lineOf(*m_trained, std::nullopt)) : std::nullopt;
}

std::string EpochLines::lineOf(double epoch, std::optional<double> accuracy)
{
    std::string line = fmt::format("epoch {:.0f}:", epoch);
    if (accuracy)
        line += fmt::format(" validation {:.1f} % right", 100 * *accuracy);
    if (m_validationLoss)
        line += fmt::format(", loss {:#.3g}", *m_validationLoss);
    if (m_steps > 0) // none where the weights that a run begins with were validated
        line += fmt::format("{} training loss {:#.3g}", accuracy ? ";" : "", m_lossSum / m_steps);
    *this = {};
    return line;
}

} // namespace whisker
