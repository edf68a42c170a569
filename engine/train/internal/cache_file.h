#pragma once

#include <cstddef>
#include <span>

/// What caches on disk have in common: they are appended to by several programs, and a lost record costs time, not work.
namespace whisker::internal {

/// The exclusive lock (flock) of the file behind `descriptor`, for a scope; waits for whoever has it. Where a file system knows no locks it does nothing.
class FileLock {
public:
    explicit FileLock(int descriptor);
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;
    ~FileLock();

private:
    int m_descriptor;
};

/// All of `target` from `offset` on, or false with errno (0: the file ends before).
bool readAt(int descriptor, std::span<std::byte> target, std::size_t offset);
/// All of `bytes` at `offset`, or false with errno.
bool writeAt(int descriptor, std::span<const std::byte> bytes, std::size_t offset);

} // namespace whisker::internal
