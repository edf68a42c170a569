#include "tests/support/disk_model.h"

#include <fstream>
#include <sstream>
#include <utility>

namespace whisker::test {

namespace {

std::string bytesOf(const std::filesystem::path &file)
{
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
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

void FailingDisk::loseReads(std::filesystem::path folder)
{
    const std::scoped_lock lock(theDisk->mutex);
    theDisk->lostForReading = folder.native();
}

std::unique_lock<std::recursive_mutex> FailingDisk::hold()
{
    return std::unique_lock(theDisk->mutex);
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
    const std::size_t count = disk->unsyncedNames.size();
    const std::size_t kept = unsynced == Unsynced::Lost ? 0 : unsynced == Unsynced::Kept ? count : random() % (count + 1);
    disk->keepNames(kept);
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
            place->second = node->afterPowerCut(unsynced, random);
        std::ofstream(name, std::ios::binary) << place->second;
        node->synced = place->second;
        node->unsynced.clear();
    }
    theDisk = new Disk{.mutex = {}, .folder = disk->folder, .names = disk->names, .syncedNames = disk->syncedNames, .unsyncedNames = {},
                       .open = {}, .operations = disk->operations, .failAt = 0, .failure = Failure::Once, .reason = 0,
                       .failedCall = disk->failedCall, .lostForReading = {}};
}

} // namespace whisker::test
