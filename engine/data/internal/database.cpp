#include "engine/data/internal/database.h"

#include "engine/base/leftovers.h"
#include "engine/base/path_text.h"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whisker {

namespace {

constexpr int kBusyTimeoutMs = 5000;

bool isWritable(const std::filesystem::path &path)
{
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// For SQLite's URI names: all but letters, digits and a few marks as %XX.
std::string uriEscaped(const std::string &path)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char letter : path) {
        const auto byte = static_cast<unsigned char>(letter);
        if (plain.find(letter) != std::string_view::npos)
            escaped += letter;
        else
            escaped += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return escaped;
}

/// A database in a folder that can't be written has no place for its -wal and -shm: then it is read as it stands.
std::unique_ptr<SQLite::Database> openReadOnly(const std::filesystem::path &file)
{
    try {
        auto database = std::make_unique<SQLite::Database>(file.c_str(), SQLite::OPEN_READONLY, kBusyTimeoutMs);
        database->execAndGet("PRAGMA user_version");
        return database;
    } catch (const SQLite::Exception &exception) {
        if (exception.getErrorCode() != SQLITE_CANTOPEN && exception.getErrorCode() != SQLITE_READONLY)
            throw;
    }
    const std::string uri = "file:" + uriEscaped(file.native()) + "?immutable=1";
    return std::make_unique<SQLite::Database>(uri.c_str(), SQLite::OPEN_READONLY | SQLite::OPEN_URI, kBusyTimeoutMs);
}

std::uint32_t bigEndian(const unsigned char *bytes, int count)
{
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i)
        value = value << 8 | bytes[i];
    return value;
}

Error noProject(const std::filesystem::path &file)
{
    return {ErrorCode::BadFormat, pathText(file) + " is not a Whisker project: choose another file.", file};
}

Result<void> checkIsFile(const std::filesystem::path &file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return std::unexpected(systemError(errno, "can't be opened", file));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::BadFormat, pathText(file) + " is not a file: choose a project.whisker or its folder.", file);
    return {};
}

/// Is it a SQLite database, and whole? Read through SQLite's own descriptor: to open and close the file beside it would drop the locks that this
/// process holds on it, and another program could then take the log away from under us (https://www.sqlite.org/howtocorrupt.html, section 2.2).
Result<void> checkHeader(SQLite::Database &database, const std::filesystem::path &file)
{
    sqlite3_file *content = nullptr;
    ::sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &content);
    std::array<unsigned char, 100> header = {}; // https://www.sqlite.org/fileformat.html, section 1.3
    sqlite3_int64 size = 0;
    if (content->pMethods->xFileSize(content, &size) != SQLITE_OK)
        return std::unexpected(systemError(EIO, "can't be opened", file));
    const int got = size < 100 ? SQLITE_IOERR_SHORT_READ : content->pMethods->xRead(content, header.data(), header.size(), 0);
    if (got != SQLITE_OK && got != SQLITE_IOERR_SHORT_READ)
        return std::unexpected(systemError(EIO, "can't be opened", file));
    if (got != SQLITE_OK || std::memcmp(header.data(), "SQLite format 3", 16) != 0)
        return std::unexpected(noProject(file));

    struct stat log {};
    const bool hasLog = ::stat((file.native() + "-wal").c_str(), &log) == 0 && log.st_size > 0;
    const std::uint32_t stored = bigEndian(header.data() + 16, 2);
    const std::int64_t pageBytes = stored == 1 ? 65536 : stored;
    const std::int64_t whole = pageBytes * bigEndian(header.data() + 28, 4);
    if (!hasLog && size < whole) // with a log, pages may still be on their way into the file
        return fail(ErrorCode::BadFormat,
                    pathText(file) + " is cut short (" + std::to_string(size) + " of " + std::to_string(whole) +
                        " bytes): replace it with a backup copy.",
                    file);
    return {};
}

int formatVersion(SQLite::Database &database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

Result<void> checkProject(SQLite::Database &database, const std::filesystem::path &file)
{
    if (database.execAndGet("PRAGMA application_id").getInt() != kApplicationId)
        return fail(ErrorCode::BadFormat, pathText(file) + " is a database of another program: choose a Whisker project.", file);
    const int version = formatVersion(database);
    if (version < 1)
        return fail(ErrorCode::BadFormat, pathText(file) + " is damaged: replace it with a backup copy.", file);
    if (version > kFormatVersion)
        return fail(ErrorCode::NewerVersion, pathText(file) + " was made by a newer Whisker: update this one to open it.", file);
    return {};
}

/// Brings the tables of an older version up to this one's: in the file, or for this connection alone where the file can't be written.
void bringUp(ProjectStore &store)
{
    SQLite::Database &database = *store.database;
    if (formatVersion(database) == kFormatVersion)
        return;
    if (store.readOnly) {
        for (auto version = static_cast<std::size_t>(formatVersion(database)); version < kSchemaForReading.size(); ++version)
            database.exec(kSchemaForReading[version]);
        return;
    }
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (auto version = static_cast<std::size_t>(formatVersion(database)); version < kSchemaSteps.size(); ++version)
        database.exec(kSchemaSteps[version]); // asked again inside: another program may have done it meanwhile
    database.exec("PRAGMA user_version = " + std::to_string(kFormatVersion));
    transaction.commit();
}

/// Every folder's place now: from the project's folder if it is there, so that project and pictures can move together. A new place is written
/// down, where imports look for it.
void loadFolders(ProjectStore &store)
{
    const auto base = store.file.parent_path();
    std::vector<std::int64_t> moved;
    SQLite::Statement query(*store.database, "SELECT id, absolute, relative FROM folder");
    while (query.executeStep()) {
        const std::int64_t id = query.getColumn(0).getInt64();
        std::filesystem::path place = query.getColumn(1).getString();
        const std::string relative = query.getColumn(2).getString();
        std::error_code ignored; // what can't be looked at isn't there
        auto beside = (base / relative).lexically_normal();
        if (!relative.empty() && beside != place && std::filesystem::is_directory(beside, ignored)) {
            place = std::move(beside);
            moved.push_back(id);
        }
        store.folders[id] = std::make_shared<const std::filesystem::path>(std::move(place));
    }
    query.reset();
    if (store.readOnly || moved.empty())
        return;
    SQLite::Transaction transaction(*store.database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement update(*store.database, "UPDATE folder SET absolute = ? WHERE id = ?");
    for (const std::int64_t id : moved) {
        update.bind(1, store.folders.at(id)->native());
        update.bind(2, id);
        update.exec();
        update.reset();
    }
    transaction.commit();
}

/// Nobody knows `file` yet: it needs no journal, and is synced once at its end.
void buildProject(const std::filesystem::path &file)
{
    SQLite::Database database(file.c_str(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN; PRAGMA application_id = " + std::to_string(kApplicationId));
    for (const char *step : kSchemaSteps)
        database.exec(step);
    database.exec("PRAGMA user_version = " + std::to_string(kFormatVersion) + "; COMMIT; PRAGMA journal_mode = WAL;");
}

/// Gives `temporary` its name, never over another file, so that it survives a power cut; 0 or errno.
int moveIntoPlace(const std::string &temporary, const std::filesystem::path &file)
{
    // link, not rename: it fails where somebody was quicker. Some file systems know no links.
    if (::link(temporary.c_str(), file.c_str()) == 0)
        ::unlink(temporary.c_str());
    else if ((errno != EPERM && errno != EOPNOTSUPP) || ::rename(temporary.c_str(), file.c_str()) != 0)
        return errno;
    syncFolder(file.parent_path());
    return 0;
}

} // namespace

Error databaseError(const SQLite::Exception &exception, const SQLite::Database *database, const std::filesystem::path &file)
{
    const std::string name = pathText(file);
    const int systemCode = database ? ::sqlite3_system_errno(database->getHandle()) : 0;
    switch (exception.getErrorCode()) {
    case SQLITE_FULL:
        return systemError(ENOSPC, "can't be changed", file);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        // Where nothing forbids it, SQLite has tried to open one of its files for writing, and taken it for reading when the disk failed.
        if (exception.getExtendedErrorCode() > 0 && ::access(file.c_str(), F_OK) == (isWritable(file) ? 0 : -1) && isWritable(file.parent_path()))
            return systemError(EIO, "can't be written", file);
        return {ErrorCode::PermissionDenied, name + " can't be changed: it is read-only. Copy it to a folder of yours.", file};
    case SQLITE_CANTOPEN:
        if (systemCode == ENOENT) // of a file beside it: this one has been looked at before
            return systemError(EIO, "can't be opened", file);
        return systemError(systemCode ? systemCode : EACCES, "can't be opened", file);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::Internal, name + " is in use by another program: wait until that is done and try again.", file};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::BadFormat, name + " is damaged: replace it with a backup copy.", file};
    case SQLITE_IOERR:
        if (exception.getExtendedErrorCode() == SQLITE_IOERR_WRITE      // a quota or a limit on file sizes; SQLite does not tell which
            || exception.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE) // no room for the index of its log
            return {ErrorCode::NoSpace,
                    name + " can't be changed: the disk is full or can't be written. Free some space and try again.", file};
        return {ErrorCode::Unreadable, name + " can't be read or written: the disk reports an error. Check the disk.", file};
    default:
        return {ErrorCode::Internal, name + " could not be changed (" + exception.what() + ").", file};
    }
}

void removeProjectFile(const std::filesystem::path &file)
{
    for (const char *suffix : {"", "-wal", "-shm"})
        ::unlink((file.native() + suffix).c_str());
}

Result<void> createProjectFile(const std::filesystem::path &file)
{
    std::error_code failure;
    if (const int reason = makeFolders(file.parent_path()))
        return std::unexpected(systemError(reason, "can't be made", file.parent_path()));
    if (std::filesystem::exists(std::filesystem::symlink_status(file, failure)))
        return fail(ErrorCode::InvalidArgument, pathText(file) + " is there already: open it, or choose another folder.", file);

    removeLeftovers(file.parent_path());
    std::string temporary;
    int descriptor = -1;
    do {
        if (descriptor >= 0)
            ::close(descriptor);
        temporary = (file.parent_path() / (std::string(kTemporaryPrefix) + "XXXXXX")).native();
        descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
        if (descriptor < 0)
            return std::unexpected(systemError(errno, "can't be written", file));
    } while (!holdTemporary(descriptor));
    const mode_t mask = ::umask(0); // mkostemp makes the file private; a user's file gets the user's usual mode
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
    try {
        buildProject(temporary);
    } catch (const SQLite::Exception &exception) {
        ::close(descriptor);
        removeProjectFile(temporary);
        return std::unexpected(databaseError(exception, nullptr, file));
    }
    const int syncFailure = ::fsync(descriptor) == 0 ? 0 : errno;
    const int reason = syncFailure ? syncFailure : moveIntoPlace(temporary, file);
    ::close(descriptor); // held until it had its name
    if (reason != 0) {
        removeProjectFile(temporary);
        if (reason == EEXIST)
            return fail(ErrorCode::InvalidArgument, pathText(file) + " is there already: open it instead.", file);
        return std::unexpected(systemError(reason, "can't be written", file));
    }
    return {};
}

Result<std::unique_ptr<ProjectStore>> openProjectFile(const std::filesystem::path &file, bool readOnly)
{
    if (auto checked = checkIsFile(file); !checked)
        return std::unexpected(checked.error());
    auto store = std::make_unique<ProjectStore>();
    store->file = file;
    store->readOnly = readOnly || !isWritable(file) || !isWritable(file.parent_path());
    if (!store->readOnly) {
        auto lock = ProjectLock::take(file);
        if (!lock)
            return std::unexpected(lock.error());
        store->lock = std::move(*lock);
        removeLeftovers(file.parent_path());
    }
    try {
        store->database = store->readOnly
                              ? openReadOnly(file)
                              : std::make_unique<SQLite::Database>(file.c_str(), SQLite::OPEN_READWRITE, kBusyTimeoutMs);
        SQLite::Database &database = *store->database;
        if (auto checked = checkHeader(database, file); !checked)
            return std::unexpected(checked.error());
        if (!store->readOnly && ::sqlite3_db_readonly(database.getHandle(), "main") == 1) // SQLite's second try, where the first one failed
            return std::unexpected(systemError(EIO, "can't be opened for writing", file));
        if (auto checked = checkProject(database, file); !checked)
            return std::unexpected(checked.error());
        database.exec("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768");
        if (!store->readOnly)
            database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        bringUp(*store);
        loadFolders(*store);
    } catch (const SQLite::Exception &exception) {
        if (exception.getErrorCode() == SQLITE_NOTADB)
            return std::unexpected(noProject(file));
        return std::unexpected(databaseError(exception, store->database.get(), file));
    }
    return store;
}

} // namespace whisker
