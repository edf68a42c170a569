#include "engine/base/leftovers.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace whisker {

namespace {

/// The name of the temporary file that `name` belongs to: SQLite puts files beside its own.
std::string ownerOf(const std::string &name)
{
    for (const std::string_view suffix : {"-wal", "-shm", "-journal"}) {
        if (name.ends_with(suffix))
            return name.substr(0, name.size() - suffix.size());
    }
    return name;
}

void removeUnlessHeld(const std::filesystem::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return;
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        ::unlink(file.c_str());
    ::close(descriptor);
}

} // namespace

bool holdTemporary(int descriptor)
{
    // Released by the system however the program ends. Where a file system knows no such locks, nobody takes the file for a leftover either.
    while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
    }
    struct stat status {};
    return ::fstat(descriptor, &status) != 0 || status.st_nlink > 0;
}

void removeLeftovers(const std::filesystem::path &folder)
{
    std::vector<std::string> names;
    std::error_code failure; // a folder that can't be listed keeps what it has
    for (auto entry = std::filesystem::directory_iterator(folder, failure); !failure && entry != std::filesystem::directory_iterator();
         entry.increment(failure)) {
        if (auto name = entry->path().filename().native(); name.starts_with(kTemporaryPrefix))
            names.push_back(std::move(name));
    }
    for (const auto &name : names) {
        if (ownerOf(name) == name)
            removeUnlessHeld(folder / name);
    }
    for (const auto &name : names) {
        if (ownerOf(name) != name && ::access((folder / ownerOf(name)).c_str(), F_OK) != 0)
            ::unlink((folder / name).c_str());
    }
}

void syncFolder(const std::filesystem::path &folder)
{
    const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

int makeFolders(const std::filesystem::path &folder)
{
    std::error_code ignored; // what can't be looked at is made, and that says why not
    if (folder.empty() || std::filesystem::is_directory(folder, ignored))
        return 0;
    if (const int reason = makeFolders(folder.parent_path()))
        return reason;
    if (::mkdir(folder.c_str(), 0777) != 0)
        return errno == EEXIST && std::filesystem::is_directory(folder, ignored) ? 0 : errno;
    syncFolder(folder.parent_path());
    return 0;
}

} // namespace whisker
