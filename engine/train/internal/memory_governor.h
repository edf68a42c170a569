#pragma once

#include "engine/nn/device.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace whisker::internal {

class NetworkTrainer;

/// Bytes that this process may still take: the least of what `proc`/meminfo calls available and what the limits of its control groups leave (version 2, or 1).
/// Memory that only caches files counts as free. Nothing where the system doesn't say.
std::optional<std::uint64_t> availableMemory(const std::filesystem::path &proc = "/proc", const std::filesystem::path &groups = "/sys/fs/cgroup");

/// What a run takes, in bytes, beside what it has already.
struct MemoryNeed {
    std::uint64_t fixed = 0;      ///< However many pictures are computed at once: gradients, copies for checkpoint and best weights.
    std::uint64_t perPicture = 0; ///< For each picture of those that are trained on at once.
    std::uint64_t validation = 0; ///< At another time than perPicture, however many pipelines validate.
    std::uint64_t perPipeline = 0; ///< For each of those that validate at once: its pictures, and the weights in its layout.
};

/// How many pictures of a batch to compute at once: all of them, or half as often as it takes to fit into 85 % of `available`; 2 at least, which need not fit.
/// Precondition: batch >= 2.
int fittingMicroBatch(int batch, const MemoryNeed &need, std::uint64_t available);
/// How many pipelines may validate at once, of `most` >= 1: likewise; 1 at least.
int fittingPipelines(int most, const MemoryNeed &need, std::uint64_t available);

/// What is to be tried out before the first step.
struct MemoryTrial {
    int batch = 2;                                 ///< Pictures of a step, >= 2.
    Device device{};                               ///< Of the trainer.
    std::optional<std::uint64_t> availableBytes{}; ///< In place of what the machine has.
    std::uint64_t copies = 0;                      ///< Of the weights: optimizer, checkpoint, best ones.
    int pipelines = 1;                             ///< That would validate at once, on the CPU,
    int chunk = 0;                                 ///< and how many pictures each would hold; 0: nothing is validated.
    std::stop_token stop{};                        ///< Looked at between any two layers, on the CPU.
};

/// What may be computed at once.
struct MemoryFit {
    int microBatch = 0;
    int pipelines = 1;
};

/// From two small tries, `trainer` learns nothing: how much a picture takes. Nothing once `trial.stop` is requested.
std::optional<MemoryNeed> measuredNeed(NetworkTrainer &trainer, const MemoryTrial &trial);
/// How much of `trial` fits into memory; all of it where the system doesn't say how much there is. On a GPU only the batch is tried out.
/// Nothing once `trial.stop` is requested. Throws what LibTorch throws where not even the tries fit.
std::optional<MemoryFit> triedMemory(NetworkTrainer &trainer, const MemoryTrial &trial);

/// The parts that `pictures` >= 2 are computed in, `most` >= 2 at once, or one more where a single one would be left, of which a batch norm knows no spread.
/// As equal as can be, larger ones first.
std::vector<int> microBatchSizes(int pictures, int most);

} // namespace whisker::internal
