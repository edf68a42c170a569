#include "engine/train/run_comparison.h"

#include "engine/base/number_text.h"
#include "engine/base/path_text.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/exact_tests.h"
#include "engine/train/internal/config_lines.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/receipt_words.h"

#include <algorithm>
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

/// What the run's model said of each test picture; nothing where that is not known, or not of the test on the receipt.
std::optional<std::vector<TestAnswer>> testAnswers(const RunSummary &run)
{
    auto answers = readTestAnswers(run.folder);
    if (!answers || answers->size() != run.receipt.testTotal)
        return std::nullopt;
    const auto right = static_cast<std::size_t>(std::ranges::count_if(*answers, &TestAnswer::right));
    return right == run.receipt.testCorrect ? std::optional(*std::move(answers)) : std::nullopt;
}

/// Nothing where the answers of one aren't known.
std::optional<PairedAnswers> pairsOf(const RunSummary &first, const RunSummary &second)
{
    const auto ours = testAnswers(first);
    const auto theirs = ours ? testAnswers(second) : std::nullopt;
    return theirs ? std::optional(pairedAnswers(*ours, *theirs)) : std::nullopt;
}

std::string sharesText(std::size_t firstRight, std::size_t firstCount, std::size_t secondRight, std::size_t secondCount)
{
    const auto percent = [](std::size_t right, std::size_t count) { return 100.0 * static_cast<double>(right) / static_cast<double>(count); };
    return fmt::format("{:.1f} % against {:.1f} %", percent(firstRight, firstCount), percent(secondRight, secondCount));
}

/// "could well be chance (McNemar's test, p = 0.18)".
std::string chanceText(const char *test, double p)
{
    const char *words = p >= 0.05 ? "could well be chance" : p >= 0.01 ? "probably not chance" : "hardly chance";
    return fmt::format("{} ({}, p {})", words, test, p < 0.001 ? std::string("< 0.001") : fmt::format("= {:.{}f}", p, p < 0.1 ? 3 : 2));
}

void takeProbability(RunComparison &comparison, double p)
{
    comparison.probability = p;
    comparison.verdict = p >= 0.05 ? TestVerdict::MayBeChance : p >= 0.01 ? TestVerdict::ProbablyNot : TestVerdict::HardlyChance;
}

/// `pictures`: what both were asked, in words.
void judgePairs(RunComparison &comparison, const PairedAnswers &pairs, const std::string &pictures)
{
    const auto countOrNone = [](std::size_t count) { return count > 0 ? countText(count) : std::string("none"); };
    const std::size_t firstRight = pairs.bothRight + pairs.onlyFirst, secondRight = pairs.bothRight + pairs.onlySecond;
    if (pairs.onlyFirst != pairs.onlySecond) {
        takeProbability(comparison, mcnemarsExactTest(pairs.onlyFirst, pairs.onlySecond));
        comparison.judgement = fmt::format("{} of {}: {} only the first got right, {} only the second; {}.",
                                           sharesText(firstRight, pairs.pictures, secondRight, pairs.pictures), pictures, countOrNone(pairs.onlyFirst),
                                           countOrNone(pairs.onlySecond), chanceText("McNemar's test", comparison.probability));
        return;
    }
    comparison.verdict = TestVerdict::Equal;
    comparison.judgement = fmt::format("Both get {} of {} right", countOrNone(firstRight), pictures);
    if (pairs.onlyFirst > 0)
        comparison.judgement += fmt::format(", but not the same ones: {0} only the first, {0} only the second", countText(pairs.onlyFirst));
    else if (firstRight > 0 && firstRight < pairs.pictures)
        comparison.judgement += ", the same ones";
    comparison.judgement += '.';
}

/// Where it is known only how many each got right.
void judgeCounts(RunComparison &comparison, const RunReceipt &first, const RunReceipt &second)
{
    const std::string pictures = "the same " + countText(std::max(*first.testTotal, *second.testTotal), "test picture");
    if (first.testCorrect == second.testCorrect && first.testTotal == second.testTotal) {
        comparison.verdict = TestVerdict::Equal;
        comparison.judgement = fmt::format("Both get {} of {} right.", countText(*first.testCorrect), pictures);
        return;
    }
    takeProbability(comparison, fishersExactTest(*first.testCorrect, *first.testTotal, *second.testCorrect, *second.testTotal));
    comparison.judgement = fmt::format("{} of {}: {}. Usually that is the more cautious way: which pictures each got right is not known.",
                                       sharesText(*first.testCorrect, *first.testTotal, *second.testCorrect, *second.testTotal), pictures,
                                       chanceText("Fisher's exact test", comparison.probability));
}

void judge(RunComparison &comparison, const RunSummary &first, const RunSummary &second)
{
    const RunReceipt &ours = first.receipt, &theirs = second.receipt;
    if (!testShare(ours) || !testShare(theirs)) {
        comparison.judgement = !testShare(ours) && !testShare(theirs) ? "Neither was tested." : "Only one of them was tested, so their tests can't be compared.";
        return;
    }
    comparison.pairs = pairsOf(first, second);
    if (comparison.pairs && comparison.pairs->pictures > 0) {
        const std::size_t inBoth = comparison.pairs->pictures;
        const std::string pictures = countText(inBoth, "test picture");
        const bool all = inBoth == ours.testTotal && inBoth == theirs.testTotal;
        judgePairs(comparison, *comparison.pairs, all ? "the same " + pictures : "the " + pictures + " that both were asked");
        return;
    }
    const std::optional<bool> samePictures = comparison.pairs ? std::optional(false) : sameTest(first, second);
    if (samePictures.value_or(false)) {
        judgeCounts(comparison, ours, theirs);
        return;
    }
    comparison.verdict = TestVerdict::OtherPictures;
    comparison.judgement = samePictures ? "They were tested on different pictures or labels, so their test results can't be compared."
                                        : "Whether they were tested on the same pictures is not known, so their test results can't be compared.";
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

RunComparison compareRuns(const RunRecord &first, const RunRecord &second)
{
    const RunReceipt &ours = first.summary.receipt, &theirs = second.summary.receipt;
    RunComparison comparison;
    comparison.settings = settingsOf(ours.config, theirs.config);
    comparison.data = dataOf(first.summary, second.summary);
    comparison.machine = machineOf(ours, theirs);
    comparison.outcome = outcomeOf(first, second);
    judge(comparison, first.summary, second.summary);
    comparison.summary = summaryOf(comparison);
    return comparison;
}

} // namespace whisker
