#include "tests/support/disk_model.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace whisker::test {

Disk *theDisk = nullptr;

namespace {

constexpr std::size_t kSectorBytes = 512;

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

} // namespace

std::string parentOf(const std::string &path)
{
    return path.substr(0, path.rfind('/'));
}

std::string Node::afterPowerCut(FailingDisk::Unsynced mode, std::mt19937_64 &random) const
{
    std::string bytes = synced;
    for (const auto &write : unsynced) {
        if (mode == FailingDisk::Unsynced::Lost)
            continue;
        if (mode == FailingDisk::Unsynced::Kept || write.truncates) {
            if (mode == FailingDisk::Unsynced::Kept || random() % 2)
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

bool Disk::fails(const char *call, const std::string &path)
{
    ++operations;
    if (failAt == 0 || operations < failAt || (operations > failAt && failure == FailingDisk::Failure::Once))
        return false;
    if (operations == failAt)
        failedCall = std::string(call) + " " + path.substr(path.rfind('/') + 1);
    errno = reason;
    return true;
}

void Disk::changeNames(NameChange change)
{
    put(names, change);
    unsyncedNames.push_back(std::move(change));
}

void Disk::sync(const OpenFile &file)
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

void Disk::keepNames(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        put(syncedNames, unsyncedNames[i]);
    names = syncedNames;
    unsyncedNames.clear();
}

} // namespace whisker::test
