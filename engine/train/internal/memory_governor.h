#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace whisker::internal {

/// Bytes that this process may still take: the least of what `proc`/meminfo calls available and what the limits of its control groups leave (version 2, or 1).
/// Memory that only caches files counts as free. Nothing where the system doesn't say.
std::optional<std::uint64_t> availableMemory(const std::filesystem::path &proc = "/proc", const std::filesystem::path &groups = "/sys/fs/cgroup");

/// What a run takes, in bytes, beside what it has already.
struct MemoryNeed {
    std::uint64_t fixed = 0;      ///< However many pictures are computed at once: gradients, copies for checkpoint and best weights.
    std::uint64_t perPicture = 0; ///< For each picture of those that are trained on at once.
    std::uint64_t validation = 0; ///< At another time than perPicture.
};

/// How many pictures of a batch to compute at once: all of them, or half as often as it takes to fit into 85 % of `available`; 2 at least, which need not fit.
/// Precondition: batch >= 2.
int fittingMicroBatch(int batch, const MemoryNeed &need, std::uint64_t available);

/// The parts that `pictures` >= 2 are computed in, `most` >= 2 at once, or one more where a single one would be left, of which a batch norm knows no spread.
/// As equal as can be, larger ones first.
std::vector<int> microBatchSizes(int pictures, int most);

} // namespace whisker::internal
