#include "engine/train/internal/batch_loader.h"

#include "engine/base/thread_pool.h"
#include "engine/image/decode_to_augment.h"
#include "engine/train/internal/sample_order.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr std::uint64_t kOrderStream = 0x4f52444552; // keeps the draws of the order apart from those of the augmentation
constexpr std::size_t kBatchesAhead = 2;
constexpr int kPixelVersion = 2; // goes up when the same file would get other pixels

} // namespace

int BatchLoader::batchSize(std::size_t trainImages, const TrainConfig &config)
{
    return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(config.batch), trainImages));
}

int BatchLoader::stepsPerEpoch(std::size_t trainImages, const TrainConfig &config)
{
    return static_cast<int>(trainImages) / std::max(1, batchSize(trainImages, config));
}

BatchLoader::BatchLoader(const Snapshot &snapshot, const TrainConfig &config, const Preprocessing &preprocessing, const std::filesystem::path &cacheFolder,
                         std::int64_t firstStep, const PixelCache::Limits &limits)
    : m_snapshot(snapshot), m_config(config), m_preprocessing(preprocessing), m_entries(snapshot.indicesOf(Split::Train)),
      m_batch(static_cast<std::size_t>(batchSize(m_entries.size(), config))),
      m_samplesPerEpoch(m_batch * static_cast<std::size_t>(stepsPerEpoch(m_entries.size(), config))),
      m_next(static_cast<std::size_t>(firstStep) * m_batch),
      m_shortEdgePx(shortEdgeToAugmentPx(config.augmentation, preprocessing.sizePx, preprocessing.fit)),
      m_pictures(snapshot, m_entries, [this](auto bytes, const auto &file) { return decodedToAugment(bytes, file, m_shortEdgePx); },
                 {cacheFolder, fmt::format("{}-{}", kPixelVersion, m_shortEdgePx), limits})
{
    const std::size_t threads = config.loaderThreads > 0 ? static_cast<std::size_t>(config.loaderThreads) : usableProcessors();
    m_loader = std::make_unique<OrderedLoader<Sample>>(m_next, static_cast<std::size_t>(config.epochs) * m_samplesPerEpoch, threads,
                                                       kBatchesAhead * m_batch, [this](std::size_t number) { return load(number); });
}

BatchLoader::Order BatchLoader::orderOf(std::uint64_t epoch)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto known = m_orders.find(epoch); known != m_orders.end())
        return known->second;
    while (m_orders.size() > 4)
        m_orders.erase(m_orders.begin()); // epochs behind us
    auto order = std::make_shared<const std::vector<std::size_t>>(newOrder(CounterRandom(m_config.seed, kOrderStream, epoch)));
    return m_orders.emplace(epoch, std::move(order)).first->second;
}

std::vector<std::size_t> BatchLoader::newOrder(CounterRandom random) const
{
    if (m_config.balance != ClassBalance::Sampling)
        return shuffledIndices(m_entries.size(), random);
    std::vector<int> labels;
    labels.reserve(m_entries.size());
    for (const std::size_t entry : m_entries)
        labels.push_back(m_snapshot.entries[entry].label);
    return balancedOrder(labels, static_cast<int>(m_snapshot.classes.size()), random);
}

BatchLoader::Sample BatchLoader::load(std::size_t number)
{
    const std::uint64_t epoch = number / m_samplesPerEpoch;
    const std::size_t place = number % m_samplesPerEpoch;
    const std::size_t entry = m_entries[(*orderOf(epoch))[place]];
    const bool comesAgain = m_config.balance == ClassBalance::Sampling; // within an epoch: then chance goes by the place, or it would come as before
    const std::uint64_t sample = comesAgain ? m_snapshot.entries.size() + place : entry;
    const CounterRandom random(m_config.seed, epoch, sample);
    return {entry, m_pictures.picture(entry, [&](const PlanarView &picture) { return augment(picture, m_config.augmentation, m_preprocessing, random); })};
}

TrainingBatch BatchLoader::next()
{
    TrainingBatch batch;
    batch.pixels.reserve(m_batch * 3 * static_cast<std::size_t>(m_preprocessing.sizePx) * static_cast<std::size_t>(m_preprocessing.sizePx));
    for (Sample &sample : m_loader->next(m_batch)) {
        if (!sample.picture && sample.picture.error().code == ErrorCode::Internal)
            sample = load(m_next); // by now there may be the memory
        ++m_next;
        if (!sample.picture) {
            batch.unreadable.emplace_back(sample.entry, std::move(sample.picture.error()));
            continue;
        }
        batch.pixels.insert(batch.pixels.end(), sample.picture->pixels.begin(), sample.picture->pixels.end());
        batch.labels.push_back(m_snapshot.entries[sample.entry].label);
    }
    ++m_batches;
    batch.notes = m_pictures.takeNotes();
    return batch;
}

} // namespace whisker::internal
