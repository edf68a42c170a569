#pragma once

#include "engine/base/counter_random.h"
#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/image/preprocess.h"
#include "engine/image/rgb_image.h"
#include "engine/train/internal/decoded_pictures.h"
#include "engine/train/internal/ordered_loader.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace whisker::internal {

/// Pictures to learn from, changed by chance, as 8-bit pixels.
struct TrainingBatch {
    std::vector<std::uint8_t> pixels{}; ///< [size(), sizePx, sizePx, 3], red first.
    std::vector<std::int64_t> labels{}; ///< [size()]
    std::vector<std::pair<std::size_t, Error>> unreadable{}; ///< Entry of the snapshot and the reason: left out of the batch. Internal: for this time.
    std::vector<std::string> notes{}; ///< Sentences: what else happened since the batch before.

    int size() const { return static_cast<int>(labels.size()); }
};

/// Batches of the training split from a step on to the end of the run, decoded ahead. Which picture comes when and what chance does to it is a function
/// of (seed, epoch, place) alone. Pictures that do not fill a last batch are left out of that epoch; the order differs from epoch to epoch.
///
/// A picture is decoded no larger than augmentation needs it, and kept as DecodedPictures does. One that memory did not suffice for is tried again when its
/// turn comes, or what is learnt would depend on it.
class BatchLoader {
public:
    /// Keeps references. `preprocessing`: what pictures of its size go through when the network is asked, whose fit they get here too. `firstStep` counts from
    /// the beginning of the run; `cacheFolder` is made where it is missing; empty: no cache.
    BatchLoader(const Snapshot &snapshot, const TrainConfig &config, const Preprocessing &preprocessing, const std::filesystem::path &cacheFolder,
                std::int64_t firstStep, const PixelCache::Limits &limits = {});

    static int batchSize(std::size_t trainImages, const TrainConfig &config);      ///< config.batch, less where there are fewer pictures.
    static int stepsPerEpoch(std::size_t trainImages, const TrainConfig &config);

    /// The next step's; blocks. Precondition: there is one.
    TrainingBatch next();
    double waitedSeconds() const { return m_loader->waitedSeconds(); }
    std::int64_t batches() const { return m_batches; } ///< That next() has given,
    std::int64_t waits() const { return static_cast<std::int64_t>(m_loader->waits()); } ///< and of those the ones that were not all there yet.

private:
    struct Sample {
        std::size_t entry = 0;
        Result<RgbImage> picture;
    };
    using Order = std::shared_ptr<const std::vector<std::size_t>>;
    Sample load(std::size_t number);
    Order orderOf(std::uint64_t epoch);
    std::vector<std::size_t> newOrder(CounterRandom random) const;

    const Snapshot &m_snapshot;
    const TrainConfig &m_config;
    const Preprocessing m_preprocessing;
    const std::vector<std::size_t> m_entries;
    const std::size_t m_batch;
    const std::size_t m_samplesPerEpoch;
    std::size_t m_next; // number of the sample that next() gives next
    const int m_shortEdgePx; // of the pictures in the cache
    DecodedPictures m_pictures;
    std::int64_t m_batches = 0;
    std::mutex m_mutex;
    std::map<std::uint64_t, Order> m_orders;               // of the epochs in work
    std::unique_ptr<OrderedLoader<Sample>> m_loader;       // last: its threads use all of the above
};

} // namespace whisker::internal
