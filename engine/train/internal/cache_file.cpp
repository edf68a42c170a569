#include "engine/train/internal/cache_file.h"

#include <cerrno>
#include <sys/file.h>
#include <unistd.h>

namespace whisker::internal {

FileLock::FileLock(int descriptor) : m_descriptor(descriptor)
{
    while (::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {}
}

FileLock::~FileLock()
{
    ::flock(m_descriptor, LOCK_UN);
}

bool readAt(int descriptor, std::span<std::byte> target, std::size_t offset)
{
    while (!target.empty()) {
        const ssize_t got = ::pread(descriptor, target.data(), target.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = 0;
        if (got <= 0)
            return false;
        target = target.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::size_t>(got);
    }
    return true;
}

bool writeAt(int descriptor, std::span<const std::byte> bytes, std::size_t offset)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::size_t>(written);
    }
    return true;
}

} // namespace whisker::internal
