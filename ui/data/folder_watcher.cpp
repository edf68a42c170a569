#include "ui/data/folder_watcher.h"

#include "ui/project_session.h"
#include "ui/texts.h"

#include <QFileSystemWatcher>
#include <QStorageInfo>
#include <algorithm>
#include <set>
#include <utility>

namespace whisker {

namespace {

constexpr qsizetype kMostWatchedFolders = 2000; // the system has a limit for all programs together

/// Disks of which other computers change files without the system telling.
bool tellsChanges(const std::filesystem::path &folder)
{
    const QByteArray type = QStorageInfo(displayText(folder)).fileSystemType();
    for (const char *silent : {"nfs", "cifs", "smb", "fuse", "9p", "afs", "ncp", "vboxsf", "virtiofs", "davfs"}) {
        if (type.startsWith(silent))
            return false;
    }
    return true;
}

} // namespace

struct FolderWatcher::Look {
    std::vector<std::pair<WatchedFolder, FolderLook>> folders;
    QStringList paths;       // to be watched by the system
    QStringList parents;     // too: the system doesn't tell of a folder itself that it was renamed
    bool tellsAll = true;    // the system tells of all changes
};

FolderWatcher::FolderWatcher(ProjectSession &session, WatchTimes times, QObject *parent)
    : QObject(parent), m_session(session), m_times(times), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Drop))
{
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &FolderWatcher::look);
    m_poll.setInterval(times.poll);
    connect(&m_poll, &QTimer::timeout, this, [this] { m_isPolling ? look() : checkPlaces(); });
    connect(&session, &ProjectSession::opened, this, [this] {
        m_stop.request_stop();
        m_stop = std::stop_source();
        ++m_generation;
        m_looking = m_lookAgain = m_restsLater = m_hasGiven = false;
        m_folders.clear();
        m_away.clear();
        m_waiting.clear();
        m_system.reset();
        m_soon.stop();
        m_poll.stop();
        m_isPolling = false;
        reload();
    });
    if (session.isOpen())
        reload();
}

FolderWatcher::~FolderWatcher()
{
    m_stop.request_stop();
    m_worker.reset();
}

/// Runs `function` in the GUI thread, unless another project is open by then; from the worker, which is joined before this object goes.
template <class Function> void FolderWatcher::post(Function function)
{
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

void FolderWatcher::watch(const QString &folder, FolderMeaning meaning)
{
    store([project = m_session.project(), wanted = WatchedFolder{toPath(folder), meaning}] { return watchFolder(*project, wanted); });
}

void FolderWatcher::unwatch(const QString &folder)
{
    store([project = m_session.project(), path = toPath(folder)] { return unwatchFolder(*project, path); });
}

bool FolderWatcher::isAway(const std::filesystem::path &folder) const { return std::ranges::find(m_away, folder) != m_away.end(); }

void FolderWatcher::store(std::function<Result<void>()> change)
{
    if (!m_session.isOpen())
        return;
    m_worker->add([this, change = std::move(change)] {
        if (const auto done = change(); !done)
            post([this, sentence = fromUtf8(done.error().message)] { Q_EMIT failed(sentence); });
    });
    reload();
}

/// Which folders are watched, as the project says.
void FolderWatcher::reload()
{
    m_worker->add([this, project = m_session.project(), generation = m_generation] {
        post([this, generation, folders = watchedFolders(*project)] {
            if (generation != m_generation)
                return;
            if (!folders) {
                Q_EMIT failed(fromUtf8(folders.error().message));
                return;
            }
            const bool isNew = *folders != m_folders;
            m_folders = *folders;
            std::erase_if(m_away, [this](const auto &away) { return std::ranges::find(m_folders, away, &WatchedFolder::folder) == m_folders.end(); });
            if (isNew)
                Q_EMIT foldersChanged();
            look();
        });
    });
}

void FolderWatcher::look()
{
    if (m_folders.empty() || m_session.isReadOnly()) {
        m_system.reset();
        m_poll.stop();
        m_isPolling = false;
        return;
    }
    if (std::exchange(m_looking, true)) {
        m_lookAgain = true;
        return;
    }
    m_worker->add([this, project = m_session.project(), folders = m_folders, generation = m_generation, stop = m_stop.get_token()] {
        auto seen = std::make_shared<Look>();
        for (const auto &folder : folders) {
            auto look = lookInto(*project, folder, stop); // an error of the project shows wherever else it is used
            if (!look)
                continue;
            const bool tells = look->isThere && tellsChanges(folder.folder);
            if (tells)
                seen->parents.append(displayText(folder.folder.parent_path()));
            seen->tellsAll = seen->tellsAll && tells;
            for (const auto &path : look->folders) {
                if (tells) // to watch others could only hold this thread up
                    seen->paths.append(displayText(path));
            }
            seen->folders.emplace_back(folder, std::move(*look));
        }
        post([this, seen, generation] {
            if (generation == m_generation)
                take(*seen);
        });
    });
}

void FolderWatcher::take(const Look &look)
{
    m_looking = false;
    m_restsLater = false;
    observe(look);
    for (const auto &[folder, seen] : look.folders) {
        m_restsLater = m_restsLater || seen.mayGrow;
        if (std::ranges::find(m_folders, folder) != m_folders.end())
            takeFolder(folder, seen);
    }
    if (std::exchange(m_lookAgain, false))
        m_soon.start(m_times.gather);
    else if (m_restsLater)
        m_soon.start(m_times.rest);
    else if (std::exchange(m_hasGiven, false))
        m_soon.start(m_times.rest * 10); // a writer may only have paused, and the system doesn't tell of a file that grows
}

void FolderWatcher::takeFolder(const WatchedFolder &folder, const FolderLook &look)
{
    const auto away = std::ranges::find(m_away, folder.folder);
    if (!look.isThere) {
        if (away == m_away.end()) {
            m_away.push_back(folder.folder);
            Q_EMIT noticed(tr("%1 isn't there any more. Its pictures stay in the project; it is watched again when it is back.").arg(displayText(folder.folder)));
        }
        return;
    }
    if (away != m_away.end()) {
        m_away.erase(away);
        Q_EMIT noticed(tr("%1 is back, and watched again.").arg(displayText(folder.folder)));
    }
    importRested(folder, look);
}

void FolderWatcher::importRested(const WatchedFolder &folder, const FolderLook &look)
{
    const auto now = std::chrono::steady_clock::now();
    std::set<std::filesystem::path> rested;
    for (const auto &file : look.files) {
        auto &waiting = m_waiting[file.file.native()];
        if (waiting.file != file)
            waiting = {file, now};
        if (waiting.isGiven)
            continue;
        if (now - waiting.since < m_times.rest) {
            m_restsLater = true;
            continue;
        }
        waiting.isGiven = true;
        rested.insert(file.file);
    }
    if (rested.empty())
        return;
    ImportOptions options;
    m_hasGiven = true;
    options.meaning = folder.meaning;
    options.wanted = [rested = std::make_shared<const std::set<std::filesystem::path>>(std::move(rested))](const std::filesystem::path &file) { return rested->contains(file); };
    m_session.importPaths({displayText(folder.folder)}, {}, std::move(options));
}

/// Of what happens beside watched folders only one thing matters: that one of them went, or came.
void FolderWatcher::checkPlaces()
{
    m_worker->add([this, folders = m_folders, away = m_away, generation = m_generation] {
        const bool isAsBefore = std::ranges::all_of(folders, [&](const WatchedFolder &each) {
            std::error_code ignored; // then it isn't there
            return std::filesystem::is_directory(each.folder, ignored) != (std::ranges::find(away, each.folder) != away.end());
        });
        if (isAsBefore)
            return;
        post([this, generation] {
            if (generation == m_generation && !m_soon.isActive())
                m_soon.start(m_times.gather);
        });
    });
}

/// Lets the system tell of changes in the folders that there are now.
void FolderWatcher::observe(const Look &look)
{
    if (!m_system) {
        m_system = std::make_unique<QFileSystemWatcher>();
        connect(m_system.get(), &QFileSystemWatcher::directoryChanged, this, [this](const QString &path) {
            if (m_parents.contains(path))
                checkPlaces();
            else if (!m_soon.isActive())
                m_soon.start(m_times.gather);
        });
    }
    const QStringList before = m_system->directories();
    const QSet<QString> had(before.begin(), before.end()), inside(look.paths.begin(), look.paths.end());
    m_parents = QSet<QString>(look.parents.begin(), look.parents.end()) - inside;
    const QSet<QString> wanted = inside + m_parents;
    const QStringList gone = (had - wanted).values(), fresh = (wanted - had).values();
    if (!gone.isEmpty())
        m_system->removePaths(gone);
    const bool areTooMany = look.paths.size() > kMostWatchedFolders;
    const QStringList refused = fresh.isEmpty() || areTooMany ? QStringList() : m_system->addPaths(fresh);
    if (!areTooMany && fresh.size() > refused.size())
        m_lookAgain = true; // for what came between the listing and now
    m_isPolling = !look.tellsAll || areTooMany || !refused.isEmpty();
    m_poll.start();
}

} // namespace whisker
