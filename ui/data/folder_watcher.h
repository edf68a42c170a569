#pragma once

#include "engine/data/watched_folders.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QTimer>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

class QFileSystemWatcher;

namespace whisker {

class ProjectSession;

struct WatchTimes {
    std::chrono::milliseconds gather{300}; ///< Changes that come soon after each other are looked at once.
    std::chrono::milliseconds rest{1500};  ///< A file whose size and time haven't changed for so long has been written.
    std::chrono::milliseconds poll{30'000}; ///< How often folders are looked into that can't be watched, or are away, and whether the others are still there.
};

/// Brings new pictures of the project's watched folders in by themselves.
///
/// Lives in the GUI thread and emits every signal there; folders are listed by a worker thread. The system tells of changes in a folder and the folders below
/// it; where it can't (a network disk, too many folders) and while a folder is away, folders are looked into now and then. A file is imported once it is
/// written to its end; one that was imported or found useless is not tried again before it changes. A project opened for reading only is not watched.
class FolderWatcher : public QObject {
    Q_OBJECT
public:
    explicit FolderWatcher(ProjectSession &session, WatchTimes times = {}, QObject *parent = nullptr);
    ~FolderWatcher() override;

    /// Of the open project, by path.
    const std::vector<WatchedFolder> &folders() const { return m_folders; }
    /// Both end with foldersChanged(), or failed() with a sentence.
    void watch(const QString &folder, FolderMeaning meaning);
    void unwatch(const QString &folder);
    bool isAway(const std::filesystem::path &folder) const; ///< A watched one that wasn't there when it was looked for last.
    bool isPolling() const { return m_isPolling; } ///< Not all changes are told by the system.

Q_SIGNALS:
    void foldersChanged();
    void noticed(const QString &sentence); ///< A folder went away, or is back.
    void failed(const QString &sentence);

private:
    struct Look; // what the worker has seen
    struct Waiting {
        NewFile file;
        std::chrono::steady_clock::time_point since; // when it was first seen like this
        bool isGiven = false;                        // to an import
    };

    void reload();
    void store(std::function<Result<void>()> change);
    void look();
    void take(const Look &look);
    void takeFolder(const WatchedFolder &folder, const FolderLook &look);
    void importRested(const WatchedFolder &folder, const FolderLook &look);
    void observe(const Look &look);
    void checkPlaces();
    template <class Function> void post(Function function);

    ProjectSession &m_session;
    const WatchTimes m_times;
    std::unique_ptr<QFileSystemWatcher> m_system;
    QTimer m_soon; // until the next look
    QTimer m_poll;
    std::vector<WatchedFolder> m_folders;
    std::vector<std::filesystem::path> m_away;
    std::unordered_map<std::string, Waiting> m_waiting; // by path: two names that are no text may look the same
    QSet<QString> m_parents;           // of the watched folders, outside of all of them
    bool m_isPolling = false;
    bool m_looking = false;
    bool m_lookAgain = false;
    bool m_restsLater = false; // a file is still to rest
    bool m_hasGiven = false;   // files to an import since the last look but one
    int m_generation = 0;      // counts projects: what comes back for an older one is dropped
    std::stop_source m_stop;
    std::unique_ptr<JobThread> m_worker; // joined first
};

} // namespace whisker
