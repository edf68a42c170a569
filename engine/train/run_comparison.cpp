#include "engine/train/run_comparison.h"

#include "engine/base/path_text.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/internal/config_lines.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/receipt_words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <utility>

namespace whisker {

namespace {

using internal::ConfigLine;

std::string lastLossText(const RunRecord &run)
{
    const auto last = std::ranges::find(run.metrics.rbegin(), run.metrics.rend(), MetricSeries::ValidationLoss, &MetricPoint::series);
    return last == run.metrics.rend() ? std::string() : fmt::format("{:.4f}", last->value);
}

void addIfOther(std::vector<RunLineOfTwo> &lines, RunLineOfTwo line)
{
    if (!line.same())
        lines.push_back(std::move(line));
}

std::vector<RunLineOfTwo> settingsOf(const TrainConfig &first, const TrainConfig &second)
{
    std::vector<RunLineOfTwo> lines;
    const std::vector<ConfigLine> ours = internal::configLines(first), theirs = internal::configLines(second);
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const bool inBoth = !ours[i].value.empty() && !theirs[i].value.empty() && ours[i].name == theirs[i].name;
        if (inBoth || first.mode == second.mode)
            addIfOther(lines, {ours[i].name, ours[i].value, theirs[i].value});
    }
    return lines;
}

/// Precondition: lines of the same names.
std::vector<RunLineOfTwo> besideEachOther(const std::vector<ReceiptLine> &first, const std::vector<ReceiptLine> &second)
{
    std::vector<RunLineOfTwo> lines;
    for (std::size_t i = 0; i < first.size(); ++i)
        lines.push_back({first[i].name, first[i].value, second[i].value});
    return lines;
}

/// "" against "12 more, 3 with another label".
RunLineOfTwo changesLine(const SnapshotChanges &changes)
{
    std::vector<std::string> parts;
    const auto add = [&](std::size_t count, const char *text) {
        if (count > 0)
            parts.push_back(fmt::format("{} {}", count, text));
    };
    add(changes.added, "more");
    add(changes.removed, "fewer");
    add(changes.relabelled, "with another label");
    add(changes.moved, "in another split");
    return {"Pictures", "", parts.empty() ? std::string("other names of classes") : fmt::format("{}", fmt::join(parts, ", "))};
}

using TestPicture = std::pair<ContentHash, std::string>; // with its label

/// What the run in `folder` was tested on; nothing where that is not known.
std::optional<std::multiset<TestPicture>> testPictures(const RunSummary &run)
{
    const auto snapshot = readSnapshot(run.folder / kSnapshotFile);
    const auto lineage = run.receipt.startModel.empty() ? Result<internal::Lineage>(internal::Lineage()) : internal::readLineage(run.folder / internal::kLineageFile);
    if (!snapshot || !lineage)
        return std::nullopt;
    const Snapshot honest = internal::honestSnapshot(*snapshot, *lineage).snapshot;
    std::multiset<TestPicture> pictures;
    for (const std::size_t i : honest.indicesOf(Split::Test))
        pictures.emplace(honest.entries[i].hash, honest.classes[static_cast<std::size_t>(honest.entries[i].label)]);
    return pictures;
}

std::optional<bool> sameTest(const RunSummary &first, const RunSummary &second)
{
    const RunReceipt &ours = first.receipt, &theirs = second.receipt;
    if (ours.snapshotDigest == theirs.snapshotDigest && ours.startModel.empty() && theirs.startModel.empty())
        return true;
    const auto before = testPictures(first), now = testPictures(second);
    return before && now ? std::optional(*before == *now) : std::nullopt;
}

std::vector<RunLineOfTwo> dataOf(const RunSummary &first, const RunSummary &second)
{
    std::vector<RunLineOfTwo> lines = besideEachOther(receiptWords(first.receipt).data, receiptWords(second.receipt).data);
    std::erase_if(lines, &RunLineOfTwo::same);
    if (first.receipt.startDigest != second.receipt.startDigest)
        lines.push_back({"Continues", pathText(first.receipt.startModel), pathText(second.receipt.startModel)});
    if (first.receipt.snapshotDigest == second.receipt.snapshotDigest)
        return lines;
    const auto ours = readSnapshot(first.folder / kSnapshotFile), theirs = readSnapshot(second.folder / kSnapshotFile);
    if (ours && theirs)
        lines.push_back(changesLine(changesBetween(*ours, *theirs)));
    else
        lines.push_back({"Pictures", "", "others; which is not known"});
    return lines;
}

std::vector<RunLineOfTwo> machineOf(const RunReceipt &first, const RunReceipt &second)
{
    std::vector<RunLineOfTwo> lines;
    addIfOther(lines, {"Device", first.device, second.device});
    std::map<std::string, RunLineOfTwo> versions;
    for (const auto &[name, version] : first.versions)
        versions[name] = {name, version, {}};
    for (const auto &[name, version] : second.versions) {
        versions[name].name = name;
        versions[name].second = version;
    }
    for (auto &[name, line] : versions)
        addIfOther(lines, std::move(line));
    return lines;
}

std::vector<RunLineOfTwo> outcomeOf(const RunRecord &first, const RunRecord &second)
{
    auto lines = besideEachOther(receiptWords(first.summary.receipt).outcome, receiptWords(second.summary.receipt).outcome);
    lines.push_back({"Last validation loss", lastLossText(first), lastLossText(second)});
    return lines;
}

void judge(RunComparison &comparison, const RunReceipt &first, const RunReceipt &second, const std::optional<bool> &samePictures)
{
    if (!testShare(first) || !testShare(second)) {
        comparison.judgement = !testShare(first) && !testShare(second) ? "Neither was tested." : "Only one of them was tested, so their tests can't be compared.";
        return;
    }
    if (!samePictures.value_or(false)) {
        comparison.verdict = TestVerdict::OtherPictures;
        comparison.judgement = samePictures ? "They were tested on different pictures or labels, so their test results can't be compared."
                                        : "Whether they were tested on the same pictures is not known, so their test results can't be compared.";
        return;
    }
    const std::string shares = fmt::format("{:.1f} % against {:.1f} % of the same {} test pictures", 100.0 * *testShare(first), 100.0 * *testShare(second),
                                           std::max(*first.testTotal, *second.testTotal));
    if (first.testCorrect == second.testCorrect && first.testTotal == second.testTotal) {
        comparison.verdict = TestVerdict::Equal;
        comparison.judgement = fmt::format("Both get {} of the same {} test pictures right.", *first.testCorrect, *first.testTotal);
        return;
    }
    const double p = comparison.probability = fishersExactTest(*first.testCorrect, *first.testTotal, *second.testCorrect, *second.testTotal);
    comparison.verdict = p >= 0.05 ? TestVerdict::MayBeChance : p >= 0.01 ? TestVerdict::ProbablyNot : TestVerdict::HardlyChance;
    const char *words = p >= 0.05 ? "could well be chance" : p >= 0.01 ? "probably not chance" : "hardly chance";
    comparison.judgement = fmt::format("{}: {} (Fisher's exact test, p {}).", shares, words, p < 0.001 ? std::string("< 0.001") : fmt::format("= {:.{}f}", p, p < 0.1 ? 3 : 2));
}

std::string namesOf(const std::vector<RunLineOfTwo> &lines)
{
    std::vector<std::string> names;
    for (const RunLineOfTwo &line : lines)
        names.push_back(line.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string summaryOf(const RunComparison &comparison)
{
    std::string text = comparison.settings.empty() ? std::string("The settings are the same") : "Settings that differ: " + namesOf(comparison.settings);
    text += comparison.data.empty() ? "; the data is the same." : "; they learnt from other data.";
    if (!comparison.machine.empty())
        text += fmt::format(" Computed otherwise: {}.", namesOf(comparison.machine));
    return text;
}

} // namespace

double fishersExactTest(std::size_t firstRight, std::size_t firstCount, std::size_t secondRight, std::size_t secondCount)
{
    if (firstCount == 0 || secondCount == 0)
        return 1.0;
    const auto logChoose = [](std::size_t n, std::size_t k) {
        return std::lgamma(static_cast<double>(n) + 1.0) - std::lgamma(static_cast<double>(k) + 1.0) - std::lgamma(static_cast<double>(n - k) + 1.0);
    };
    const std::size_t right = firstRight + secondRight;
    const double all = logChoose(firstCount + secondCount, right);
    const auto logProbability = [&](std::size_t ours) { return logChoose(firstCount, ours) + logChoose(secondCount, right - ours) - all; };
    constexpr double kRounding = 1e-7; // relative, as R's fisher.test allows it: tables that are equally probable must count as such
    const double seen = logProbability(firstRight) + kRounding;
    double sum = 0.0;
    const std::size_t least = right > secondCount ? right - secondCount : 0;
    for (std::size_t ours = least; ours <= std::min(firstCount, right); ++ours) {
        if (const double log = logProbability(ours); log <= seen)
            sum += std::exp(log);
    }
    return std::min(sum, 1.0);
}

RunComparison compareRuns(const RunRecord &first, const RunRecord &second)
{
    const RunReceipt &ours = first.summary.receipt, &theirs = second.summary.receipt;
    RunComparison comparison;
    comparison.settings = settingsOf(ours.config, theirs.config);
    comparison.data = dataOf(first.summary, second.summary);
    comparison.machine = machineOf(ours, theirs);
    comparison.outcome = outcomeOf(first, second);
    judge(comparison, ours, theirs, sameTest(first.summary, second.summary));
    comparison.summary = summaryOf(comparison);
    return comparison;
}

} // namespace whisker
