#include "engine/train/internal/memory_governor.h"

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
    const auto usable = static_cast<std::uint64_t>(static_cast<double>(available) * kUsableShare);
    int pictures = batch;
    while (pictures >= 4 && need.fixed + std::max(need.validation, need.perPicture * static_cast<std::uint64_t>(pictures)) > usable)
        pictures /= 2;
    return pictures;
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
