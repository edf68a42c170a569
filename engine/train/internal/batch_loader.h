#pragma once

#include "engine/base/counter_random.h"
#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/image/rgb_image.h"
#include "engine/train/internal/ordered_loader.h"
#include "engine/train/train_config.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace whisker::internal {

/// Pictures to learn from, changed by chance, as 8-bit pixels.
struct TrainingBatch {
    std::vector<std::uint8_t> pixels{}; ///< [size(), sizePx, sizePx, 3], red first.
    std::vector<std::int64_t> labels{}; ///< [size()]
    std::vector<std::pair<std::size_t, std::string>> unreadable{}; ///< Entry of the snapshot and the reason: left out of the batch.

    int size() const { return static_cast<int>(labels.size()); }
};

/// Batches of the training split from a step on to the end of the run, decoded ahead. Which picture comes when and what chance does to it is a function
/// of (seed, epoch, place) alone. Pictures that do not fill a last batch are left out of that epoch; the order differs from epoch to epoch.
class BatchLoader {
public:
    /// Keeps references. `firstStep` counts from the beginning of the run.
    BatchLoader(const Snapshot &snapshot, const TrainConfig &config, std::int64_t firstStep);

    static int batchSize(std::size_t trainImages, const TrainConfig &config);      ///< config.batch, less where there are fewer pictures.
    static int stepsPerEpoch(std::size_t trainImages, const TrainConfig &config);

    /// The next step's; blocks. Precondition: there is one.
    TrainingBatch next();
    double waitedSeconds() const { return m_loader->waitedSeconds(); }

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
    const std::vector<std::size_t> m_entries;
    const std::size_t m_batch;
    const std::size_t m_samplesPerEpoch;
    std::mutex m_mutex;
    std::map<std::uint64_t, Order> m_orders;               // of the epochs in work
    std::unique_ptr<OrderedLoader<Sample>> m_loader;       // last: its threads use all of the above
};

} // namespace whisker::internal
