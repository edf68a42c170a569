#include "engine/train/internal/feature_source.h"

#include "engine/train/internal/known_features.h"
#include "engine/train/internal/prepared_pictures.h"

#include <algorithm>
#include <stop_token>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::size_t kForecastUnit = 16; // pictures: they come in chunks of 8 from each thread
constexpr std::size_t kAppendAtOnce = 64; // pictures between two writes to the cache: a crash loses no more

} // namespace

FeatureSource::FeatureSource(RunContext &context, const ArchitectureGraph &graph, const Weights &weights, Preprocessing preprocessing)
    : m_context(context), m_graph(graph), m_weights(weights), m_preprocessing(std::move(preprocessing)),
      m_features(context.snapshot.entries.size())
{
}

Result<void> FeatureSource::collect(const ContentHash &backbone, std::span<const Split> splits)
{
    openCache(backbone);
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < m_features.size(); ++i) {
        if (std::ranges::find(splits, m_context.snapshot.entries[i].split) == splits.end())
            continue;
        if (auto known = m_cache ? m_cache->find(m_context.snapshot.entries[i].hash) : std::nullopt)
            m_features[i] = *std::move(known);
        else
            missing.push_back(i);
    }
    return missing.empty() ? Result<void>() : compute(missing);
}

void FeatureSource::openCache(const ContentHash &backbone)
{
    auto cache = openFeatureCache(m_context.output.cacheFolder, backbone, m_preprocessing, m_context.precision, m_graph.featureCount());
    if (cache)
        m_cache.emplace(*std::move(cache));
    else
        m_context.recorder.warn(cache.error().message + " Training goes on; the next run will have to compute the features again.");
}

Result<void> FeatureSource::compute(const std::vector<std::size_t> &missing)
{
    const auto plan = InferencePlan::compile(m_graph, m_weights, planOptionsFor(m_preprocessing, m_context.precision));
    if (!plan)
        return std::unexpected(plan.error());
    PreparedPictures pictures(m_context.snapshot, missing, m_preprocessing);
    std::size_t done = 0;
    std::vector<std::size_t> again; // what memory did not suffice for
    std::optional<Error> failure; // of the network: the pictures are not to be left out for it
    std::stop_source end;
    const std::stop_callback whenAsked(m_context.stop, [&end] { end.request_stop(); });
    const auto begin = std::chrono::steady_clock::now();
    const auto look = [&](const std::vector<std::size_t> &entries, const PipelineOptions &options, bool mayLookAgain) {
        const auto take = [&](std::size_t index, Result<PictureOutput> output) {
            if (!output && isOfNetwork(output.error())) {
                failure = std::move(output.error());
                end.request_stop();
            } else if (!output && output.error().code == ErrorCode::Internal && mayLookAgain) {
                again.push_back(entries[index]);
                return;
            } else {
                receive(entries[index], std::move(output));
            }
            report(++done, missing.size());
        };
        runPictures(*plan, m_preprocessing, entries.size(), pictures.source(entries), options, take, end.get_token());
    };
    look(missing, {PlanOutput::Features, m_context.config.threads}, true);
    look(again, {PlanOutput::Features, 1}, false);
    appendToCache();
    m_imagesPerSecond = static_cast<double>(done) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return failure ? Result<void>(std::unexpected(*std::move(failure))) : Result<void>(); // what was computed is in the cache for the next try
}

void FeatureSource::receive(std::size_t entry, Result<PictureOutput> output)
{
    const SnapshotEntry &picture = m_context.snapshot.entries[entry];
    if (!output) {
        m_context.recorder.skip(picture.file, output.error().message);
        return;
    }
    m_features[entry] = std::move(output->values);
    m_new.push_back({picture.hash, m_features[entry]});
    if (m_new.size() >= kAppendAtOnce)
        appendToCache();
}

void FeatureSource::appendToCache()
{
    if (!m_cache || m_new.empty())
        return;
    if (const auto appended = m_cache->append(m_new); !appended) {
        m_context.recorder.warn(appended.error().message + " Training goes on; the next run will have to compute the features again.");
        m_cache.reset();
    }
    m_new.clear();
}

void FeatureSource::report(std::size_t done, std::size_t total)
{
    m_sinceForecast += m_speed.add(1);
    if (done % kForecastUnit == 0)
        m_forecast.add(std::exchange(m_sinceForecast, 0.0));
    TrainProgress progress;
    progress.stage = TrainStage::Preparing;
    progress.step = static_cast<int>(done);
    progress.stepsPerEpoch = static_cast<int>(total);
    progress.imagesPerSecond = m_speed.imagesPerSecond();
    progress.left = m_forecast.forUnits(static_cast<std::int64_t>((total - done + kForecastUnit - 1) / kForecastUnit));
    m_context.recorder.progress(progress);
}

LabelledFeatures FeatureSource::ofSplit(Split split) const
{
    LabelledFeatures table;
    table.featureCount = m_graph.featureCount();
    for (const std::size_t entry : m_context.snapshot.indicesOf(split)) {
        if (!m_features[entry].empty())
            table.append(m_features[entry], m_context.snapshot.entries[entry].label);
    }
    return table;
}

std::vector<bool> FeatureSource::usable() const
{
    std::vector<bool> usable;
    for (const auto &features : m_features)
        usable.push_back(!features.empty());
    return usable;
}

} // namespace whisker::internal
