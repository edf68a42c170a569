#include "engine/train/internal/batch_mixer.h"

#include "engine/base/counter_random.h"

#include <cstddef>
#include <span>

namespace whisker::internal {

namespace {

constexpr std::uint64_t kMixStream = 0x4d4958; // keeps these draws apart from those of the order and of dropout

} // namespace

MixedLabels BatchMixer::mix(TrainingBatch &batch, std::int64_t step) const
{
    const auto count = static_cast<std::size_t>(batch.size());
    if (!m_mixing.any() || count < 2)
        return {};
    const auto number = static_cast<std::uint64_t>(step);
    const std::vector<std::size_t> partner = shuffledIndices(count, CounterRandom(m_seed + kMixStream, number));
    const auto before = batch.pixels;
    const std::size_t bytes = before.size() / count;
    MixedLabels labels;
    for (std::size_t i = 0; i < count; ++i) {
        const std::span own(batch.pixels.data() + i * bytes, bytes);
        const RgbView other(m_sizePx, m_sizePx, before.data() + partner[i] * bytes);
        const double share = mixPicture(own, other, m_mixing, CounterRandom(m_seed + kMixStream, number, i + 1));
        labels.partners.push_back(batch.labels[partner[i]]);
        labels.shares.push_back(static_cast<float>(share));
    }
    return labels;
}

} // namespace whisker::internal
