#include "engine/train/internal/known_features.h"

#include "engine/base/locations.h"
#include "engine/nn/architectures.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

namespace whisker::internal {

namespace {

constexpr int kFeatureVersion = 1;        // goes up when the same picture would get other features
constexpr std::size_t kAppendAtOnce = 64; // pictures between two writes to the cache

} // namespace

bool isOnBackbone(const Weights &weights, const ArchitectureGraph &graph, const Weights &backbone)
{
    for (const WeightSpec &spec : weightSpecs(graph)) {
        if (spec.node == graph.classifierNode)
            continue;
        const WeightTensor *own = weights.find(spec.name), *theirs = backbone.find(spec.name);
        if (!own || !theirs || *own != *theirs)
            return false;
    }
    return true;
}

Result<FeatureCache> openFeatureCache(const std::filesystem::path &folder, const ContentHash &backbone, const Preprocessing &preprocessing,
                                      Precision precision, int featureCount)
{
    const std::string text = fmt::format("{} {} {} {}", kFeatureVersion, backbone.toHex(), preprocessingDigest(preprocessing), precisionName(precision));
    const std::string key = hashBytes(std::as_bytes(std::span(text))).toHex();
    return FeatureCache::open(folder.empty() ? userCacheFolder() / "features" : folder, key, featureCount);
}

KnownFeatures::KnownFeatures(FeatureCache cache, std::vector<float> weight, std::vector<float> bias)
    : m_cache(std::move(cache)), m_weight(std::move(weight)), m_bias(std::move(bias))
{
}

std::optional<KnownFeatures> KnownFeatures::of(const ModelFile &model, const ArchitectureGraph &graph, Precision precision, const std::filesystem::path &folder)
{
    const auto architecture = findArchitecture(model.architecture);
    if (!architecture || architecture->pretrainedFile.empty())
        return std::nullopt;
    const auto weightsFile = resourceFolder() / "weights" / architecture->pretrainedFile;
    const auto pretrained = readSafetensors(weightsFile);
    const auto backbone = hashFile(weightsFile);
    if (!pretrained || !backbone || !isOnBackbone(model.weights, graph, pretrained->weights))
        return std::nullopt;
    const std::string &classifier = graph.nodes[static_cast<std::size_t>(graph.classifierNode)].name;
    const WeightTensor *weight = model.weights.find(classifier + ".weight"), *bias = model.weights.find(classifier + ".bias");
    if (!weight || !bias || weight->dtype != DType::Float32 || bias->dtype != DType::Float32)
        return std::nullopt;
    auto cache = openFeatureCache(folder, *backbone, model.preprocessing, precision, graph.featureCount());
    if (!cache)
        return std::nullopt;
    return KnownFeatures(*std::move(cache), {weight->floats().begin(), weight->floats().end()}, {bias->floats().begin(), bias->floats().end()});
}

std::vector<float> KnownFeatures::logits(const std::vector<float> &features) const
{
    std::vector<float> logits(m_bias);
    for (std::size_t k = 0; k < logits.size(); ++k)
        logits[k] = std::inner_product(features.begin(), features.end(), m_weight.begin() + static_cast<std::ptrdiff_t>(k * features.size()), logits[k]);
    return logits;
}

void KnownFeatures::add(const ContentHash &hash, std::vector<float> features)
{
    m_new.push_back({hash, std::move(features)});
    if (m_new.size() >= kAppendAtOnce)
        keep();
}

void KnownFeatures::keep()
{
    if (!m_new.empty())
        (void)m_cache.append(m_new);
    m_new.clear();
}

} // namespace whisker::internal
