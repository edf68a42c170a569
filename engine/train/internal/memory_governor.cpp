#include "engine/train/internal/memory_governor.h"

#include "engine/train/internal/memory_meter.h"
#include "engine/train/internal/network_trainer.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace whisker::internal {

namespace {

constexpr double kUsableShare = 0.85; // the loader's pictures and what oneDNN takes for itself have no line of their own

std::optional<std::uint64_t> numberIn(const std::filesystem::path &file)
{
    std::ifstream stream(file);
    std::uint64_t number = 0;
    return stream >> number ? std::optional(number) : std::nullopt; // "max" is no number: no limit
}

/// The value after `key` in lines of "key value".
std::optional<std::uint64_t> valueOf(const std::filesystem::path &file, const std::string &key)
{
    std::ifstream stream(file);
    std::string word;
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        std::uint64_t number = 0;
        if (words >> word && word == key && words >> number)
            return number;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> leftIn(const std::filesystem::path &group, const char *limitFile, const char *usageFile, const char *cacheKey)
{
    const auto limit = numberIn(group / limitFile);
    const auto usage = numberIn(group / usageFile);
    if (!limit || !usage)
        return std::nullopt;
    const std::uint64_t taken = *usage - std::min(*usage, valueOf(group / "memory.stat", cacheKey).value_or(0));
    return *limit > taken ? *limit - taken : 0;
}

/// The group's own limit and those of all it lies in.
std::uint64_t leftInGroups(const std::filesystem::path &root, std::filesystem::path group, const char *limitFile, const char *usageFile, const char *cacheKey)
{
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    for (;;) {
        least = std::min(least, leftIn(root / group, limitFile, usageFile, cacheKey).value_or(least));
        if (group.empty())
            return least;
        group = group.parent_path();
    }
}

/// The lines of /proc/self/cgroup are "0::/group" in version 2 and "7:memory,cpu:/group" in version 1. A container often sees its own group as the root.
std::uint64_t leftByControlGroups(const std::filesystem::path &proc, const std::filesystem::path &groups)
{
    std::uint64_t least = std::min(leftInGroups(groups, {}, "memory.max", "memory.current", "inactive_file"),
                                   leftInGroups(groups / "memory", {}, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
    std::ifstream stream(proc / "self" / "cgroup");
    for (std::string line; std::getline(stream, line);) {
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const auto group = std::filesystem::path(line.substr(second + 1)).relative_path();
        if (controllers.empty())
            least = std::min(least, leftInGroups(groups, group, "memory.max", "memory.current", "inactive_file"));
        else if (("," + controllers + ",").find(",memory,") != std::string::npos)
            least = std::min(least, leftInGroups(groups / "memory", group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
    }
    return least;
}

std::uint64_t usableOf(std::uint64_t available)
{
    return static_cast<std::uint64_t>(static_cast<double>(available) * kUsableShare);
}

/// A GPU says so when it has too little, and nothing is lost.
int microBatchThatFits(NetworkTrainer &trainer, int batch)
{
    for (; batch >= 4; batch /= 2) {
        try {
            trainer.tryPictures(batch);
            return batch;
        } catch (const std::exception &exception) {
            if (!isOutOfMemory(exception))
                throw;
        }
    }
    return batch;
}

} // namespace

std::optional<std::uint64_t> availableMemory(const std::filesystem::path &proc, const std::filesystem::path &groups)
{
    const auto kibibytes = valueOf(proc / "meminfo", "MemAvailable:");
    const std::uint64_t left = leftByControlGroups(proc, groups);
    if (!kibibytes)
        return left == std::numeric_limits<std::uint64_t>::max() ? std::nullopt : std::optional(left);
    return std::min(*kibibytes * 1024, left);
}

int fittingMicroBatch(int batch, const MemoryNeed &need, std::uint64_t available)
{
    int pictures = batch;
    while (pictures >= 4 && need.fixed + need.perPicture * static_cast<std::uint64_t>(pictures) > usableOf(available))
        pictures /= 2;
    return pictures;
}

int fittingPipelines(int most, const MemoryNeed &need, std::uint64_t available)
{
    int pipelines = most;
    while (pipelines > 1 && need.fixed + need.validation + need.perPipeline * static_cast<std::uint64_t>(pipelines) > usableOf(available))
        --pipelines;
    return pipelines;
}

std::optional<MemoryNeed> measuredNeed(NetworkTrainer &trainer, const MemoryTrial &trial)
{
    const auto tried2 = trainer.tryPictures(2, trial.stop);
    if (!tried2)
        return std::nullopt;
    const auto tried4 = trial.batch < 4 ? 0 : trainer.tryPictures(4, trial.stop);
    if (!tried4)
        return std::nullopt;
    const std::uint64_t two = *tried2, four = *tried4;
    const std::uint64_t perPicture = four > two ? (four - two) / 2 : std::max(two / 2, four / 4);
    const std::uint64_t weights = trainer.parameterBytes();
    constexpr std::uint64_t kCopiesToValidate = 2; // the weights that are asked, and the plan that is made of them
    return MemoryNeed{.fixed = two - std::min(two, 2 * perPicture) + trial.copies * weights,
                      .perPicture = perPicture,
                      .validation = kCopiesToValidate * weights,
                      .perPipeline = weights + static_cast<std::uint64_t>(trial.chunk) * perPicture / 2}; // forward alone: of what training keeps less than half
}

std::optional<MemoryFit> triedMemory(NetworkTrainer &trainer, const MemoryTrial &trial)
{
    if (trial.device.kind != Device::Kind::Cpu)
        return MemoryFit{microBatchThatFits(trainer, trial.batch), trial.pipelines};
    const auto available = trial.availableBytes ? trial.availableBytes : availableMemory();
    if (!available || (trial.batch < 4 && trial.chunk == 0)) // nothing would be less
        return MemoryFit{trial.batch, trial.pipelines};
    // There is no way back from a process that takes too much, so nothing large is tried.
    const auto need = measuredNeed(trainer, trial);
    if (!need)
        return std::nullopt;
    return MemoryFit{fittingMicroBatch(trial.batch, *need, *available), trial.chunk == 0 ? trial.pipelines : fittingPipelines(trial.pipelines, *need, *available)};
}

std::vector<int> microBatchSizes(int pictures, int most)
{
    const int parts = std::max(1, std::min((pictures + most - 1) / most, pictures / 2));
    std::vector<int> sizes(static_cast<std::size_t>(parts), pictures / parts);
    for (int part = 0; part < pictures % parts; ++part)
        ++sizes[static_cast<std::size_t>(part)];
    return sizes;
}

} // namespace whisker::internal
