#include "tests/support/failing_disk.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace whisker::test {

namespace {

constexpr std::size_t kSectorBytes = 512;

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
};
using NodePtr = std::shared_ptr<Node>;
using Names = std::map<std::string, NodePtr>;

/// One change of names: each gets the node, or goes (null).
using NameChange = std::vector<std::pair<std::string, NodePtr>>;

void put(Names &names, const NameChange &change)
{
    for (const auto &[name, node] : change) {
        if (node)
            names[name] = node;
        else
            names.erase(name);
    }
}

void put(std::string &bytes, const Write &write)
{
    if (write.truncates) {
        bytes.resize(write.offset);
        return;
    }
    bytes.resize(std::max(bytes.size(), write.offset + write.bytes.size()));
    bytes.replace(write.offset, write.bytes.size(), write.bytes);
}

std::string parentOf(const std::string &path)
{
    return path.substr(0, path.rfind('/'));
}

struct Disk {
    std::mutex mutex;
    std::string folder; // absolute
    Names names, syncedNames;
    std::vector<NameChange> unsyncedNames;
    struct OpenFile {
        std::string path;
        NodePtr node;
    };
    std::map<int, OpenFile> open;
    std::size_t operations = 0;
    std::size_t failAt = 0; // 0: never
    FailingDisk::Failure failure = FailingDisk::Failure::Once;
    int reason = 0;
    std::string failedCall;

    bool covers(const char *path) const { return path && std::string_view(path).starts_with(folder); }

    /// Counts an operation; true, and errno is set, where it is to fail.
    bool fails(const char *call, const std::string &path)
    {
        ++operations;
        if (failAt == 0 || operations < failAt || (operations > failAt && failure == FailingDisk::Failure::Once))
            return false;
        if (operations == failAt)
            failedCall = std::string(call) + " " + path.substr(path.rfind('/') + 1);
        errno = reason;
        return true;
    }

    void changeNames(NameChange change)
    {
        put(names, change);
        unsyncedNames.push_back(std::move(change));
    }

    void sync(const OpenFile &file)
    {
        if (!file.node->isFolder) {
            for (const auto &write : std::exchange(file.node->unsynced, {}))
                put(file.node->synced, write);
            return;
        }
        std::erase_if(unsyncedNames, [&](const NameChange &change) {
            if (parentOf(change.front().first) != file.path)
                return false;
            put(syncedNames, change);
            return true;
        });
    }
};

Disk *theDisk = nullptr; // set while nothing else runs

template <class Function> Function *real(const char *name)
{
    return reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
}

std::string bytesOf(const std::filesystem::path &file)
{
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
}

template <class Open> int opened(const char *path, int flags, Open &&open)
{
    Disk *disk = theDisk;
    if (!disk || !disk->covers(path))
        return open();
    const std::scoped_lock lock(disk->mutex);
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (writes && disk->fails("open", path))
        return -1;
    const int descriptor = open();
    if (descriptor < 0)
        return descriptor;
    if (!disk->names.contains(path))
        disk->changeNames({{path, std::make_shared<Node>(Node{(flags & O_DIRECTORY) != 0})}});
    const auto node = disk->names.at(path);
    if (writes && (flags & O_TRUNC))
        node->unsynced.push_back({0, {}, true});
    disk->open[descriptor] = {path, node};
    return descriptor;
}

template <class Real> ssize_t written(int descriptor, const void *bytes, std::size_t count, std::int64_t offset, Real &&write)
{
    Disk *disk = theDisk;
    if (!disk)
        return write(count);
    const std::scoped_lock lock(disk->mutex);
    const auto place = disk->open.find(descriptor);
    if (place == disk->open.end())
        return write(count);
    const bool fails = disk->fails("write", place->second.path);
    if (fails && disk->failure == FailingDisk::Failure::PowerCut)
        return -1;
    const int reason = errno;
    const ssize_t done = write(fails ? count / 2 : count);
    if (done > 0)
        place->second.node->unsynced.push_back(
            {static_cast<std::size_t>(offset), {static_cast<const char *>(bytes), static_cast<std::size_t>(done)}});
    if (!fails)
        return done;
    errno = reason;
    return -1;
}

template <class Real> int synced(int descriptor, Real &&sync)
{
    Disk *disk = theDisk;
    if (!disk)
        return sync();
    const std::scoped_lock lock(disk->mutex);
    const auto place = disk->open.find(descriptor);
    if (place == disk->open.end())
        return sync();
    if (disk->fails("fsync", place->second.path))
        return -1;
    disk->sync(place->second); // the machine that tests keeps its power: no need to wait for it
    return 0;
}

template <class Real> int truncated(int descriptor, std::int64_t size, Real &&truncate)
{
    Disk *disk = theDisk;
    if (!disk)
        return truncate();
    const std::scoped_lock lock(disk->mutex);
    const auto place = disk->open.find(descriptor);
    if (place == disk->open.end())
        return truncate();
    if (disk->fails("ftruncate", place->second.path))
        return -1;
    const int result = truncate();
    if (result == 0)
        place->second.node->unsynced.push_back({static_cast<std::size_t>(size), {}, true});
    return result;
}

/// `change` gives what becomes of the names.
template <class Real, class Change> int renamed(const char *call, const char *path, Real &&act, Change &&change)
{
    Disk *disk = theDisk;
    if (!disk || !disk->covers(path))
        return act();
    const std::scoped_lock lock(disk->mutex);
    if (disk->fails(call, path))
        return -1;
    const int result = act();
    if (result == 0)
        disk->changeNames(change(disk->names));
    return result;
}

std::string afterPowerCut(const Node &node, FailingDisk::Unsynced unsynced, std::mt19937_64 &random)
{
    std::string bytes = node.synced;
    for (const auto &write : node.unsynced) {
        if (unsynced == FailingDisk::Unsynced::Lost)
            continue;
        if (unsynced == FailingDisk::Unsynced::Kept || write.truncates) {
            if (unsynced == FailingDisk::Unsynced::Kept || random() % 2)
                put(bytes, write);
            continue;
        }
        for (std::size_t at = 0; at < write.bytes.size();) {
            const std::size_t end = std::min(write.bytes.size(), at + kSectorBytes - (write.offset + at) % kSectorBytes);
            if (random() % 2)
                put(bytes, Write{write.offset + at, write.bytes.substr(at, end - at)});
            at = end;
        }
    }
    return bytes;
}

} // namespace

FailingDisk::FailingDisk(std::filesystem::path folder)
{
    auto disk = std::make_unique<Disk>();
    disk->folder = folder.native();
    disk->names[disk->folder] = std::make_shared<Node>(Node{true});
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        disk->names[entry.path().native()] = std::make_shared<Node>(Node{entry.is_directory(), entry.is_directory() ? "" : bytesOf(entry.path())});
    disk->syncedNames = disk->names;
    theDisk = disk.release();
}

FailingDisk::~FailingDisk()
{
    delete std::exchange(theDisk, nullptr);
}

void FailingDisk::failAt(std::size_t number, Failure failure, int reason)
{
    const std::scoped_lock lock(theDisk->mutex);
    theDisk->failAt = number;
    theDisk->failure = failure;
    theDisk->reason = reason;
}

void FailingDisk::repair()
{
    failAt(0, Failure::Once, 0);
}

std::size_t FailingDisk::operations() const
{
    const std::scoped_lock lock(theDisk->mutex);
    return theDisk->operations;
}

bool FailingDisk::hasFailed() const
{
    const std::scoped_lock lock(theDisk->mutex);
    return !theDisk->failedCall.empty();
}

std::string FailingDisk::failedCall() const
{
    const std::scoped_lock lock(theDisk->mutex);
    return theDisk->failedCall;
}

void FailingDisk::leaveWhatAPowerCutLeaves(Unsynced unsynced, std::uint64_t seed)
{
    const std::unique_ptr<Disk> disk(std::exchange(theDisk, nullptr)); // what follows is no concern of the disk's
    std::mt19937_64 random(seed);
    // Names reach a disk in their order: a journalling file system has all changes up to some moment.
    const std::size_t count = disk->unsyncedNames.size();
    const std::size_t kept = unsynced == Unsynced::Lost ? 0 : unsynced == Unsynced::Kept ? count : random() % (count + 1);
    for (std::size_t i = 0; i < kept; ++i)
        put(disk->syncedNames, disk->unsyncedNames[i]);
    std::map<NodePtr, std::string> contents; // one for all names of a node
    for (const auto &entry : std::filesystem::directory_iterator(disk->folder))
        std::filesystem::remove_all(entry.path());
    for (const auto &[name, node] : disk->syncedNames) {
        if (!std::filesystem::is_directory(parentOf(name)))
            continue;
        if (node->isFolder) {
            std::filesystem::create_directory(name);
            continue;
        }
        const auto [place, isNew] = contents.try_emplace(node);
        if (isNew)
            place->second = afterPowerCut(*node, unsynced, random);
        std::ofstream(name, std::ios::binary) << place->second;
        node->synced = place->second;
        node->unsynced.clear();
    }
    disk->names = disk->syncedNames;
    disk->unsyncedNames.clear();
    disk->open.clear();
    disk->failAt = 0;
    theDisk = new Disk{.mutex = {}, .folder = disk->folder, .names = disk->names, .syncedNames = disk->syncedNames, .unsyncedNames = {},
                       .open = {}, .operations = disk->operations, .failAt = 0, .failure = Failure::Once, .reason = 0,
                       .failedCall = disk->failedCall};
}

} // namespace whisker::test

using namespace whisker::test;

// What the C library has under these names is found by dlsym behind this program.
extern "C" {

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    static auto *const function = real<int(const char *, int, ...)>("open");
    return opened(path, flags, [&] { return function(path, flags, mode); });
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    static auto *const function = real<int(const char *, int, ...)>("open64");
    return opened(path, flags, [&] { return function(path, flags, mode); });
}

int mkostemp(char *pattern, int flags)
{
    static auto *const function = real<int(char *, int)>("mkostemp");
    Disk *disk = theDisk;
    if (!disk || !disk->covers(pattern))
        return function(pattern, flags);
    const std::scoped_lock lock(disk->mutex);
    if (disk->fails("open", pattern))
        return -1;
    const int descriptor = function(pattern, flags);
    if (descriptor >= 0) {
        disk->changeNames({{pattern, std::make_shared<Node>()}});
        disk->open[descriptor] = {pattern, disk->names.at(pattern)};
    }
    return descriptor;
}

int close(int descriptor)
{
    static auto *const function = real<int(int)>("close");
    if (Disk *disk = theDisk) {
        const std::scoped_lock lock(disk->mutex);
        disk->open.erase(descriptor);
        return function(descriptor);
    }
    return function(descriptor);
}

ssize_t pwrite(int descriptor, const void *bytes, std::size_t count, off_t offset)
{
    static auto *const function = real<ssize_t(int, const void *, std::size_t, off_t)>("pwrite");
    return written(descriptor, bytes, count, offset, [&](std::size_t size) { return function(descriptor, bytes, size, offset); });
}

ssize_t pwrite64(int descriptor, const void *bytes, std::size_t count, off64_t offset)
{
    static auto *const function = real<ssize_t(int, const void *, std::size_t, off64_t)>("pwrite64");
    return written(descriptor, bytes, count, offset, [&](std::size_t size) { return function(descriptor, bytes, size, offset); });
}

ssize_t write(int descriptor, const void *bytes, std::size_t count)
{
    static auto *const function = real<ssize_t(int, const void *, std::size_t)>("write");
    if (!theDisk)
        return function(descriptor, bytes, count);
    const auto offset = ::lseek(descriptor, 0, SEEK_CUR);
    return written(descriptor, bytes, count, offset, [&](std::size_t size) { return function(descriptor, bytes, size); });
}

int fsync(int descriptor)
{
    static auto *const function = real<int(int)>("fsync");
    return synced(descriptor, [&] { return function(descriptor); });
}

int fdatasync(int descriptor)
{
    static auto *const function = real<int(int)>("fdatasync");
    return synced(descriptor, [&] { return function(descriptor); });
}

int ftruncate(int descriptor, off_t size) noexcept
{
    static auto *const function = real<int(int, off_t)>("ftruncate");
    return truncated(descriptor, size, [&] { return function(descriptor, size); });
}

int ftruncate64(int descriptor, off64_t size) noexcept
{
    static auto *const function = real<int(int, off64_t)>("ftruncate64");
    return truncated(descriptor, size, [&] { return function(descriptor, size); });
}

int unlink(const char *path) noexcept
{
    static auto *const function = real<int(const char *)>("unlink");
    if (theDisk && ::access(path, F_OK) != 0) // nothing to do for the disk
        return function(path);
    return renamed("unlink", path, [&] { return function(path); }, [&](const Names &) { return NameChange{{path, nullptr}}; });
}

int link(const char *from, const char *to) noexcept
{
    static auto *const function = real<int(const char *, const char *)>("link");
    return renamed("link", to, [&] { return function(from, to); }, [&](const Names &names) { return NameChange{{to, names.at(from)}}; });
}

int rename(const char *from, const char *to) noexcept
{
    static auto *const function = real<int(const char *, const char *)>("rename");
    return renamed("rename", to, [&] { return function(from, to); },
                   [&](const Names &names) { return NameChange{{to, names.at(from)}, {from, nullptr}}; });
}

int mkdir(const char *path, mode_t mode) noexcept
{
    static auto *const function = real<int(const char *, mode_t)>("mkdir");
    return renamed("mkdir", path, [&] { return function(path, mode); },
                   [&](const Names &) { return NameChange{{path, std::make_shared<Node>(Node{true})}}; });
}

} // extern "C"
