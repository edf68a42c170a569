#pragma once

#include "engine/nn/architecture_graph.h"
#include "engine/nn/weights.h"
#include "engine/train/internal/feature_cache.h"
#include "engine/train/internal/picture_pipeline.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/softmax_head.h"
#include "engine/train/internal/time_forecast.h"

#include <optional>
#include <span>
#include <vector>

namespace whisker::internal {

/// From the pictures of a snapshot to their features: from the cache, else through the backbone. What can't be read is told to the recorder. On the thread
/// of train().
class FeatureSource {
public:
    /// Keeps references.
    FeatureSource(RunContext &context, const ArchitectureGraph &graph, const Weights &weights, Preprocessing preprocessing);

    /// Features of every entry of `splits`; `backbone` as openFeatureCache() takes it. Errors: of the plan; a stop leaves the rest empty.
    Result<void> collect(const ContentHash &backbone, std::span<const Split> splits);

    LabelledFeatures ofSplit(Split split) const; ///< Without those that are missing.
    std::vector<bool> usable() const;            ///< Of each entry: its features are there.
    std::size_t pictures() const { return m_features.size(); }
    double imagesPerSecond() const { return m_imagesPerSecond; } ///< 0 where all came from the cache.

private:
    void openCache(const ContentHash &backbone);
    Result<void> compute(const std::vector<std::size_t> &missing);
    void receive(std::size_t entry, Result<PictureOutput> output);
    void appendToCache();
    void report(std::size_t done, std::size_t total);

    RunContext &m_context;
    const ArchitectureGraph &m_graph;
    const Weights &m_weights;
    const Preprocessing m_preprocessing;
    std::vector<std::vector<float>> m_features; ///< Of each entry; empty where there are none.
    std::optional<FeatureCache> m_cache;
    std::vector<FeatureCache::Entry> m_new;
    SpeedMeter m_speed;
    TimeForecast m_forecast{1}; ///< Of kForecastUnit pictures.
    double m_sinceForecast = 0.0;
    double m_imagesPerSecond = 0.0;
};

} // namespace whisker::internal
