#include "engine/data/project.h"

#include "engine/base/path_text.h"
#include "engine/data/internal/database.h"
#include "engine/data/internal/records.h"

#include <SQLiteCpp/Transaction.h>

#include <chrono>
#include <system_error>
#include <utility>

namespace whisker {

namespace {

std::int64_t systemClockMs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

std::filesystem::path Project::fileFor(const std::filesystem::path &path)
{
    std::error_code failure; // the working folder may be gone: then the path is as good as given
    auto file = std::filesystem::absolute(path, failure).lexically_normal();
    if (failure)
        file = path;
    if (!file.has_filename())
        file = file.parent_path();
    return file.extension() == ".whisker" ? file : file / kFileName;
}

Result<Project> Project::create(const std::filesystem::path &path, ProjectOptions options)
{
    if (auto created = createProjectFile(fileFor(path)); !created)
        return std::unexpected(created.error());
    auto opened = open(path, std::move(options));
    if (!opened && opened.error().code != ErrorCode::Internal) // Internal: another program has it open already
        removeProjectFile(fileFor(path));
    return opened;
}

Result<Project> Project::open(const std::filesystem::path &path, ProjectOptions options)
{
    auto store = openProjectFile(fileFor(path), options.access == ProjectAccess::ReadOnly);
    if (!store)
        return std::unexpected(store.error());
    (*store)->clock = options.clock ? std::move(options.clock) : systemClockMs;
    return Project(std::move(*store));
}

Result<Project> Project::openOrCreate(const std::filesystem::path &path, ProjectOptions options)
{
    std::error_code ignored; // what can't be looked at is explained by open()
    const auto status = std::filesystem::status(fileFor(path), ignored);
    return status.type() == std::filesystem::file_type::not_found ? create(path, std::move(options)) : open(path, std::move(options));
}

Project::Project(std::unique_ptr<ProjectStore> store) : m_store(std::move(store)) {}
Project::Project(Project &&) noexcept = default;
Project &Project::operator=(Project &&) noexcept = default;
Project::~Project() = default;

const std::filesystem::path &Project::file() const
{
    return m_store->file;
}

std::filesystem::path Project::folder() const
{
    return m_store->file.parent_path();
}

std::filesystem::path Project::runs() const
{
    return folder() / "runs";
}

bool Project::isReadOnly() const
{
    return m_store->readOnly;
}

Result<ProjectState> Project::state() const
{
    ProjectStore &store = *m_store;
    return guarded(store, [&]() -> Result<ProjectState> {
        SQLite::Transaction oneMoment(*store.database); // other programs may write between two queries
        return ProjectState{readImages(store), readClasses(store), readSkipped(store), readSettings(store), readHistory(store),
                            store.changes};
    });
}

} // namespace whisker
