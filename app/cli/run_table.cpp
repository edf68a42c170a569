#include "app/cli/run_table.h"
#include "app/cli/table.h"

#include "engine/base/path_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

using nlohmann::json;

template <class Value> json orNull(const std::optional<Value> &value)
{
    return value ? json(*value) : json(nullptr);
}

std::string nameOf(const RunSummary &run)
{
    return pathText(run.folder.filename());
}

/// Of the receipt, and whether somebody trains it now.
std::string statusOf(const RunSummary &run)
{
    return run.underWay ? "under way" : std::string(statusWord(run.receipt));
}

std::string percent(const std::optional<double> &share)
{
    return share ? fmt::format("{:.1f} %", 100.0 * *share) : std::string();
}

/// "5 of 20", "20"; quick's iterations are no epochs.
std::string epochsText(const RunReceipt &receipt)
{
    if (receipt.config.mode == TrainMode::Quick)
        return {};
    const std::string done = std::to_string(receipt.epochs);
    return receipt.epochs == receipt.config.epochs ? done : fmt::format("{} of {}", done, receipt.config.epochs);
}

std::string numberOrNothing(double value, const char *unit, int digits)
{
    return value > 0.0 ? fmt::format("{:.{}f} {}", value, digits, unit) : std::string();
}

/// The first line of a note; a table has one line a run.
std::string noteText(const std::string &note)
{
    const std::size_t end = note.find('\n');
    return end == std::string::npos ? note : note.substr(0, end) + " ...";
}

std::string linesText(const std::string &title, const std::vector<RunLineOfTwo> &lines, const Row &names)
{
    if (lines.empty())
        return {};
    std::vector<Row> rows = {names};
    for (const RunLineOfTwo &line : lines)
        rows.push_back({line.name, line.first.empty() ? "-" : line.first, line.second.empty() ? "-" : line.second});
    return '\n' + title + '\n' + aligned(rows, {false, false, false}, "  ");
}

json linesJson(const std::vector<RunLineOfTwo> &lines)
{
    auto array = json::array();
    for (const RunLineOfTwo &line : lines)
        array.push_back({{"name", line.name}, {"first", line.first}, {"second", line.second}});
    return array;
}

json pairsJson(const std::optional<PairedAnswers> &pairs)
{
    if (!pairs)
        return nullptr;
    return {{"pictures", pairs->pictures}, {"both_right", pairs->bothRight}, {"only_first_right", pairs->onlyFirst}, {"only_second_right", pairs->onlySecond}};
}

const char *verdictName(TestVerdict verdict)
{
    switch (verdict) {
    case TestVerdict::NoTest: return "no_test";
    case TestVerdict::OtherPictures: return "other_pictures";
    case TestVerdict::Equal: return "equal";
    case TestVerdict::MayBeChance: return "may_be_chance";
    case TestVerdict::ProbablyNot: return "probably_not_chance";
    case TestVerdict::HardlyChance: break;
    }
    return "hardly_chance";
}

} // namespace

json runJson(const RunSummary &run)
{
    const RunReceipt &receipt = run.receipt;
    return {{"run", run.folder.native()},
            {"name", run.folder.filename().native()},
            {"status", runStatusName(receipt.status)},
            {"paused", receipt.paused},
            {"under_way", run.underWay},
            {"message", receipt.message},
            {"mode", trainModeName(receipt.config.mode)},
            {"architecture", receipt.config.architecture},
            {"config", json::parse(toJson(receipt.config))},
            {"classes", receipt.classes},
            {"snapshot", receipt.snapshotDigest},
            {"train_images", receipt.trainImages},
            {"validation_images", receipt.validationImages},
            {"test_images", receipt.testImages},
            {"continues", receipt.startModel.empty() ? json(nullptr) : json(receipt.startModel.native())},
            {"device", receipt.device},
            {"versions", receipt.versions},
            {"started", receipt.started},
            {"finished", receipt.finished.empty() ? json(nullptr) : json(receipt.finished)},
            {"epochs", receipt.epochs},
            {"best_epoch", receipt.bestEpoch},
            {"seconds", receipt.seconds},
            {"images_per_second", receipt.imagesPerSecond},
            {"peak_memory_bytes", orNull(receipt.peakMemoryBytes)},
            {"loader_wait_share", receipt.loaderWait ? json(receipt.loaderWait->share) : json(nullptr)},
            {"loader_waits", receipt.loaderWait ? json(receipt.loaderWait->waits) : json(nullptr)},
            {"loader_steps", receipt.loaderWait ? json(receipt.loaderWait->steps) : json(nullptr)},
            {"validation_accuracy", orNull(receipt.validationAccuracy)},
            {"test_accuracy", orNull(testShare(receipt))},
            {"test_correct", orNull(receipt.testCorrect)},
            {"test_total", orNull(receipt.testTotal)},
            {"notes", receipt.notes},
            {"note", run.note},
            {"model", run.hasModel ? json((run.folder / kModelFile).native()) : json(nullptr)},
            {"checkpoint", run.hasCheckpoint}};
}

std::string runTable(const std::vector<RunSummary> &runs)
{
    std::vector<Row> rows = {{"run", "status", "mode", "network", "epochs", "pictures", "classes", "validation", "test", "time", "speed", "note"}};
    for (const RunSummary &run : runs) {
        const RunReceipt &receipt = run.receipt;
        rows.push_back({nameOf(run), statusOf(run), std::string(trainModeName(receipt.config.mode)), receipt.config.architecture, epochsText(receipt),
                        std::to_string(receipt.trainImages + receipt.validationImages + receipt.testImages), std::to_string(receipt.classes.size()),
                        percent(receipt.validationAccuracy), percent(testShare(receipt)), numberOrNothing(receipt.seconds, "s", 1),
                        numberOrNothing(receipt.imagesPerSecond, "img/s", 0), noteText(run.note)});
    }
    return aligned(rows, {false, false, false, false, true, true, true, true, true, true, true, false});
}

json comparisonJson(const ComparedRuns &runs)
{
    const auto &[first, second, comparison, repeat] = runs;
    return {{"first", first.summary.folder.native()},
            {"second", second.summary.folder.native()},
            {"summary", comparison.summary},
            {"judgement", comparison.judgement},
            {"verdict", verdictName(comparison.verdict)},
            {"probability", comparison.probability},
            {"pairs", pairsJson(comparison.pairs)},
            {"settings", linesJson(comparison.settings)},
            {"data", linesJson(comparison.data)},
            {"machine", linesJson(comparison.machine)},
            {"outcome", linesJson(comparison.outcome)},
            {"repeat_equal", repeat ? json(repeat->equal) : json(nullptr)},
            {"repeat_verdict", repeat ? json(repeat->sentence) : json(nullptr)}};
}

std::string comparisonText(const ComparedRuns &runs)
{
    const auto &[first, second, comparison, repeat] = runs;
    std::string text = comparison.summary + '\n' + comparison.judgement + '\n';
    if (repeat)
        text += repeat->sentence + '\n';
    const Row names = {"", nameOf(first.summary), nameOf(second.summary)};
    text += linesText("Settings that differ", comparison.settings, names);
    text += linesText("Data that differs", comparison.data, names);
    text += linesText("Computed otherwise", comparison.machine, names);
    return text + linesText("Outcome", comparison.outcome, names);
}

} // namespace whisker
