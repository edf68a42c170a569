#pragma once

#include "engine/train/run_comparison.h"
#include "engine/train/run_repeat.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// A run with all of its receipt; keys in snake case.
nlohmann::json runJson(const RunSummary &run);

/// The runs below each other, a line each, columns aligned; only columns that some run has something for.
std::string runTable(const std::vector<RunSummary> &runs);

/// `repeat`: whether the second came out as the first, where that can be asked.
nlohmann::json comparisonJson(const RunSummary &first, const RunSummary &second, const RunComparison &comparison, const std::optional<RepeatVerdict> &repeat);
std::string comparisonText(const RunSummary &first, const RunSummary &second, const RunComparison &comparison, const std::optional<RepeatVerdict> &repeat);

} // namespace whisker
