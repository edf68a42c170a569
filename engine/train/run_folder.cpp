#include "engine/train/run_folder.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/base/sentence.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/internal/run_hold.h"
#include "engine/train/run_notes.h"
#include "engine/train/test_answers.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace whisker {

namespace {

using nlohmann::json;

constexpr int kReceiptFormat = 1;
constexpr std::array<std::pair<RunStatus, const char *>, 5> kStatusNames = {{{RunStatus::Unfinished, "unfinished"},
                                                                             {RunStatus::Completed, "completed"},
                                                                             {RunStatus::Stopped, "stopped"},
                                                                             {RunStatus::Diverged, "diverged"},
                                                                             {RunStatus::Failed, "failed"}}};

RunStatus statusFromName(const std::string &name)
{
    for (const auto &[status, known] : kStatusNames) {
        if (known == name)
            return status;
    }
    return RunStatus::Unfinished;
}

template <class Value> json orNull(const std::optional<Value> &value)
{
    return value ? json(*value) : json(nullptr);
}

template <class Value> std::optional<Value> optionalAt(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? std::nullopt : std::optional<Value>(found->get<Value>());
}

json cyclesJson(const std::vector<ScheduleCycle> &cycles)
{
    json list = json::array();
    for (const ScheduleCycle &cycle : cycles)
        list.push_back({{"first_step", cycle.firstStep}, {"epochs", cycle.epochs}});
    return list;
}

std::vector<ScheduleCycle> cyclesFrom(const json &list)
{
    std::vector<ScheduleCycle> cycles;
    for (const json &cycle : list)
        cycles.push_back({cycle.at("first_step").get<std::int64_t>(), cycle.at("epochs").get<int>()});
    return cycles;
}

json loaderWaitJson(const std::optional<LoaderWait> &wait)
{
    return wait ? json{{"steps", wait->steps}, {"waits", wait->waits}, {"share", wait->share}} : json(nullptr);
}

std::optional<LoaderWait> loaderWaitFrom(const json &result)
{
    const auto wait = optionalAt<json>(result, "loader");
    if (!wait)
        return std::nullopt;
    return LoaderWait{wait->at("steps").get<std::int64_t>(), wait->at("waits").get<std::int64_t>(), wait->at("share").get<double>()};
}

RunReceipt receiptFromObject(const json &object)
{
    RunReceipt receipt;
    receipt.snapshotDigest = object.value("snapshot", receipt.snapshotDigest);
    receipt.classes = object.value("classes", receipt.classes);
    const json counts = object.value("images", json::object());
    receipt.trainImages = counts.value("train", std::size_t(0));
    receipt.validationImages = counts.value("validation", std::size_t(0));
    receipt.testImages = counts.value("test", std::size_t(0));
    receipt.cycles = cyclesFrom(object.value("cycles", json::array()));
    receipt.versions = object.value("versions", receipt.versions);
    const json continues = object.value("continues", json::object());
    receipt.startModel = continues.value("model", std::string());
    receipt.startDigest = continues.value("digest", receipt.startDigest);
    receipt.repeats = object.value("repeats", std::string());
    receipt.device = object.value("device", receipt.device);
    receipt.started = object.value("started", receipt.started);
    receipt.finished = object.value("finished", receipt.finished);
    const json result = object.value("result", json::object());
    receipt.status = statusFromName(result.value("status", std::string("unfinished")));
    receipt.paused = receipt.status == RunStatus::Stopped && result.value("paused", receipt.paused);
    receipt.message = result.value("message", receipt.message);
    receipt.epochs = result.value("epochs", receipt.epochs);
    receipt.bestEpoch = result.value("best_epoch", receipt.bestEpoch);
    receipt.seconds = result.value("seconds", receipt.seconds);
    receipt.imagesPerSecond = result.value("images_per_second", receipt.imagesPerSecond);
    receipt.validationAccuracy = optionalAt<double>(result, "validation_accuracy");
    receipt.testCorrect = optionalAt<std::size_t>(result, "test_correct");
    receipt.testTotal = optionalAt<std::size_t>(result, "test_total");
    receipt.peakMemoryBytes = optionalAt<std::uint64_t>(result, "peak_memory_bytes");
    receipt.loaderWait = loaderWaitFrom(result);
    receipt.notes = result.value("notes", receipt.notes);
    receipt.endingNotes = std::min(receipt.notes.size(), result.value("ending_notes", receipt.endingNotes));
    return receipt;
}

/// What a run wrote down step by step.
struct Curves {
    std::vector<MetricPoint> points{};
    std::vector<RunMark> marks{};
};

std::optional<RunMark> markFrom(const json &object)
{
    const json text = object.value("mark", json());
    const json step = object.value("step", json());
    const json epoch = object.value("epoch", json());
    if (!text.is_string() || !step.is_number_integer() || !epoch.is_number())
        return std::nullopt;
    return RunMark{step.get<std::int64_t>(), epoch.get<double>(), text.get<std::string>()};
}

std::optional<MetricPoint> pointFrom(const json &object)
{
    if (!object.contains("series") || !object["series"].is_string())
        return std::nullopt;
    const auto series = metricSeriesFromName(object["series"].get<std::string>());
    const json value = object.value("value", json());
    const json step = object.value("step", json());
    const json epoch = object.value("epoch", json());
    if (!series || !value.is_number() || !step.is_number_integer() || !epoch.is_number())
        return std::nullopt; // of a newer Whisker, or a value that JSON has no number for
    return MetricPoint{*series, step.get<std::int64_t>(), epoch.get<double>(), value.get<double>()};
}

/// Where a run was resumed some steps were taken twice: the later line counts.
std::vector<MetricPoint> withoutRepeats(std::vector<MetricPoint> points)
{
    std::set<std::pair<MetricSeries, std::int64_t>> seen;
    std::vector<MetricPoint> kept;
    kept.reserve(points.size());
    for (auto point = points.rbegin(); point != points.rend(); ++point) {
        if (seen.emplace(point->series, point->step).second)
            kept.push_back(*point);
    }
    std::ranges::reverse(kept);
    return kept;
}

void takeLine(std::string_view line, Curves &curves)
{
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object())
        return;
    if (const auto point = pointFrom(object))
        curves.points.push_back(*point);
    else if (auto mark = markFrom(object); mark && std::ranges::find(curves.marks, *mark) == curves.marks.end())
        curves.marks.push_back(*std::move(mark));
}

Result<Curves> readMetrics(const std::filesystem::path &file)
{
    if (std::error_code ignored; !std::filesystem::exists(file, ignored))
        return Curves(); // the run ended before its first step
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    const std::string_view text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    Curves curves;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        if (end == std::string_view::npos)
            break; // a line without its end was cut off while it was written
        takeLine(text.substr(begin, end - begin), curves);
        begin = end + 1;
    }
    curves.points = withoutRepeats(std::move(curves.points));
    return curves;
}

} // namespace

std::optional<double> testShare(const RunReceipt &receipt)
{
    const std::size_t all = receipt.testTotal.value_or(0);
    if (!receipt.testCorrect || all == 0 || *receipt.testCorrect > all)
        return std::nullopt;
    return static_cast<double>(*receipt.testCorrect) / static_cast<double>(all);
}

std::string_view runStatusName(RunStatus status)
{
    return std::ranges::find(kStatusNames, status, &std::pair<RunStatus, const char *>::first)->second;
}

std::string_view statusWord(const RunReceipt &receipt)
{
    return receipt.paused ? "paused" : runStatusName(receipt.status);
}

std::string toJson(const RunReceipt &receipt)
{
    return json{{"format", kReceiptFormat},
                {"snapshot", receipt.snapshotDigest},
                {"classes", receipt.classes},
                {"images", {{"train", receipt.trainImages}, {"validation", receipt.validationImages}, {"test", receipt.testImages}}},
                {"config", json::parse(toJson(receipt.config))},
                {"cycles", cyclesJson(receipt.cycles)},
                {"versions", receipt.versions},
                {"continues", receipt.startModel.empty() ? json::object() : json{{"model", receipt.startModel.native()}, {"digest", receipt.startDigest}}},
                {"repeats", receipt.repeats.native()},
                {"device", receipt.device},
                {"started", receipt.started},
                {"finished", receipt.finished},
                {"result",
                 {{"status", runStatusName(receipt.status)},
                  {"paused", receipt.paused},
                  {"message", receipt.message},
                  {"epochs", receipt.epochs},
                  {"best_epoch", receipt.bestEpoch},
                  {"seconds", receipt.seconds},
                  {"images_per_second", receipt.imagesPerSecond},
                  {"validation_accuracy", orNull(receipt.validationAccuracy)},
                  {"test_correct", orNull(receipt.testCorrect)},
                  {"test_total", orNull(receipt.testTotal)},
                  {"peak_memory_bytes", orNull(receipt.peakMemoryBytes)},
                  {"loader", loaderWaitJson(receipt.loaderWait)},
                  {"notes", receipt.notes},
                  {"ending_notes", receipt.endingNotes}}}}
        .dump(2, ' ', false, json::error_handler_t::replace);
}

Result<RunReceipt> runReceiptFromJson(std::string_view text)
{
    try {
        const json object = json::parse(text);
        if (const int format = object.value("format", 0); format > kReceiptFormat)
            return fail(ErrorCode::NewerVersion, "The receipt of this run was written by a newer Whisker: update Whisker to read it.");
        else if (format < 1)
            return fail(ErrorCode::BadFormat, "This is not the receipt of a run.");
        RunReceipt receipt = receiptFromObject(object);
        const auto config = trainConfigFromJson(object.at("config").dump());
        if (!config)
            return std::unexpected(config.error());
        receipt.config = *config;
        return receipt;
    } catch (const json::exception &exception) {
        return fail(ErrorCode::BadFormat, fmt::format("The receipt of a run cannot be read: {}.", exception.what()));
    }
}

std::filesystem::path newRunFolder(const std::filesystem::path &runsFolder, TrainMode mode, std::chrono::system_clock::time_point now)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y-%m-%d-%H%M%S", &local);
    const std::string name = fmt::format("{}-{}", stamp, trainModeName(mode));
    std::filesystem::path folder = runsFolder / name;
    std::error_code ignored; // what can't be looked at is found out when the folder is made
    for (int number = 2; std::filesystem::exists(folder, ignored); ++number)
        folder = runsFolder / fmt::format("{}-{}", name, number);
    return folder;
}

Result<RunSummary> readRunSummary(const std::filesystem::path &folder)
{
    const std::filesystem::path file = folder / kReceiptFile;
    const auto bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto receipt = runReceiptFromJson({reinterpret_cast<const char *>(bytes->data()), bytes->size()});
    if (!receipt) {
        receipt.error().file = file;
        receipt.error().message = pathText(file) + ": " + asClause(receipt.error().message);
        return std::unexpected(receipt.error());
    }
    const auto has = [&](const char *name) {
        std::error_code ignored; // no answer counts as no file
        return std::filesystem::exists(folder / name, ignored);
    };
    return RunSummary{folder, *std::move(receipt), has(kCheckpointFile) || has(kPreviousCheckpointFile), has(kModelFile), internal::isHeld(folder / kMetricsFile),
                      readRunNote(folder), has(kSnapshotFile)};
}

Result<RunRecord> readRun(const std::filesystem::path &folder)
{
    auto summary = readRunSummary(folder);
    if (!summary)
        return std::unexpected(summary.error());
    auto curves = readMetrics(folder / kMetricsFile);
    if (!curves)
        return std::unexpected(curves.error());
    return RunRecord{*std::move(summary), std::move(curves->points), std::move(curves->marks)};
}

std::vector<RunSummary> listRuns(const std::filesystem::path &runsFolder)
{
    std::vector<RunSummary> runs;
    std::error_code error; // a folder that is missing or closed to us has no runs to show
    for (std::filesystem::directory_iterator entry(runsFolder, error), end; !error && entry != end; entry.increment(error)) {
        if (auto summary = readRunSummary(entry->path()))
            runs.push_back(*std::move(summary));
    }
    std::ranges::sort(runs, [](const RunSummary &a, const RunSummary &b) {
        return std::pair(a.receipt.started, a.folder) > std::pair(b.receipt.started, b.folder);
    });
    return runs;
}

Result<void> removeRun(const std::filesystem::path &folder)
{
    std::error_code error;
    if (!std::filesystem::exists(folder / kReceiptFile, error))
        return fail(ErrorCode::InvalidArgument, pathText(folder) + " is not the folder of a run: nothing was deleted.", folder);
    if (internal::isHeld(folder / kMetricsFile))
        return fail(ErrorCode::InvalidArgument, "The run " + pathText(folder) + " is under way: stop it before it is deleted.", folder);
    // the receipt last: a run that can't be deleted whole stays in the list
    for (const char *name : {kModelFile, kBestFile, kCheckpointFile, kPreviousCheckpointFile, kMetricsFile, kSnapshotFile, kTestAnswersFile, internal::kLineageFile, kNoteFile,
                             kReceiptFile}) {
        std::filesystem::remove(folder / name, error);
        if (error)
            return std::unexpected(systemError(error.value(), "can't be deleted", folder / name));
    }
    std::filesystem::remove(folder, error); // stays where somebody has put something else into it
    return {};
}

bool canGoOn(const RunSummary &run)
{
    return run.hasCheckpoint || run.receipt.config.mode != TrainMode::Scratch || !run.receipt.startModel.empty();
}

bool keepsItsStart(const RunReceipt &receipt)
{
    return receipt.bestEpoch == 0 && (receipt.config.mode == TrainMode::FineTune || (receipt.config.mode == TrainMode::Scratch && !receipt.startModel.empty()));
}

namespace {

/// Writes the receipt of a run that was stopped, and can go on, as `change` leaves it.
Result<void> changeStopped(const std::filesystem::path &folder, void (*change)(RunReceipt &receipt))
{
    auto run = readRunSummary(folder);
    if (!run)
        return std::unexpected(run.error());
    if (run->receipt.status != RunStatus::Stopped || run->receipt.config.mode == TrainMode::Quick || !canGoOn(*run))
        return {};
    change(run->receipt);
    return writeFileAtomically(folder / kReceiptFile, toJson(run->receipt));
}

} // namespace

Result<void> leaveUnfinished(const std::filesystem::path &folder)
{
    return changeStopped(folder, [](RunReceipt &receipt) {
        receipt.status = RunStatus::Unfinished;
        receipt.finished.clear();
    });
}

Result<void> leavePaused(const std::filesystem::path &folder)
{
    return changeStopped(folder, [](RunReceipt &receipt) { receipt.paused = true; });
}

std::filesystem::path newestModel(const std::vector<RunSummary> &runs)
{
    const auto newest = std::ranges::find_if(
        runs, [](const RunSummary &run) { return run.hasModel && run.receipt.status == RunStatus::Completed; });
    return newest != runs.end() ? newest->folder / kModelFile : std::filesystem::path();
}

} // namespace whisker
