#pragma once

#include "engine/base/result.h"
#include "engine/data/internal/project_lock.h"
#include "engine/data/project_values.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>

/// A project file on the level of SQLite: how it is made, opened and checked, and what its errors mean. Not for other rooms.
namespace whisker {

inline constexpr int kApplicationId = 0x5768736B; ///< "Whsk": how `file` and others know a project.
inline constexpr int kFormatVersion = 2;          ///< PRAGMA user_version. Raise it with each step that is added to schema.cpp.

/// kSchemaSteps[i] is the SQL that brings a file of version i (0: empty) to version i + 1.
extern const std::array<const char *, kFormatVersion> kSchemaSteps;
/// kSchemaForReading[i] shows a file of version i that can't be written as one of version i + 1, by temporary views and tables. Null for 0.
extern const std::array<const char *, kFormatVersion> kSchemaForReading;

struct NearCopies;

/// The open file and what belongs to it. All members but `mutex`, `file`, `readOnly` and `clock` only with `mutex` held.
struct ProjectStore {
    std::mutex mutex;
    std::filesystem::path file; ///< Absolute.
    bool readOnly = false;
    std::function<std::int64_t()> clock;
    ProjectLock lock; ///< Let go after the database is closed.
    std::unique_ptr<SQLite::Database> database;
    std::unordered_map<std::int64_t, std::shared_ptr<const std::filesystem::path>> folders; ///< By row; where each is now.
    std::uint64_t changes = 0; ///< Number of the last ProjectChange.
    std::shared_ptr<const NearCopies> nearCopies; ///< Of all that is measured; null: not worked out since the doctor measured more.
};

/// The sentence for what SQLite threw while working on `file`.
Error databaseError(const SQLite::Exception &exception, const SQLite::Database *database, const std::filesystem::path &file);

/// Runs `body` with the mutex held, and makes an Error of what it throws.
template <class Body> auto guarded(ProjectStore &store, Body &&body) -> decltype(body())
{
    const std::scoped_lock lock(store.mutex);
    try {
        return body();
    } catch (const SQLite::Exception &exception) {
        return std::unexpected(databaseError(exception, store.database.get(), store.file));
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Internal, "There is not enough memory for the project: close other programs.", store.file);
    }
}

/// Writes an empty project: whole or not at all; never over another file.
Result<void> createProjectFile(const std::filesystem::path &file);

/// Takes away a project that was just made, with what SQLite keeps beside it.
void removeProjectFile(const std::filesystem::path &file);

/// Opens and checks one; without `readOnly` for writing, if that is possible.
Result<std::unique_ptr<ProjectStore>> openProjectFile(const std::filesystem::path &file, bool readOnly);

} // namespace whisker
