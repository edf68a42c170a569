#pragma once

#include "engine/train/compared_runs.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace whisker {

/// A run with all of its receipt; keys in snake case.
nlohmann::json runJson(const RunSummary &run);

/// The runs below each other, a line each, columns aligned; only columns that some run has something for.
std::string runTable(const std::vector<RunSummary> &runs);

nlohmann::json comparisonJson(const ComparedRuns &runs);
std::string comparisonText(const ComparedRuns &runs);

} // namespace whisker
