#include "engine/base/atomic_file.h"

#include "engine/base/descriptor.h"
#include "engine/base/leftovers.h"
#include "engine/base/path_text.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace whisker {

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor)
    : m_target(std::move(target)), m_temporary(std::move(temporary)), m_descriptor(descriptor)
{
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::move(other.m_temporary)),
      m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_temporary.c_str());
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &target)
{
    static std::atomic<unsigned> count = 0;
    while (true) { // a name that another process left behind is passed over
        const auto name = kTemporaryPrefix + std::to_string(::getpid()) + "-" + std::to_string(count++);
        const auto temporary = target.parent_path() / name;
        const int descriptor = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 && holdTemporary(descriptor))
            return AtomicFile(target, temporary, descriptor);
        if (descriptor >= 0)
            ::close(descriptor);
        else if (errno != EEXIST)
            return std::unexpected(systemError(errno, "can't be written", target));
    }
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return std::unexpected(systemError(errno, "can't be written", m_target));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor) != 0 || ::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return std::unexpected(systemError(errno, "can't be written", m_target));
    ::close(std::exchange(m_descriptor, -1));
    syncFolder(m_target.parent_path());
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text)
{
    auto file = AtomicFile::create(target);
    if (!file)
        return std::unexpected(file.error());
    if (auto written = file->write(text); !written)
        return written;
    return file->commit();
}

Result<std::vector<std::byte>> readFile(const std::filesystem::path &file, std::size_t limitBytes)
{
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe must not hold us up
    struct stat status {};
    if (descriptor.value < 0 || ::fstat(descriptor.value, &status) != 0)
        return std::unexpected(systemError(errno, "can't be read", file));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Unreadable, pathText(file) + " can't be read: it isn't a file.", file);
    if (static_cast<std::size_t>(status.st_size) > limitBytes)
        return fail(ErrorCode::Unreadable,
                    pathText(file) + " can't be read: it is larger than " + std::to_string(limitBytes >> 20) + " MiB.", file);
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(descriptor.value, bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::unexpected(systemError(errno, "can't be read", file));
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

} // namespace whisker
