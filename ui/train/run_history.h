#pragma once

#include "engine/data/snapshot_file.h"
#include "engine/train/run_folder.h"

#include <QObject>
#include <QThreadPool>
#include <filesystem>
#include <memory>
#include <vector>

namespace whisker {

/// Reads the runs of a project on a worker thread. Lives in the GUI thread; every signal is emitted there. What comes back for a folder that
/// is no longer the project's is dropped. The destructor waits for the file that is being read.
class RunHistory : public QObject {
    Q_OBJECT
public:
    explicit RunHistory(QObject *parent = nullptr);
    ~RunHistory() override;

    /// Another project, or none (empty path): the runs are emptied and read.
    void setRunsFolder(const std::filesystem::path &folder);
    void reload();
    void readCurves(const std::filesystem::path &runFolder); ///< Gives curvesRead(), or failed().
    void readOverlay(const std::filesystem::path &runFolder); ///< Gives overlayRead(), or failed().
    void remove(const std::filesystem::path &runFolder); ///< removeRun(); then removed() and runsChanged(), or failed().
    /// Gives changesFound() with what is otherwise in `now` than in what lastCompleted() learnt from; no changes where there is no such run, or it kept no
    /// snapshot that can be read.
    void findChanges(std::shared_ptr<const Snapshot> now);

    const std::vector<RunSummary> &runs() const { return m_runs; } ///< Newest first.
    const RunSummary *lastCompleted() const; ///< The newest completed run; null where there is none. Valid until runsChanged().

Q_SIGNALS:
    void runsChanged();
    void curvesRead(const whisker::RunRecord &record);
    void changesFound(const whisker::SnapshotChanges &changes);
    void overlayRead(const whisker::RunRecord &record);
    void removed(const std::filesystem::path &runFolder);
    void failed(const QString &sentence);

private:
    void read(const std::filesystem::path &runFolder, void (RunHistory::*tell)(const RunRecord &));
    std::filesystem::path m_folder;
    std::vector<RunSummary> m_runs;
    quint64 m_generation = 0; // of the folder
    quint64 m_request = 0;    // of the list of runs
    quint64 m_comparison = 0; // of changes
    QThreadPool m_pool;
};

} // namespace whisker
