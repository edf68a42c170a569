#include "engine/train/internal/sample_order.h"

#include <algorithm>

namespace whisker::internal {

std::vector<std::size_t> balancedOrder(std::span<const int> labels, int classCount, CounterRandom random)
{
    std::vector<std::vector<std::size_t>> ofClass(static_cast<std::size_t>(classCount));
    for (std::size_t i = 0; i < labels.size(); ++i)
        ofClass[static_cast<std::size_t>(labels[i])].push_back(i);
    std::erase_if(ofClass, [](const auto &places) { return places.empty(); });
    const std::vector<std::size_t> turn = shuffledIndices(ofClass.size(), CounterRandom(random.next())); // who gets what does not divide
    std::vector<std::size_t> order;
    order.reserve(labels.size());
    for (std::size_t t = 0; t < turn.size(); ++t) {
        const std::vector<std::size_t> &places = ofClass[turn[t]];
        const std::size_t wanted = labels.size() / turn.size() + (t < labels.size() % turn.size() ? 1 : 0);
        const std::vector<std::size_t> mixed = shuffledIndices(places.size(), CounterRandom(random.next()));
        for (std::size_t i = 0; i < wanted; ++i)
            order.push_back(places[mixed[i % mixed.size()]]);
    }
    std::vector<std::size_t> result;
    result.reserve(order.size());
    for (const std::size_t place : shuffledIndices(order.size(), CounterRandom(random.next())))
        result.push_back(order[place]);
    return result;
}

std::vector<float> balancingWeights(std::span<const int> labels, int classCount)
{
    std::vector<std::size_t> counts(static_cast<std::size_t>(classCount));
    for (const int label : labels)
        ++counts[static_cast<std::size_t>(label)];
    const auto present = static_cast<double>(std::ranges::count_if(counts, [](std::size_t count) { return count > 0; }));
    std::vector<float> weights;
    for (const std::size_t count : counts)
        weights.push_back(count == 0 ? 0.0f : static_cast<float>(static_cast<double>(labels.size()) / (present * static_cast<double>(count))));
    return weights;
}

} // namespace whisker::internal
