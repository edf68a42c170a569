#pragma once

#include "tests/support/failing_disk.h"

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

/// What FailingDisk knows of the disk: files by what was written and synced, names by their changes.
namespace whisker::test {

struct Write {
    std::size_t offset = 0;
    std::string bytes{};
    bool truncates = false; // to `offset`
};

/// A file or folder, whatever names it has.
struct Node {
    bool isFolder = false;
    std::string synced{};
    std::vector<Write> unsynced{};

    /// The bytes that a power cut leaves.
    std::string afterPowerCut(FailingDisk::Unsynced unsynced, std::mt19937_64 &random) const;
};
using NodePtr = std::shared_ptr<Node>;
using Names = std::map<std::string, NodePtr>;

/// One change of names: each gets the node, or goes (null).
using NameChange = std::vector<std::pair<std::string, NodePtr>>;

/// The folder above `path`.
std::string parentOf(const std::string &path);

struct Disk {
    struct OpenFile {
        std::string path;
        NodePtr node;
    };

    std::recursive_mutex mutex;
    std::string folder; // absolute
    Names names, syncedNames;
    std::vector<NameChange> unsyncedNames;
    std::map<int, OpenFile> open;
    std::size_t operations = 0;
    std::size_t failAt = 0; // 0: never
    FailingDisk::Failure failure = FailingDisk::Failure::Once;
    int reason = 0;
    std::string failedCall;
    std::string lostForReading; // a folder; empty: none

    bool covers(const char *path) const { return path && std::string_view(path).starts_with(folder); }
    /// Counts an operation; true, and errno is set, where it is to fail.
    bool fails(const char *call, const std::string &path);
    bool isLost(const std::string &path) const { return !lostForReading.empty() && path.starts_with(lostForReading + "/"); }
    void changeNames(NameChange change);
    void sync(const OpenFile &file);
    /// Names reach a disk in their order: a journalling file system has all changes up to some moment, here the `count`-th.
    void keepNames(std::size_t count);
};

extern Disk *theDisk; ///< Null where there is none; set while nothing else runs.

} // namespace whisker::test
