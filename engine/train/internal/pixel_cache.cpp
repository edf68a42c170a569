#include "engine/train/internal/pixel_cache.h"

#include "engine/base/path_text.h"
#include "engine/train/internal/cache_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>
#include <utility>

namespace whisker::internal {

namespace {

constexpr const char *kPrefix = "pixels-";

struct CacheFile {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type lastUsed{};
};

/// Ours in `folder` itself; what goes away meanwhile is left out.
std::vector<CacheFile> filesIn(const std::filesystem::path &folder)
{
    std::vector<CacheFile> files;
    std::error_code failure; // a folder that can't be listed has nothing for us
    for (auto entry = std::filesystem::directory_iterator(folder, failure); !failure && entry != std::filesystem::directory_iterator();
         entry.increment(failure)) {
        std::error_code gone;
        CacheFile file{entry->path(), entry->file_size(gone), {}};
        if (!gone)
            file.lastUsed = entry->last_write_time(gone);
        if (!gone && file.path.filename().native().starts_with(kPrefix))
            files.push_back(std::move(file));
    }
    return files;
}

/// Those of all keys, the least lately used first.
std::vector<CacheFile> filesBelow(const std::filesystem::path &folder)
{
    std::vector<CacheFile> files;
    std::error_code failure;
    for (auto entry = std::filesystem::directory_iterator(folder, failure); !failure && entry != std::filesystem::directory_iterator();
         entry.increment(failure)) {
        std::error_code gone;
        if (entry->is_directory(gone))
            std::ranges::move(filesIn(entry->path()), std::back_inserter(files));
    }
    std::ranges::sort(files, {}, &CacheFile::lastUsed);
    return files;
}

bool removeUnlessUsed(const std::filesystem::path &file)
{
    const Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (descriptor.value < 0 || ::flock(descriptor.value, LOCK_EX | LOCK_NB) != 0 || ::unlink(file.c_str()) != 0)
        return false;
    ::rmdir(file.parent_path().c_str()); // of a key that has nothing left; fails where it has
    return true;
}

/// No other process and no other call gives the same.
std::string newName()
{
    static std::atomic<unsigned> number = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return fmt::format("{}{:x}-{:x}-{:x}", kPrefix, now, ::getpid(), number++);
}

} // namespace

PixelCache::PixelCache(std::filesystem::path folder, const std::string &key, const Limits &limits)
    : m_folder(std::move(folder)), m_place(m_folder / key), m_limits(limits)
{
}

Result<std::unique_ptr<PixelCache>> PixelCache::open(const std::filesystem::path &folder, const std::string &key,
                                                     std::span<const ContentHash> wanted, const Limits &limits)
{
    std::unique_ptr<PixelCache> cache(new PixelCache(folder, key, limits)); // its constructor is private
    std::error_code error;
    std::filesystem::create_directories(cache->m_place, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be made", folder));
    cache->readFolder(wanted);
    return cache;
}

void PixelCache::readFolder(std::span<const ContentHash> wanted)
{
    const std::unordered_set<ContentHash> asked(wanted.begin(), wanted.end());
    for (const CacheFile &file : filesIn(m_place)) {
        auto segment = PixelSegment::open(file.path);
        if (!segment)
            continue;
        bool isOfUse = false;
        for (const PixelSegment::Entry &entry : segment->takeEntries()) {
            if (asked.contains(entry.hash()) && m_records.try_emplace(entry.hash(), segment.get(), entry, Record::State::Unchecked).second)
                isOfUse = true;
        }
        if (!isOfUse)
            continue; // closed, so that it can go
        segment->markUsed();
        m_segments.push_back(std::move(segment));
    }
}

std::size_t PixelCache::size() const
{
    const std::scoped_lock lock(m_mutex);
    return m_records.size();
}

std::optional<PlanarView> PixelCache::find(const ContentHash &hash)
{
    Record record;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_records.find(hash);
        if (found == m_records.end() || found->second.state == Record::State::BeingWritten)
            return std::nullopt;
        record = found->second;
    }
    if (record.state == Record::State::Good)
        return record.segment->picture(record.entry);
    const bool isWhole = record.segment->isWhole(record.entry);
    const std::scoped_lock lock(m_mutex);
    const auto found = m_records.find(hash); // another thread may have looked as well
    if (found != m_records.end() && found->second.state == Record::State::Unchecked) {
        if (isWhole)
            found->second.state = Record::State::Good;
        else
            m_records.erase(found);
    }
    return isWhole ? std::optional(record.segment->picture(record.entry)) : std::nullopt;
}

Result<void> PixelCache::keep(const ContentHash &hash, const PlanarView &picture)
{
    const auto claimed = claim(hash, picture.layout.byteCount());
    if (!claimed)
        return std::unexpected(claimed.error());
    if (!*claimed)
        return {};
    const auto [segment, place] = **claimed;
    const auto entry = segment->write(place, hash, picture);
    const int reason = errno;
    const std::scoped_lock lock(m_mutex);
    if (entry) {
        m_records[hash] = {segment, *entry, Record::State::Good};
        return {};
    }
    m_records.erase(hash);
    if (std::exchange(m_closed, true))
        return {};
    return std::unexpected(systemError(reason, "can't be written", m_folder));
}

/// Nothing where the picture is not to be added.
Result<std::optional<PixelCache::Claim>> PixelCache::claim(const ContentHash &hash, std::size_t bytes)
{
    const std::scoped_lock lock(m_mutex);
    if (m_closed || bytes + PixelSegment::overheadBytes() > m_limits.fileBytes || m_records.contains(hash))
        return std::nullopt;
    auto place = m_writing ? m_writing->reserve(bytes) : std::nullopt;
    if (!place) {
        if (auto begun = beginFile(); !begun) {
            m_closed = true;
            return std::unexpected(std::move(begun.error()));
        }
        place = m_writing->reserve(bytes);
    }
    if (!place)
        return std::nullopt;
    m_records.emplace(hash, Record{});
    return Claim{m_writing, *place};
}

Result<void> PixelCache::beginFile()
{
    std::error_code error; // it may have been deleted since
    std::filesystem::create_directories(m_place, error);
    const auto lockFile = m_folder / "lock";
    const Descriptor descriptor(::open(lockFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (descriptor.value < 0)
        return std::unexpected(systemError(errno, "can't be opened", lockFile));
    const FileLock lock(descriptor.value); // one program at a time makes room and takes it
    if (auto room = makeRoom(); !room)
        return room;
    std::filesystem::create_directories(m_place, error);
    auto segment = PixelSegment::create(m_place / newName(), m_limits.fileBytes);
    if (!segment)
        return std::unexpected(std::move(segment.error()));
    m_segments.push_back(*std::move(segment));
    m_writing = m_segments.back().get();
    return {};
}

Result<void> PixelCache::makeRoom() const
{
    const auto files = filesBelow(m_folder);
    std::uint64_t taken = 0;
    for (const CacheFile &file : files)
        taken += file.bytes;
    const auto diskIsFull = [this] {
        std::error_code unknown; // then only the size counts
        const auto space = std::filesystem::space(m_folder, unknown);
        return !unknown && space.available < m_limits.leaveFreeBytes + m_limits.fileBytes;
    };
    for (auto oldest = files.begin(); taken + m_limits.fileBytes > m_limits.cacheBytes || diskIsFull(); ++oldest) {
        if (oldest == files.end())
            return fail(ErrorCode::NoSpace,
                        fmt::format("There is no more room for decoded pictures in {}, which may grow to {} GiB and leaves {} GiB of the disk free.",
                                    pathText(m_folder), m_limits.cacheBytes >> 30, m_limits.leaveFreeBytes >> 30),
                        m_folder);
        if (removeUnlessUsed(oldest->path))
            taken -= oldest->bytes;
    }
    return {};
}

} // namespace whisker::internal
