#include "tests/support/disk_model.h"

#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace whisker::test;

namespace {

template <class Function> Function *real(const char *name)
{
    return reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
}

template <class Open> int opened(const char *path, int flags, Open &&open)
{
    Disk *disk = theDisk;
    if (!disk || !disk->covers(path))
        return open();
    const std::scoped_lock lock(disk->mutex);
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (!writes && !(flags & O_DIRECTORY) && disk->isLost(path)) {
        errno = EIO;
        return -1;
    }
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

} // namespace

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
