#pragma once

#include "engine/nn/architecture_graph.h"
#include "engine/nn/device.h"
#include "engine/train/internal/feature_cache.h"
#include "engine/train/model_file.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace whisker::internal {

/// The cache of the features that a backbone gives, under the one key that training and answering share. `backbone`: the hash of the pretrained weights' file,
/// or backboneHash(). `folder` empty: the user's. Errors: as FeatureCache::open().
Result<FeatureCache> openFeatureCache(const std::filesystem::path &folder, const ContentHash &backbone, const Preprocessing &preprocessing,
                                      Precision precision, int featureCount);

/// All tensors below the classifier are those of `backbone`, bit for bit.
bool isOnBackbone(const Weights &weights, const ArchitectureGraph &graph, const Weights &backbone);

/// Answers of a model that is a classifier on the pretrained backbone as it came (what Quick makes) for pictures whose features are on disk. One thread at a time.
class KnownFeatures {
public:
    /// Nothing where the model's weights below its classifier differ in a bit from the pretrained ones, or the cache can't be opened. `folder` as above.
    static std::optional<KnownFeatures> of(const ModelFile &model, const ArchitectureGraph &graph, Precision precision, const std::filesystem::path &folder);

    std::optional<std::vector<float>> find(const ContentHash &hash) const { return m_cache.find(hash); }
    /// [classCount], before softmax. Precondition: as many features as the classifier takes.
    std::vector<float> logits(const std::vector<float> &features) const;
    /// Kept for the next time; written to disk many at once, and by keep(). What can't be written is only not there the next time.
    void add(const ContentHash &hash, std::vector<float> features);
    void keep();

private:
    KnownFeatures(FeatureCache cache, std::vector<float> weight, std::vector<float> bias);
    FeatureCache m_cache;
    std::vector<FeatureCache::Entry> m_new;
    std::vector<float> m_weight; // [classCount, featureCount]
    std::vector<float> m_bias;   // [classCount]
};

} // namespace whisker::internal
