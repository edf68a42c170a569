#include "engine/train/compared_runs.h"

#include <utility>

namespace whisker {

Result<ComparedRuns> comparedRuns(const std::filesystem::path &one, const std::filesystem::path &other)
{
    auto first = readRun(one), second = readRun(other);
    if (!first)
        return std::unexpected(first.error());
    if (!second)
        return std::unexpected(second.error());
    const auto began = [](const RunRecord &run) { return std::pair(run.summary.receipt.started, run.summary.folder); };
    if (began(*first) > began(*second))
        std::swap(first, second);
    ComparedRuns runs;
    runs.words = compareRuns(*first, *second);
    const bool ended = !first->summary.underWay && !second->summary.underWay;
    if (ended && runs.words.settings.empty() && runs.words.data.empty()) {
        auto verdict = judgeRepeat(first->summary.folder, second->summary.folder);
        if (!verdict)
            return std::unexpected(verdict.error());
        runs.verdict = *std::move(verdict);
    }
    runs.first = *std::move(first);
    runs.second = *std::move(second);
    return runs;
}

} // namespace whisker
