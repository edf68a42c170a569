#include "engine/train/internal/start_model.h"

#include "engine/base/counter_random.h"
#include "engine/base/locations.h"
#include "engine/base/path_text.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/known_features.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::uint64_t kFreshRows = 0x726f7773; // a stream of its own of the seed's random numbers

bool isPretrained(const ModelFile &model, const ArchitectureGraph &graph)
{
    const auto architecture = findArchitecture(model.architecture);
    if (!architecture || architecture->pretrainedFile.empty())
        return false;
    const auto pretrained = readSafetensors(resourceFolder() / "weights" / architecture->pretrainedFile);
    return pretrained && isOnBackbone(model.weights, graph, pretrained->weights);
}

bool knows(const ModelFile &model, const std::string &name)
{
    return std::ranges::find(model.classes, name) != model.classes.end();
}

const std::string &classifierOf(const ArchitectureGraph &graph)
{
    return graph.nodes[static_cast<std::size_t>(graph.classifierNode)].name;
}

/// [classes, values of a class]: the rows of `known` by name, others as a linear layer begins.
std::vector<float> rowsFor(const std::vector<std::string> &classes, const ModelFile &model, std::span<const float> known, std::uint64_t seed, std::size_t inputs)
{
    const std::size_t width = known.size() / model.classes.size();
    const double bound = 1.0 / std::sqrt(static_cast<double>(inputs)); // as TrainableModule
    std::vector<float> rows;
    rows.reserve(classes.size() * width);
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const auto place = std::ranges::find(model.classes, classes[k]) - model.classes.begin();
        if (place < std::ssize(model.classes)) {
            const auto row = known.subspan(static_cast<std::size_t>(place) * width, width);
            rows.insert(rows.end(), row.begin(), row.end());
            continue;
        }
        CounterRandom random(seed, kFreshRows + width, k);
        for (std::size_t i = 0; i < width; ++i)
            rows.push_back(static_cast<float>(random.uniform(-bound, bound)));
    }
    return rows;
}

} // namespace

Result<StartModel> readStartModel(const std::filesystem::path &file, const std::vector<std::string> &classes)
{
    auto model = readModel(file);
    if (!model)
        return std::unexpected(model.error());
    const auto digest = hashFile(file);
    if (!digest)
        return std::unexpected(digest.error());
    if (std::ranges::none_of(classes, [&](const std::string &name) { return knows(*model, name); }))
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("{} knows none of these classes, but {}: train a new model instead.", pathText(file), fmt::join(model->classes, ", ")), file);
    const auto graph = buildArchitecture(model->architecture, static_cast<int>(model->classes.size()));
    if (!graph)
        return std::unexpected(graph.error());
    const bool pretrained = isPretrained(*model, *graph);
    return StartModel{std::filesystem::absolute(file).lexically_normal(), *std::move(model), *digest, pretrained};
}

Result<TrainConfig> configOn(const StartModel &start, const TrainConfig &wish)
{
    TrainConfig config = wish;
    const auto own = findArchitecture(start.model.architecture);
    const auto wanted = findArchitecture(wish.architecture.empty() ? start.model.architecture : wish.architecture);
    if (!own || !wanted)
        return std::unexpected((own ? wanted : own).error());
    if (wanted->name != own->name)
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("{} is of the architecture {}, not {}: choose {} to continue it, or train a new model.", pathText(start.file), own->name,
                                wanted->name, own->name),
                    start.file);
    config.architecture = std::string(own->name);
    if (config.sizePx == 0)
        config.sizePx = start.model.preprocessing.sizePx;
    if (!config.fit)
        config.fit = start.model.preprocessing.fit;
    return config;
}

Lineage lineageOf(const StartModel &start, TrainMode mode)
{
    if (start.pretrained && mode != TrainMode::Scratch)
        return {};
    return lineageOf(start.file, start.model, mode == TrainMode::Scratch);
}

ContentHash backboneHash(const Weights &weights, const ArchitectureGraph &graph)
{
    std::string all;
    for (const WeightSpec &spec : weightSpecs(graph)) {
        if (const WeightTensor *tensor = spec.node == graph.classifierNode ? nullptr : weights.find(spec.name))
            all += spec.name + ' ' + hashBytes(tensor->data).toHex() + '\n';
    }
    return hashBytes(std::as_bytes(std::span(all)));
}

Weights weightsFor(const StartModel &start, const ArchitectureGraph &graph, const std::vector<std::string> &classes, std::uint64_t seed)
{
    Weights weights = start.model.weights;
    const auto inputs = static_cast<std::size_t>(graph.featureCount());
    for (const char *part : {".weight", ".bias"}) {
        WeightTensor *tensor = weights.find(classifierOf(graph) + part);
        std::vector<std::int64_t> shape = tensor->shape;
        shape.front() = static_cast<std::int64_t>(classes.size());
        *tensor = WeightTensor::fromFloats(std::move(shape), rowsFor(classes, start.model, tensor->floats(), seed, inputs));
    }
    return weights;
}

bool canBeCompared(const StartModel &start, const Snapshot &snapshot)
{
    for (std::size_t k = 0; k < snapshot.classes.size(); ++k) {
        const auto validates = [&](const SnapshotEntry &entry) { return entry.split == Split::Validation && static_cast<std::size_t>(entry.label) == k; };
        if (!knows(start.model, snapshot.classes[k]) && std::ranges::none_of(snapshot.entries, validates))
            return false;
    }
    return true;
}

} // namespace whisker::internal
