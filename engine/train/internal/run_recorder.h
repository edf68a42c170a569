#pragma once

#include "engine/base/result.h"
#include "engine/train/internal/memory_watch.h"
#include "engine/train/run_folder.h"
#include "engine/train/train_events.h"

#include <set>
#include <string>

namespace whisker::internal {

/// Keeps what happens in a run: tells it to those who listen, and writes receipt and metrics into the run's folder. One thread.
class RunRecorder {
public:
    /// Makes the folder and writes the receipt; with `goOn` metrics are appended to those that are there, else files of an earlier run are removed.
    /// Errors: PermissionDenied, NoSpace, NotFound.
    static Result<RunRecorder> begin(const std::filesystem::path &folder, RunReceipt receipt, const TrainEvents &events, bool goOn);
    RunRecorder(RunRecorder &&other) noexcept;
    RunRecorder &operator=(RunRecorder &&) = delete;
    ~RunRecorder();

    void stage(TrainStage stage, std::string text);
    void progress(TrainProgress progress); ///< Adds device and memory.
    void watchMemory(const Device &device) { m_memory = MemoryWatch(device); } ///< Instead of the CPU's.
    /// A metric that can't be written is told once and the run goes on.
    void metric(const MetricPoint &point);
    void pinned(const PinnedAnswer &answer); ///< Told, not kept.
    void mark(const RunMark &mark); ///< As metric().
    void skip(const std::filesystem::path &file, std::string reason); ///< Once a file; more are ignored.
    void warn(const std::string &sentence);    ///< Told once a sentence, not kept: it matters only while the run goes on.
    void note(const std::string &sentence);    ///< As warn(), and kept on the receipt: it holds also when the run has ended.
    void noteEnd(const std::string &sentence); ///< As note(): says how the run ended.
    void withdraw(const std::string &sentence); ///< A note() that holds no more, of an earlier part of the run too; nothing where it was not said.

    void takePeakMemory(); ///< On the receipt: the most that was seen in use.
    /// Writes the receipt again. A failure is told as a note and given back.
    Result<void> saveReceipt();
    RunReceipt &receipt() { return m_receipt; }
    const std::filesystem::path &folder() const { return m_folder; }
    const std::vector<SkippedFile> &skipped() const { return m_skipped; }

private:
    void append(std::string line);

    RunRecorder(std::filesystem::path folder, RunReceipt receipt, const TrainEvents &events, int descriptor);

    std::filesystem::path m_folder;
    RunReceipt m_receipt;
    MemoryWatch m_memory;
    TrainEvents m_events;
    int m_descriptor;
    bool m_torn = false; // the file of metrics ends within a line
    std::vector<SkippedFile> m_skipped;
    std::set<std::filesystem::path> m_skippedFiles;
    std::set<std::string> m_told; // notes of this part of the run
};

/// Now, as ISO 8601 in UTC.
std::string timestamp();

} // namespace whisker::internal
