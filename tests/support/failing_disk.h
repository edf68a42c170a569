#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

namespace whisker::test {

/// A disk that fails when a test wants it to. The program that links it gets its own open, write, fsync, ftruncate, unlink, link, rename and mkdir in place of the
/// C library's, for SQLite and for our own code alike; what they do below `folder` is counted and can be made to fail. One object at a time.
///
/// It also remembers what has been synced: a file's bytes by fsync of the file, its name by fsync of its folder. After a power cut the folder can be
/// made to hold what a real one may hold then: of what was not synced, any part of the writes, torn at sectors of 512 bytes, and the names up to some moment.
class FailingDisk {
public:
    enum class Failure {
        Once,       ///< One operation fails; of a write, the first half is on the disk then.
        FromThenOn, ///< That one and all later ones, until repair().
        PowerCut,   ///< The same, and nothing after it may be counted as done.
    };
    enum class Unsynced { Lost, Torn, Kept };

    explicit FailingDisk(std::filesystem::path folder);
    FailingDisk(const FailingDisk &) = delete;
    FailingDisk &operator=(const FailingDisk &) = delete;
    ~FailingDisk();

    /// The `number`-th operation of this object's life, from 1, fails with `reason` (an errno).
    void failAt(std::size_t number, Failure failure, int reason);
    void repair();
    /// From now on nothing in `folder` can be opened for reading: EIO, as from a network that is away. Names can still be listed. Empty: all can again.
    void loseReads(std::filesystem::path folder);
    /// A disk that answers no more: what other threads do on it waits until the lock is let go.
    [[nodiscard]] std::unique_lock<std::recursive_mutex> hold();
    std::size_t operations() const; ///< So far.
    bool hasFailed() const;         ///< The failure that was asked for has come.
    std::string failedCall() const; ///< "write project.whisker-wal".
    /// Makes the folder hold what a power cut leaves. All files in it must be closed.
    void leaveWhatAPowerCutLeaves(Unsynced unsynced, std::uint64_t seed);
};

} // namespace whisker::test
