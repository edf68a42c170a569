#include "engine/data/internal/whole_copy.h"

#include "engine/base/descriptor.h"
#include "engine/base/path_text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace whisker {

namespace {

CopyResult sourceFailed(int reason)
{
    if (reason == ENOENT || reason == ENOTDIR)
        return {CopyOutcome::SourceFailed, "The file isn't there any more: find it again and repeat the export."};
    if (reason == EACCES)
        return {CopyOutcome::SourceFailed, "Permission denied: change its permissions to export it."};
    return {CopyOutcome::SourceFailed, "It can't be read: " + std::system_category().message(reason) + "."};
}

std::unexpected<Error> targetFailed(const std::filesystem::path &target)
{
    if (errno == EEXIST)
        return fail(ErrorCode::InvalidArgument, pathText(target) + " is there already and was left as it is: export into an empty folder.", target);
    return std::unexpected(systemError(errno, "can't be written", target));
}

/// A file beside the target that has no name people would see, and goes away unless it is kept.
class Unfinished {
public:
    explicit Unfinished(const std::filesystem::path &target)
        : m_path(target.parent_path() / (".whisker-" + std::to_string(::getpid()) + "-export")), m_file(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666))
    {
    }
    Unfinished(const Unfinished &) = delete;
    Unfinished &operator=(const Unfinished &) = delete;
    ~Unfinished()
    {
        if (m_file.value >= 0)
            ::unlink(m_path.c_str());
    }
    int descriptor() const { return m_file.value; }

    /// Gives it its name. False with errno: EEXIST where there is something.
    bool name(const std::filesystem::path &target) const
    {
        // link, not rename: it fails where there is something. Some file systems know no links; RENAME_NOREPLACE some of the others.
        if (::link(m_path.c_str(), target.c_str()) == 0)
            return true;
        if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
            return false;
        return ::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0;
    }

private:
    std::filesystem::path m_path;
    Descriptor m_file;
};

bool writeAll(int descriptor, const char *bytes, std::size_t count)
{
    while (count > 0) {
        const ssize_t written = ::write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        count -= static_cast<std::size_t>(written);
    }
    return true;
}

Result<CopyResult> copyFile(const std::filesystem::path &source, const std::filesystem::path &target, std::stop_token stop)
{
    const Descriptor from(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (from.value < 0 || ::fstat(from.value, &status) != 0)
        return sourceFailed(errno);
    if (!S_ISREG(status.st_mode))
        return CopyResult{CopyOutcome::SourceFailed, "It is no file."};
    const Unfinished to(target);
    if (to.descriptor() < 0)
        return targetFailed(target);
    std::array<char, 1 << 17> block; // NOLINT: filled by read()
    while (true) {
        if (stop.stop_requested())
            return CopyResult{CopyOutcome::Stopped};
        const ssize_t got = ::read(from.value, block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sourceFailed(errno);
        if (got == 0)
            break;
        if (!writeAll(to.descriptor(), block.data(), static_cast<std::size_t>(got)))
            return targetFailed(target);
    }
    const std::array<timespec, 2> times = {status.st_atim, status.st_mtim};
    ::futimens(to.descriptor(), times.data()); // a disk that keeps no times is as good
    if (!to.name(target))
        return targetFailed(target);
    return CopyResult{};
}

Result<CopyResult> linkFile(const std::filesystem::path &source, const std::filesystem::path &target, bool symbolic)
{
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0)
        return sourceFailed(errno);
    // linkat follows a link, so that the exported name is that of the picture itself
    const int failure = symbolic ? ::symlink(source.c_str(), target.c_str()) : ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW);
    if (failure == 0)
        return CopyResult{};
    if (!symbolic && errno == EMLINK)
        return CopyResult{CopyOutcome::SourceFailed, "It has as many names as its disk allows: export it as a copy."};
    if (!symbolic && errno == EXDEV)
        return fail(ErrorCode::Unsupported, pathText(source) + " lies on another disk, where a hard link can't lead: export copies or symbolic links.", source);
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
        return fail(ErrorCode::Unsupported, pathText(target.parent_path()) + " lies on a disk that allows no such links: export copies.", target);
    return targetFailed(target);
}

} // namespace

Result<CopyResult> putFile(const std::filesystem::path &source, const std::filesystem::path &target, ExportAs as, std::stop_token stop)
{
    if (as == ExportAs::Copies)
        return copyFile(source, target, std::move(stop));
    return linkFile(source, target, as == ExportAs::SymbolicLinks);
}

} // namespace whisker
