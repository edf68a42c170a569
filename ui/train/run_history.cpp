#include "ui/train/run_history.h"

#include "engine/train/run_notes.h"

#include <QMetaObject>
#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

namespace whisker {

RunHistory::RunHistory(QObject *parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1); // so that answers come in the order of the questions
}

RunHistory::~RunHistory()
{
    m_ends = true;
    m_pool.waitForDone();
    for (const auto &[folder, note] : m_notes)
        std::ignore = writeRunNote(folder, note); // nobody is there any more to be told
}

/// Does `work` on the worker, and tells what came of it here, or failed(), while its project is still the one.
template <class Work, class Tell> void RunHistory::onWorker(Work work, Tell tell, AtEnd atEnd)
{
    m_pool.start([this, work = std::move(work), tell = std::move(tell), atEnd, generation = m_generation] {
        if (m_ends && atEnd == AtEnd::Skip)
            return;
        const auto result = std::make_shared<decltype(work())>(work());
        QMetaObject::invokeMethod(
            this,
            [this, result, tell, generation] {
                if (generation != m_generation)
                    return;
                if (*result)
                    tell(**result);
                else
                    Q_EMIT failed(QString::fromStdString(result->error().message));
            },
            Qt::QueuedConnection);
    });
}

void RunHistory::setRunsFolder(const std::filesystem::path &folder)
{
    if (folder == m_folder)
        return;
    m_folder = folder;
    ++m_generation;
    m_runs.clear();
    m_names.clear();
    m_newNotes.clear();
    m_read = false;
    Q_EMIT runsChanged();
    if (!folder.empty())
        reload();
}

void RunHistory::reload()
{
    m_pool.start([this, folder = m_folder, generation = m_generation, request = ++m_request] {
        if (m_ends)
            return;
        auto runs = std::make_shared<std::vector<RunSummary>>(listRuns(folder));
        QMetaObject::invokeMethod(
            this,
            [this, runs, generation, request] {
                if (generation != m_generation || request != m_request)
                    return; // a later list is under way; this one may not know of a run that has ended since
                m_runs = std::move(*runs);
                m_names = runNames(m_runs, QDateTime::currentDateTime());
                m_read = true;
                for (RunSummary &run : m_runs) { // read before its note was written
                    if (const auto note = m_notes.find(run.folder); note != m_notes.end())
                        run.note = note->second;
                }
                Q_EMIT runsChanged();
            },
            Qt::QueuedConnection);
    });
}

void RunHistory::readCurves(const std::filesystem::path &runFolder)
{
    onWorker([runFolder] { return readRun(runFolder); }, [this](const RunRecord &record) { Q_EMIT curvesRead(record); });
}

void RunHistory::readCommonClasses(const std::filesystem::path &runFolder)
{
    onWorker([file = runFolder / kSnapshotFile]() -> Result<CommonClasses> {
        const auto snapshot = readSnapshot(file);
        return snapshot ? commonClasses(*snapshot) : CommonClasses();
    }, [this, runFolder](const CommonClasses &common) { Q_EMIT commonClassesRead(runFolder, common); });
}

void RunHistory::readOverlay(const std::filesystem::path &runFolder)
{
    onWorker([runFolder] { return readRun(runFolder); }, [this](const RunRecord &record) { Q_EMIT overlayRead(record); });
}

void RunHistory::compare(const std::filesystem::path &one, const std::filesystem::path &other)
{
    onWorker([one, other] { return comparedRuns(one, other); }, [this, pair = ++m_pair](const ComparedRuns &runs) {
        if (pair == m_pair)
            Q_EMIT compared(runs);
    });
}

void RunHistory::planRepeat(const std::filesystem::path &runFolder, std::shared_ptr<const Snapshot> now)
{
    onWorker([runFolder, now = std::move(now)] { return whisker::planRepeat(runFolder, now.get()); },
             [this, runFolder](const RepeatPlan &plan) { Q_EMIT repeatPlanned(runFolder, plan); });
}

void RunHistory::judge(const std::filesystem::path &original, const std::filesystem::path &repeat, const std::vector<SkippedFile> &skipped)
{
    onWorker([original, repeat, skipped] { return judgeRepeat(original, repeat, skipped); },
             [this, repeat](const RepeatVerdict &verdict) { Q_EMIT judged(repeat, verdict); });
}

void RunHistory::remove(const std::vector<std::filesystem::path> &runFolders)
{
    for (const std::filesystem::path &runFolder : runFolders) {
        m_notes.erase(runFolder);
        onWorker([runFolder]() -> Result<std::filesystem::path> {
            const auto removal = removeRun(runFolder);
            return removal ? Result<std::filesystem::path>(runFolder) : std::unexpected(removal.error());
        }, [this](const std::filesystem::path &gone) { Q_EMIT removed(gone); }, AtEnd::Do);
    }
    reload(); // behind them: the worker is one thread
}

RunSummary *RunHistory::find(const std::filesystem::path &runFolder)
{
    const auto run = std::ranges::find(m_runs, runFolder, &RunSummary::folder);
    return run != m_runs.end() ? &*run : nullptr;
}

void RunHistory::keepNote(const std::filesystem::path &runFolder, const std::string &note)
{
    m_notes[runFolder] = note;
    if (RunSummary *run = find(runFolder))
        run->note = note;
    else
        m_newNotes[runFolder] = note;
    Q_EMIT noteChanged(runFolder);
    m_pool.start([this, runFolder, note] {
        const auto written = writeRunNote(runFolder, note);
        QMetaObject::invokeMethod(this, [this, runFolder, note, written] { noteWritten(runFolder, note, written); }, Qt::QueuedConnection);
    });
}

std::string RunHistory::noteOf(const std::filesystem::path &runFolder) const
{
    const auto run = std::ranges::find(m_runs, runFolder, &RunSummary::folder);
    if (run != m_runs.end())
        return run->note;
    const auto note = m_newNotes.find(runFolder);
    return note != m_newNotes.end() ? note->second : std::string();
}

void RunHistory::noteWritten(const std::filesystem::path &runFolder, const std::string &note, const Result<void> &written)
{
    const auto wished = m_notes.find(runFolder);
    if (wished == m_notes.end() || wished->second != note)
        return; // its run was deleted, or a later one is on its way
    m_notes.erase(wished);
    if (written)
        Q_EMIT noteKept(runFolder);
    else
        Q_EMIT noteFailed(runFolder, QString::fromStdString(note), QString::fromStdString(written.error().message));
}

QString RunHistory::nameOf(const RunSummary &run) const
{
    const auto name = m_names.find(run.folder);
    return name != m_names.end() ? name->second : runName(run, QDateTime::currentDateTime());
}

const RunSummary *RunHistory::lastCompleted() const
{
    const auto newest = std::ranges::find_if(m_runs, [](const RunSummary &run) { return run.receipt.status == RunStatus::Completed && run.hasSnapshot; });
    return newest != m_runs.end() ? &*newest : nullptr;
}

void RunHistory::findChanges(std::shared_ptr<const Snapshot> now)
{
    const quint64 request = ++m_changes;
    const RunSummary *last = lastCompleted();
    if (!now || !last) {
        Q_EMIT changesFound({});
        return;
    }
    m_pool.start([this, now = std::move(now), file = last->folder / kSnapshotFile, request] {
        if (m_ends)
            return;
        const auto before = readSnapshot(file); // damaged: nobody can tell
        const SnapshotChanges changes = before ? changesBetween(*before, *now) : SnapshotChanges();
        QMetaObject::invokeMethod(
            this,
            [this, changes, request] {
                if (request == m_changes)
                    Q_EMIT changesFound(changes);
            },
            Qt::QueuedConnection);
    });
}

} // namespace whisker
