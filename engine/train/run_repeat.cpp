#include "engine/train/run_repeat.h"

#include "engine/base/path_text.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/model_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>

namespace whisker {

namespace {

/// Entries whose file is missing are looked for in `now`; gives the first that stays missing.
std::pair<std::size_t, std::filesystem::path> findPictures(Snapshot &snapshot, const Snapshot *now)
{
    std::map<std::string, std::filesystem::path> known;
    for (const SnapshotEntry &entry : now ? now->entries : std::vector<SnapshotEntry>())
        known.emplace(entry.hash.toHex(), entry.file);
    const auto isThere = [](const std::filesystem::path &file) {
        std::error_code ignored; // what can't be looked at can't be read
        return std::filesystem::is_regular_file(file, ignored);
    };
    std::pair<std::size_t, std::filesystem::path> missing;
    for (SnapshotEntry &entry : snapshot.entries) {
        if (isThere(entry.file))
            continue;
        const auto moved = known.find(entry.hash.toHex());
        if (moved != known.end() && isThere(moved->second)) {
            entry.file = moved->second;
        } else if (missing.first++ == 0) {
            missing.second = entry.file;
        }
    }
    return missing;
}

std::string_view seriesText(MetricSeries series)
{
    switch (series) {
    case MetricSeries::TrainingLoss: return "training loss";
    case MetricSeries::ValidationLoss: return "validation loss";
    case MetricSeries::TrainingAccuracy: return "training accuracy";
    case MetricSeries::ValidationAccuracy: return "validation accuracy";
    case MetricSeries::LearningRate: break;
    }
    return "learning rate";
}

/// Points in the order in which they are taken: of a step first its loss and its rate, then what its epoch came to.
using Place = std::pair<std::int64_t, int>;
using Curve = std::map<Place, MetricPoint>;

Curve curveOf(const std::vector<MetricPoint> &points)
{
    Curve curve;
    for (const MetricPoint &point : points) {
        const int rank = point.series == MetricSeries::TrainingLoss ? -2 : point.series == MetricSeries::LearningRate ? -1 : static_cast<int>(point.series);
        curve.emplace(Place(point.step, rank), point);
    }
    return curve;
}

void endWith(Curve &curve, const Curve &shorter)
{
    curve.erase(shorter.empty() ? curve.begin() : curve.upper_bound(shorter.rbegin()->first), curve.end());
}

std::string pointText(const MetricPoint &point)
{
    return fmt::format("{} at step {} (epoch {:.4g})", seriesText(point.series), point.step, point.epoch);
}

/// A clause on the first point that is otherwise.
std::optional<std::string> firstDifference(const Curve &original, const Curve &repeat)
{
    const auto [before, now] = std::mismatch(original.begin(), original.end(), repeat.begin(), repeat.end(), [](const auto &a, const auto &b) {
        return a.first == b.first && a.second.value == b.second.value;
    });
    if (before == original.end() && now == repeat.end())
        return std::nullopt;
    if (now == repeat.end() || (before != original.end() && before->first < now->first))
        return fmt::format("the repeat has no {}", pointText(before->second));
    if (before == original.end() || now->first < before->first)
        return fmt::format("the repeat has a {}, which the first run has not", pointText(now->second));
    return fmt::format("the first difference is the {}: {:.9g}, now {:.9g}", pointText(before->second), before->second.value, now->second.value);
}

/// What may be the reason that two runs of the same settings and data are not equal.
std::string reasonsText(const RunRecord &original, const RunRecord &repeat, const std::vector<SkippedFile> &skipped)
{
    const RunReceipt &before = original.summary.receipt, &now = repeat.summary.receipt;
    std::vector<std::string> reasons;
    if (!skipped.empty())
        reasons.push_back(skipped.size() == 1 ? fmt::format("a picture was left out: {}", skipped.front().reason)
                                              : fmt::format("{} pictures were left out, the first: {}", skipped.size(), skipped.front().reason));
    if (before.device != now.device)
        reasons.push_back(fmt::format("it was computed on {}, now on {}", before.device, now.device));
    for (const auto &[name, version] : before.versions) {
        if (const auto known = now.versions.find(name); known != now.versions.end() && known->second != version)
            reasons.push_back(fmt::format("{} was {}, now {}", name, version, known->second));
    }
    const auto memory = [](const RunRecord &run) {
        const auto mark = std::ranges::find_if(run.marks, [](const RunMark &candidate) { return candidate.text.ends_with("for want of memory"); });
        return mark == run.marks.end() ? std::string() : fmt::format("{} from step {}", mark->text, mark->step);
    };
    if (memory(original) != memory(repeat))
        reasons.push_back(fmt::format("memory was not the same (first: {}; now: {})", memory(original).empty() ? "enough" : memory(original),
                                      memory(repeat).empty() ? "enough" : memory(repeat)));
    return reasons.empty() ? std::string() : fmt::format(" What may explain it: {}.", fmt::join(reasons, "; "));
}

/// Nothing where one of them has no model.
std::optional<bool> sameWeights(const RunSummary &original, const RunSummary &repeat)
{
    const auto before = readModel(original.folder / kModelFile), now = readModel(repeat.folder / kModelFile);
    return before && now ? std::optional(before->weights == now->weights) : std::nullopt;
}

std::string howItEnded(RunStatus status)
{
    switch (status) {
    case RunStatus::Stopped: return "was stopped";
    case RunStatus::Diverged: return "diverged";
    case RunStatus::Failed: return "failed";
    case RunStatus::Unfinished: return "was broken off";
    case RunStatus::Completed: break;
    }
    return "has ended";
}

/// Is the model that the run continued still the one it was?
Result<void> checkStartModel(const RunReceipt &receipt, const std::filesystem::path &runFolder)
{
    if (receipt.startModel.empty())
        return {};
    const auto digest = hashFile(receipt.startModel);
    if (digest && digest->toHex() == receipt.startDigest)
        return {};
    return fail(ErrorCode::NotFound,
                fmt::format("The run {} continued the model {}, which {}, so it can't be repeated: start a new training.", pathText(runFolder),
                            pathText(receipt.startModel), digest ? "has been replaced since" : "can't be read any more"),
                receipt.startModel);
}

} // namespace

Result<RepeatPlan> planRepeat(const std::filesystem::path &runFolder, const Snapshot *now)
{
    const auto run = readRunSummary(runFolder);
    if (!run)
        return std::unexpected(run.error());
    const std::string name = pathText(runFolder);
    if (run->underWay)
        return fail(ErrorCode::InvalidArgument, "The run " + name + " is under way: wait until it has ended to repeat it.", runFolder);
    auto snapshot = readSnapshot(runFolder / kSnapshotFile);
    if (!snapshot && snapshot.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound, "The run " + name + " has not kept what it learnt from, as runs of older versions, so it can't be repeated: start a new training.",
                    runFolder);
    if (!snapshot)
        return std::unexpected(snapshot.error());
    if (const auto [count, first] = findPictures(*snapshot, now); count > 0)
        return fail(ErrorCode::NotFound,
                    fmt::format("{} of the {} pictures of the run {} {} not where {} then: put {} back to repeat it. The first: {}", count, snapshot->entries.size(), name,
                                count == 1 ? "is" : "are", count == 1 ? "it was" : "they were", count == 1 ? "it" : "them", pathText(first)),
                    first);
    if (const auto checked = checkStartModel(run->receipt, runFolder); !checked)
        return std::unexpected(checked.error());
    RepeatPlan plan;
    plan.snapshot = std::make_shared<const Snapshot>(*std::move(snapshot));
    plan.config = run->receipt.config;
    plan.output.cycles = run->receipt.cycles;
    plan.output.startModel = run->receipt.startModel;
    plan.output.repeats = std::filesystem::absolute(runFolder / "").lexically_normal().parent_path();
    return plan;
}

std::filesystem::path repeatedRun(const RunSummary &run)
{
    const std::filesystem::path &original = run.receipt.repeats;
    std::error_code ignored; // of a run whose folder is not known yet, whose original is named in full
    return original.empty() ? original : (std::filesystem::absolute(run.folder, ignored).parent_path() / original).lexically_normal();
}

Result<RepeatVerdict> judgeRepeat(const std::filesystem::path &originalFolder, const std::filesystem::path &repeatFolder,
                                  const std::vector<SkippedFile> &skipped)
{
    const auto original = readRun(originalFolder), repeat = readRun(repeatFolder);
    if (!original)
        return std::unexpected(original.error());
    if (!repeat)
        return std::unexpected(repeat.error());
    const RunStatus before = original->summary.receipt.status;
    Curve first = curveOf(original->metrics), second = curveOf(repeat->metrics);
    const bool whole = before == RunStatus::Completed;
    const bool cutShort = repeat->summary.receipt.status == RunStatus::Stopped && second.size() < first.size();
    if (cutShort)
        endWith(first, second);
    else if (!whole)
        endWith(second, first);
    if (const auto difference = firstDifference(first, second))
        return RepeatVerdict{false, fmt::format("Not equal: {}.{}", *difference, reasonsText(*original, *repeat, skipped))};
    if (cutShort)
        return RepeatVerdict{false, fmt::format("The repeat was stopped before the end of the first run; as far as it went, all {} points of its curves are the same.",
                                                second.size())};
    if (!whole)
        return RepeatVerdict{!first.empty(), first.empty() ? std::string("The first run left no curves to compare with.")
                                                           : fmt::format("Equal as far as the first run went, which {}: all {} points of its curves are the same.",
                                                                         howItEnded(before), first.size())};
    const auto weights = sameWeights(original->summary, repeat->summary);
    if (!weights)
        return RepeatVerdict{false, "All points of the curves are the same, but one of the runs has no model that can be read, so the weights can't be compared."};
    if (!*weights)
        return RepeatVerdict{false, "Not equal: all points of the curves are the same, but the weights of the models differ." + reasonsText(*original, *repeat, skipped)};
    return RepeatVerdict{true, fmt::format("Equal bit for bit: the weights of the model and all {} points of the curves.", original->metrics.size())};
}

} // namespace whisker
