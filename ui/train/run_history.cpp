#include "ui/train/run_history.h"

#include <QMetaObject>
#include <algorithm>
#include <memory>

namespace whisker {

RunHistory::RunHistory(QObject *parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1); // so that answers come in the order of the questions
}

RunHistory::~RunHistory()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void RunHistory::setRunsFolder(const std::filesystem::path &folder)
{
    if (folder == m_folder)
        return;
    m_folder = folder;
    ++m_generation;
    m_runs.clear();
    Q_EMIT runsChanged();
    if (!folder.empty())
        reload();
}

void RunHistory::reload()
{
    m_pool.start([this, folder = m_folder, generation = m_generation, request = ++m_request] {
        auto runs = std::make_shared<std::vector<RunSummary>>(listRuns(folder));
        QMetaObject::invokeMethod(
            this,
            [this, runs, generation, request] {
                if (generation != m_generation || request != m_request)
                    return; // a later list is under way; this one may not know of a run that has ended since
                m_runs = std::move(*runs);
                Q_EMIT runsChanged();
            },
            Qt::QueuedConnection);
    });
}

void RunHistory::readCurves(const std::filesystem::path &runFolder)
{
    read(runFolder, &RunHistory::curvesRead);
}

void RunHistory::readOverlay(const std::filesystem::path &runFolder)
{
    read(runFolder, &RunHistory::overlayRead);
}

void RunHistory::read(const std::filesystem::path &runFolder, void (RunHistory::*tell)(const RunRecord &))
{
    m_pool.start([this, runFolder, tell, generation = m_generation] {
        auto record = std::make_shared<Result<RunRecord>>(readRun(runFolder));
        QMetaObject::invokeMethod(
            this,
            [this, record, tell, generation] {
                if (generation != m_generation)
                    return;
                if (*record)
                    Q_EMIT (this->*tell)(**record);
                else
                    Q_EMIT failed(QString::fromStdString(record->error().message));
            },
            Qt::QueuedConnection);
    });
}

void RunHistory::remove(const std::filesystem::path &runFolder)
{
    m_pool.start([this, runFolder, generation = m_generation] {
        auto result = std::make_shared<Result<void>>(removeRun(runFolder));
        QMetaObject::invokeMethod(
            this,
            [this, runFolder, result, generation] {
                if (generation != m_generation)
                    return;
                if (*result)
                    Q_EMIT removed(runFolder);
                else
                    Q_EMIT failed(QString::fromStdString(result->error().message));
                reload();
            },
            Qt::QueuedConnection);
    });
}

const RunSummary *RunHistory::lastCompleted() const
{
    const auto newest = std::ranges::find(m_runs, RunStatus::Completed, [](const RunSummary &run) { return run.receipt.status; });
    return newest != m_runs.end() ? &*newest : nullptr;
}

void RunHistory::findChanges(std::shared_ptr<const Snapshot> now)
{
    const quint64 comparison = ++m_comparison;
    const RunSummary *last = lastCompleted();
    if (!now || !last) {
        Q_EMIT changesFound({});
        return;
    }
    m_pool.start([this, now = std::move(now), file = last->folder / kSnapshotFile, comparison] {
        const auto before = readSnapshot(file); // of an older Whisker, or damaged: nobody can tell
        const SnapshotChanges changes = before ? changesBetween(*before, *now) : SnapshotChanges();
        QMetaObject::invokeMethod(
            this,
            [this, changes, comparison] {
                if (comparison == m_comparison)
                    Q_EMIT changesFound(changes);
            },
            Qt::QueuedConnection);
    });
}

} // namespace whisker
