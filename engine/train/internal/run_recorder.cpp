#include "engine/train/internal/run_recorder.h"

#include "engine/base/atomic_file.h"
#include "engine/base/log.h"
#include "engine/base/path_text.h"
#include "engine/train/internal/lineage.h"
#include "engine/train/internal/run_hold.h"
#include "engine/train/run_notes.h"
#include "engine/train/test_answers.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace whisker::internal {

namespace {

bool endsWithinALine(int descriptor)
{
    const off_t size = ::lseek(descriptor, 0, SEEK_END);
    char last = '\n';
    return size > 0 && ::pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

void removeEarlierRun(const std::filesystem::path &folder, int metrics)
{
    [[maybe_unused]] const int emptied = ::ftruncate(metrics, 0); // what it can't do, writing can't either
    for (const char *name : {kReceiptFile, kSnapshotFile, kCheckpointFile, kPreviousCheckpointFile, kBestFile, kModelFile, kTestAnswersFile, kLineageFile, kNoteFile}) {
        std::error_code ignored; // what can't be removed can't be replaced either, and that is said where it is written
        std::filesystem::remove(folder / name, ignored);
    }
}

std::string line(const MetricPoint &point)
{
    nlohmann::json object{{"series", metricSeriesName(point.series)}, {"step", point.step}, {"epoch", point.epoch}};
    object["value"] = std::isfinite(point.value) ? nlohmann::json(point.value) : nlohmann::json(nullptr);
    return object.dump() + "\n";
}

std::string line(const RunMark &mark)
{
    const nlohmann::json object{{"mark", mark.text}, {"step", mark.step}, {"epoch", mark.epoch}};
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace

std::string timestamp()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

RunRecorder::RunRecorder(std::filesystem::path folder, RunReceipt receipt, const TrainEvents &events, int descriptor)
    : m_folder(std::move(folder)), m_receipt(std::move(receipt)), m_events(events), m_descriptor(descriptor),
      m_torn(endsWithinALine(descriptor))
{
}

RunRecorder::RunRecorder(RunRecorder &&other) noexcept
    : m_folder(std::move(other.m_folder)), m_receipt(std::move(other.m_receipt)), m_events(std::move(other.m_events)),
      m_descriptor(std::exchange(other.m_descriptor, -1)), m_torn(other.m_torn), m_skipped(std::move(other.m_skipped)),
      m_skippedFiles(std::move(other.m_skippedFiles)), m_told(std::move(other.m_told))
{
}

RunRecorder::~RunRecorder()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<RunRecorder> RunRecorder::begin(const std::filesystem::path &folder, RunReceipt receipt, const TrainEvents &events, bool goOn)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be made", folder));
    const std::filesystem::path metrics = folder / kMetricsFile;
    const int descriptor = ::open(metrics.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return std::unexpected(systemError(errno, "can't be written", metrics));
    if (!hold(descriptor)) {
        ::close(descriptor);
        return fail(ErrorCode::InvalidArgument, "The run " + pathText(folder) + " goes on in another window or program: wait until it has ended.", folder);
    }
    if (!goOn)
        removeEarlierRun(folder, descriptor);
    RunRecorder recorder(folder, std::move(receipt), events, descriptor);
    if (const auto written = writeFileAtomically(folder / kReceiptFile, toJson(recorder.m_receipt)); !written)
        return std::unexpected(written.error());
    return recorder;
}

void RunRecorder::stage(TrainStage stage, std::string text)
{
    if (m_events.onStage)
        m_events.onStage({stage, std::move(text)});
}

void RunRecorder::progress(TrainProgress progress)
{
    m_memory.look();
    progress.memory = m_memory.now();
    progress.device = m_receipt.device;
    if (m_events.onProgress)
        m_events.onProgress(progress);
}

void RunRecorder::metric(const MetricPoint &point)
{
    if (m_events.onMetric)
        m_events.onMetric(point);
    append(line(point));
}

void RunRecorder::pinned(const PinnedAnswer &answer)
{
    if (m_events.onPinned)
        m_events.onPinned(answer);
}

void RunRecorder::mark(const RunMark &mark)
{
    if (m_events.onMark)
        m_events.onMark(mark);
    append(line(mark));
}

void RunRecorder::append(std::string text)
{
    if (m_torn)
        text.insert(text.begin(), '\n');
    ssize_t written = -1;
    do {
        written = ::write(m_descriptor, text.data(), text.size());
    } while (written < 0 && errno == EINTR);
    if (written == static_cast<ssize_t>(text.size())) {
        m_torn = false;
        return;
    }
    m_torn = m_torn || written > 0;
    note(systemError(written < 0 ? errno : ENOSPC, "can't be written", m_folder / kMetricsFile).message +
         " The run is not harmed, but its curves lack some points.");
}

void RunRecorder::skip(const std::filesystem::path &file, std::string reason)
{
    if (!m_skippedFiles.insert(file).second)
        return;
    m_skipped.push_back({file, std::move(reason)});
    if (m_events.onSkipped)
        m_events.onSkipped(m_skipped.back());
}

void RunRecorder::note(const std::string &sentence)
{
    if (std::ranges::find(m_receipt.notes, sentence) == m_receipt.notes.end())
        m_receipt.notes.insert(m_receipt.notes.end() - static_cast<std::ptrdiff_t>(m_receipt.endingNotes), sentence);
    warn(sentence);
}

void RunRecorder::warn(const std::string &sentence)
{
    if (!m_told.insert(sentence).second)
        return;
    logMessage(LogLevel::Warning, sentence);
    if (m_events.onNote)
        m_events.onNote(sentence);
}

void RunRecorder::noteEnd(const std::string &sentence)
{
    const std::size_t before = m_receipt.notes.size();
    note(sentence);
    if (m_receipt.notes.size() == before)
        return;
    const auto added = m_receipt.notes.end() - static_cast<std::ptrdiff_t>(m_receipt.endingNotes) - 1;
    std::rotate(added, added + 1, m_receipt.notes.end());
    ++m_receipt.endingNotes;
}

void RunRecorder::withdraw(const std::string &sentence)
{
    const auto kept = std::ranges::find(m_receipt.notes, sentence);
    if (m_told.erase(sentence) == 0 && kept == m_receipt.notes.end())
        return;
    if (kept != m_receipt.notes.end())
        m_receipt.notes.erase(kept);
    if (m_events.onWithdrawn)
        m_events.onWithdrawn(sentence);
}

void RunRecorder::takePeakMemory()
{
    m_memory.look();
    if (m_memory.peakBytes() > 0)
        m_receipt.peakMemoryBytes = std::max(m_memory.peakBytes(), m_receipt.peakMemoryBytes.value_or(0));
}

Result<void> RunRecorder::saveReceipt()
{
    auto written = writeFileAtomically(m_folder / kReceiptFile, toJson(m_receipt));
    if (!written)
        note(written.error().message);
    return written;
}

} // namespace whisker::internal
