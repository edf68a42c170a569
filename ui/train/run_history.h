#pragma once

#include "engine/data/snapshot_file.h"
#include "engine/train/compared_runs.h"
#include "ui/train/common_class.h"
#include "ui/train/run_texts.h"

#include <QObject>
#include <QThreadPool>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// Reads the runs of a project on a worker thread, and does there what takes reading them. Lives in the GUI thread; every signal is emitted there. What comes back for
/// a folder that is no longer the project's is dropped. The destructor waits for what is being read, deletes what is still to be deleted, and
/// writes the notes that are not written yet.
class RunHistory : public QObject {
    Q_OBJECT
public:
    explicit RunHistory(QObject *parent = nullptr);
    ~RunHistory() override;

    /// Another project, or none (empty path): the runs are emptied and read.
    void setRunsFolder(const std::filesystem::path &folder);
    void reload();
    void readCurves(const std::filesystem::path &runFolder); ///< Gives curvesRead(), or failed().
    void readCommonClasses(const std::filesystem::path &runFolder); ///< Gives commonClassesRead(), without any where the run has kept no snapshot that can be read.
    void readOverlay(const std::filesystem::path &runFolder); ///< Gives overlayRead(), or failed().
    void remove(const std::vector<std::filesystem::path> &runFolders); ///< removeRun() of each; then removed() or failed() for each, and runsChanged().
    /// Its note in runs() is another at once, and noteChanged() says so; then writeRunNote(), and noteKept() or noteFailed().
    void keepNote(const std::filesystem::path &runFolder, const std::string &note);
    /// Also of a run that is not in runs() yet; empty where there is none.
    std::string noteOf(const std::filesystem::path &runFolder) const;
    void compare(const std::filesystem::path &one, const std::filesystem::path &other); ///< Gives compared(), or failed(); only for the pair asked for last.
    void planRepeat(const std::filesystem::path &runFolder, std::shared_ptr<const Snapshot> now); ///< whisker::planRepeat(); gives repeatPlanned(), or failed().
    void judge(const std::filesystem::path &original, const std::filesystem::path &repeat, const std::vector<SkippedFile> &skipped); ///< Gives judged(), or failed().
    /// Gives changesFound() with what is otherwise in `now` than in what lastCompleted() learnt from; no changes where there is no such run, or its snapshot
    /// can't be read.
    void findChanges(std::shared_ptr<const Snapshot> now);

    const std::vector<RunSummary> &runs() const { return m_runs; } ///< Newest first.
    const RunNames &names() const { return m_names; } ///< Of runs().
    QString nameOf(const RunSummary &run) const; ///< As if it were alone where it is none of runs().
    bool isRead() const { return m_read; } ///< Else runs() is empty because they have not been read yet.
    const RunSummary *lastCompleted() const; ///< The newest completed run that has its snapshot still; null where there is none. Valid until runsChanged().

Q_SIGNALS:
    void runsChanged();
    void curvesRead(const whisker::RunRecord &record);
    void commonClassesRead(const std::filesystem::path &runFolder, const whisker::CommonClasses &common);
    void changesFound(const whisker::SnapshotChanges &changes);
    void overlayRead(const whisker::RunRecord &record);
    void removed(const std::filesystem::path &runFolder);
    void noteChanged(const std::filesystem::path &runFolder);
    void noteKept(const std::filesystem::path &runFolder);
    void noteFailed(const std::filesystem::path &runFolder, const QString &note, const QString &sentence);
    void compared(const whisker::ComparedRuns &runs);
    void repeatPlanned(const std::filesystem::path &runFolder, const whisker::RepeatPlan &plan);
    void judged(const std::filesystem::path &repeat, const whisker::RepeatVerdict &verdict);
    void failed(const QString &sentence);

private:
    enum class AtEnd { Skip, Do }; ///< What becomes of work that has not begun when this is destroyed.
    template <class Work, class Tell> void onWorker(Work work, Tell tell, AtEnd atEnd = AtEnd::Skip);
    void noteWritten(const std::filesystem::path &runFolder, const std::string &note, const Result<void> &written);
    RunSummary *find(const std::filesystem::path &runFolder);
    std::filesystem::path m_folder;
    std::vector<RunSummary> m_runs;
    RunNames m_names; // made anew with them
    std::map<std::filesystem::path, std::string> m_notes; // that are on their way to the disk
    std::map<std::filesystem::path, std::string> m_newNotes; // of runs that are not in the list yet
    bool m_read = false;
    quint64 m_generation = 0; // of the folder
    quint64 m_request = 0;    // of the list of runs
    quint64 m_changes = 0;    // of changes
    quint64 m_pair = 0;       // of compare()
    std::atomic<bool> m_ends = false;
    QThreadPool m_pool;
};

} // namespace whisker
