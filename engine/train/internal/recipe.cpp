#include "engine/train/internal/recipe.h"

#include "engine/nn/architectures.h"
#include "engine/train/internal/sample_order.h"

#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr double kMemorySeconds = 5.0;

} // namespace

Result<ReadyRun> readyRun(const Snapshot &snapshot, const TrainConfig &wish, bool continues)
{
    auto config = completed(wish, continues);
    if (!config)
        return std::unexpected(config.error());
    auto device = computingDevice(*config);
    if (!device)
        return std::unexpected(device.error());
    const auto precision = choosePrecision(precisionName(config->precision), *device);
    if (!precision)
        return std::unexpected(precision.error());
    if (const auto checked = checkTrainable(snapshot, "The data"); !checked)
        return std::unexpected(checked.error());
    return ReadyRun{*std::move(config), *std::move(device), *precision};
}

double SpeedMeter::skip()
{
    const auto begin = std::exchange(m_begin, Clock::now());
    return std::chrono::duration<double>(m_begin - begin).count();
}

double SpeedMeter::add(std::size_t images)
{
    const double seconds = skip();
    const double fade = std::exp(-seconds / kMemorySeconds);
    m_images = m_images * fade + static_cast<double>(images);
    m_seconds = m_seconds * fade + seconds;
    return seconds;
}

double SpeedMeter::imagesPerSecond() const
{
    return m_seconds > 0.0 ? m_images / m_seconds : 0.0;
}

Result<void> checkEveryClassHasTraining(const Snapshot &snapshot, const std::vector<bool> &usable)
{
    std::vector<std::size_t> counts(snapshot.classes.size());
    for (std::size_t i = 0; i < snapshot.entries.size(); ++i) {
        if (usable[i] && snapshot.entries[i].split == Split::Train)
            ++counts[static_cast<std::size_t>(snapshot.entries[i].label)];
    }
    for (std::size_t label = 0; label < counts.size(); ++label) {
        if (counts[label] == 0)
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("The class \"{}\" has no picture to learn from that can be read: add pictures of it, or move some of its "
                                    "pictures to the training split.",
                                    snapshot.classes[label]));
    }
    return {};
}

std::vector<float> classWeightsFor(const TrainConfig &config, const Snapshot &snapshot)
{
    if (config.balance != ClassBalance::Weights)
        return {};
    std::vector<int> labels;
    for (const std::size_t entry : snapshot.indicesOf(Split::Train))
        labels.push_back(snapshot.entries[entry].label);
    return balancingWeights(labels, static_cast<int>(snapshot.classes.size()));
}

Result<Preprocessing> preprocessingFor(const TrainConfig &config)
{
    const auto architecture = findArchitecture(config.architecture);
    if (!architecture)
        return std::unexpected(architecture.error());
    Preprocessing preprocessing = architecture->name.starts_with("lite") ? efficientNetLitePreprocessing(config.sizePx)
                                                                         : imageNetPreprocessing(config.sizePx);
    preprocessing.cropShare = architecture->cropShare;
    preprocessing.fit = config.fit.value_or(preprocessing.fit);
    return preprocessing;
}

} // namespace whisker::internal
