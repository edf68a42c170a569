#include "engine/data/internal/project_lock.h"

#include "engine/base/path_text.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace whisker {

namespace {

/// Beside the file itself, so that links to one project share it.
std::filesystem::path lockFileOf(const std::filesystem::path &project)
{
    std::error_code failure;
    const auto real = std::filesystem::canonical(project, failure);
    return (failure ? project : real).native() + "-lock";
}

/// 0, or errno.
int lockDescriptor(int descriptor)
{
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

/// Whether `file` is still the one that is open as `descriptor`.
bool isStillThere(int descriptor, const std::filesystem::path &file)
{
    struct stat open {};
    struct stat named {};
    return ::fstat(descriptor, &open) == 0 && ::stat(file.c_str(), &named) == 0 && open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

} // namespace

Result<ProjectLock> ProjectLock::take(const std::filesystem::path &project)
{
    const auto file = lockFileOf(project);
    for (;;) {
        int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno == EACCES) // another user's, who was killed
            descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return ProjectLock();
        const int failure = lockDescriptor(descriptor);
        if (failure == 0 && isStillThere(descriptor, file))
            return ProjectLock(descriptor, file);
        ::close(descriptor);
        if (failure == EWOULDBLOCK)
            return fail(ErrorCode::InUse, pathText(project) + " is open in another window of Whisker: close it there, or open it for reading.", project);
        if (failure != 0)
            return ProjectLock();
        // Whoever had it removed the file between open() and flock(): the next try makes a new one.
    }
}

ProjectLock::ProjectLock(ProjectLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_file(std::move(other.m_file))
{
}

ProjectLock &ProjectLock::operator=(ProjectLock &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_file, other.m_file);
    return *this;
}

ProjectLock::~ProjectLock()
{
    if (m_descriptor < 0)
        return;
    if (isStillThere(m_descriptor, m_file))
        ::unlink(m_file.c_str()); // while it is locked: nobody else can have it
    ::close(m_descriptor);
}

} // namespace whisker
