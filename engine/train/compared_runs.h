#pragma once

#include "engine/train/run_comparison.h"
#include "engine/train/run_repeat.h"

#include <filesystem>
#include <optional>

namespace whisker {

/// Two runs beside each other.
struct ComparedRuns {
    RunRecord first{}; ///< The older one: the other may be its repeat.
    RunRecord second{};
    RunComparison words{};
    std::optional<RepeatVerdict> verdict{}; ///< Of two that have ended and learnt the same with the same settings: whether they came out equal.
};

/// Reads and compares the runs in two folders, named in any order. Blocks; any thread. Errors: those of readRun() and judgeRepeat().
Result<ComparedRuns> comparedRuns(const std::filesystem::path &one, const std::filesystem::path &other);

} // namespace whisker
