#include "engine/data/watched_folders.h"

#include "engine/base/path_text.h"
#include "engine/data/internal/examine.h"
#include "engine/data/internal/folder_listing.h"
#include "engine/data/internal/project_internals.h"
#include "engine/data/internal/records.h"
#include "engine/data/internal/scan.h"
#include "engine/data/internal/transaction.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_map>

namespace whisker {

namespace {

std::vector<WatchedFolder> readWatched(ProjectStore &store)
{
    std::vector<WatchedFolder> watched;
    SQLite::Statement query(*store.database, "SELECT absolute, meaning FROM watched JOIN folder ON folder.id = watched.folder ORDER BY absolute");
    while (query.executeStep())
        watched.push_back({query.getColumn(0).getString(), query.getColumn(1).getInt() == 1 ? FolderMeaning::Unlabelled : FolderMeaning::ClassFolders});
    return watched;
}

/// What the project knows of the files of one folder, by name; also what an undone import has hidden.
std::unordered_map<std::string, std::optional<FileFacts>> knownIn(ProjectStore &store, const std::filesystem::path &folder)
{
    std::unordered_map<std::string, std::optional<FileFacts>> known;
    SQLite::Statement query(*store.database, "SELECT name, bytes, modified, present FROM image WHERE folder IN (SELECT id FROM folder WHERE absolute = ?)");
    query.bind(1, folder.native());
    while (query.executeStep()) {
        const bool isPresent = query.getColumn(3).getInt() != 0;
        known[query.getColumn(0).getString()] = isPresent ? std::optional(FileFacts{query.getColumn(1).getInt64(), query.getColumn(2).getInt64()}) : std::nullopt;
    }
    return known;
}

class Looker {
public:
    Looker(ProjectStore &store, std::stop_token stop) : m_store(store), m_stop(std::move(stop)) {}

    /// `folder` and all below it; false where it can't be listed.
    bool look(const std::filesystem::path &folder)
    {
        const auto identity = folderIdentity(folder);
        if (m_stop.stop_requested() || !identity || !m_seen.insert(*identity).second)
            return false;
        std::vector<SkippedFile> ignored; // an import says what can't be listed
        const auto listing = listFolder(folder, ignored);
        if (!listing)
            return false;
        m_look.folders.push_back(folder);
        const auto known = guarded(m_store, [&]() -> Result<std::unordered_map<std::string, std::optional<FileFacts>>> { return knownIn(m_store, folder); });
        if (!known) {
            m_error = known.error();
            return false;
        }
        for (const auto &name : listing->files) {
            const auto facts = fileFacts(folder / name);
            const auto before = known->find(name);
            const bool isKnown = before != known->end() && (!before->second || before->second == facts);
            if (!facts || isKnown)
                continue;
            if (startsLikePicture(folder / name))
                m_look.files.push_back({folder / name, facts->bytes, facts->modifiedNs});
            else
                m_look.mayGrow |= facts->modifiedNs > m_youngNs;
        }
        for (const auto &name : listing->folders)
            look(folder / name);
        return true;
    }

    Result<FolderLook> result(bool isThere)
    {
        if (m_error)
            return std::unexpected(*m_error);
        if (m_stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Stopped before all folders were looked into.");
        m_look.isThere = isThere;
        std::ranges::sort(m_look.files, {}, &NewFile::file);
        return std::move(m_look);
    }

private:
    static std::int64_t minuteAgoNs()
    {
        const auto then = std::chrono::system_clock::now() - std::chrono::minutes(1);
        return std::chrono::duration_cast<std::chrono::nanoseconds>(then.time_since_epoch()).count();
    }

    ProjectStore &m_store;
    std::stop_token m_stop;
    const std::int64_t m_youngNs = minuteAgoNs();
    std::set<FolderIdentity> m_seen;
    std::optional<Error> m_error;
    FolderLook m_look;
};

} // namespace

Result<FolderLook> lookInto(const Project &project, const WatchedFolder &folder, std::stop_token stop)
{
    Looker looker(ProjectInternals::store(project), std::move(stop));
    const bool isThere = looker.look(folder.folder);
    return looker.result(isThere);
}

Result<std::vector<WatchedFolder>> watchedFolders(const Project &project)
{
    ProjectStore &store = ProjectInternals::store(project);
    return guarded(store, [&]() -> Result<std::vector<WatchedFolder>> { return readWatched(store); });
}

Result<void> watchFolder(Project &project, const WatchedFolder &wanted)
{
    const auto folder = cleanPath(wanted.folder);
    std::error_code failure;
    if (!std::filesystem::is_directory(folder, failure) && folder.native().contains("\uFFFD"))
        return fail(ErrorCode::InvalidArgument, pathText(folder) + " has a name with bytes that are no letters, so it can't be found by it: rename it first.", folder);
    if (!std::filesystem::is_directory(folder, failure))
        return fail(ErrorCode::InvalidArgument, pathText(folder) + " is no folder that can be watched: choose another one.", folder);
    ProjectStore &store = ProjectInternals::store(project);
    return written(store, [&]() -> Result<void> {
        for (const auto &other : readWatched(store)) {
            if (folder != other.folder && (isWithin(folder, other.folder) || isWithin(other.folder, folder)))
                return fail(ErrorCode::InvalidArgument,
                            pathText(other.folder) + " is watched already, and one lies in the other: stop watching that one first.", folder);
        }
        SQLite::Statement insert(*store.database, "INSERT OR REPLACE INTO watched(folder, meaning) VALUES(?, ?)");
        insert.bind(1, folderRow(store, folder));
        insert.bind(2, static_cast<int>(wanted.meaning));
        insert.exec();
        return {};
    });
}

Result<void> unwatchFolder(Project &project, const std::filesystem::path &folder)
{
    ProjectStore &store = ProjectInternals::store(project);
    return written(store, [&]() -> Result<void> {
        SQLite::Statement remove(*store.database, "DELETE FROM watched WHERE folder IN (SELECT id FROM folder WHERE absolute = ?)");
        remove.bind(1, cleanPath(folder).native());
        remove.exec();
        return {};
    });
}

} // namespace whisker
