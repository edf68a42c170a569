#include "engine/train/internal/feature_cache.h"

#include "engine/train/internal/cache_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whisker::internal {

namespace {

constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kBlockBytes = std::size_t(4) << 20; // of reading the index

ContentHash hashAt(const std::byte *record)
{
    ContentHash hash;
    std::memcpy(&hash.high, record, sizeof hash.high);
    std::memcpy(&hash.low, record + sizeof hash.high, sizeof hash.low);
    return hash;
}

std::uint64_t checksum(std::span<const std::byte> hashAndFeatures)
{
    return hashBytes(hashAndFeatures).low;
}

} // namespace

FeatureCache::FeatureCache(std::filesystem::path file, int descriptor, int featureCount)
    : m_file(std::move(file)), m_descriptor(descriptor), m_featureCount(featureCount)
{
}

FeatureCache::FeatureCache(FeatureCache &&other) noexcept
    : m_file(std::move(other.m_file)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_featureCount(other.m_featureCount),
      m_records(std::move(other.m_records))
{
}

FeatureCache::~FeatureCache()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::size_t FeatureCache::recordBytes() const
{
    return kHashBytes + static_cast<std::size_t>(m_featureCount) * sizeof(float) + kChecksumBytes;
}

Result<FeatureCache> FeatureCache::open(const std::filesystem::path &folder, const std::string &key, int featureCount)
{
    const std::filesystem::path place = folder / key;
    std::error_code error;
    std::filesystem::create_directories(place, error);
    if (error)
        return std::unexpected(systemError(error.value(), "can't be made", place));
    const std::filesystem::path file = place / "features.bin";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return std::unexpected(systemError(errno, "can't be opened", file));
    FeatureCache cache(file, descriptor, featureCount);
    if (auto read = cache.readIndex(); !read)
        return std::unexpected(read.error());
    return cache;
}

Result<void> FeatureCache::readIndex()
{
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0)
        return std::unexpected(systemError(errno, "can't be read", m_file));
    const std::size_t count = static_cast<std::size_t>(status.st_size) / recordBytes();
    const std::size_t atOnce = std::max<std::size_t>(1, kBlockBytes / recordBytes());
    std::vector<std::byte> block(std::min(atOnce, std::max<std::size_t>(count, 1)) * recordBytes());
    m_records.reserve(count);
    for (std::size_t first = 0; first < count; first += atOnce) {
        const std::size_t here = std::min(atOnce, count - first);
        if (!readAt(m_descriptor, std::span(block).first(here * recordBytes()), first * recordBytes()))
            return std::unexpected(systemError(errno, "can't be read", m_file));
        for (std::size_t i = 0; i < here; ++i)
            m_records.insert_or_assign(hashAt(block.data() + i * recordBytes()), first + i);
    }
    return {};
}

std::optional<std::vector<float>> FeatureCache::find(const ContentHash &hash) const
{
    const auto found = m_records.find(hash);
    if (found == m_records.end())
        return std::nullopt;
    std::vector<std::byte> record(recordBytes());
    if (!readAt(m_descriptor, record, found->second * recordBytes()))
        return std::nullopt;
    const auto content = std::span(record).first(record.size() - kChecksumBytes);
    std::uint64_t kept = 0;
    std::memcpy(&kept, record.data() + content.size(), sizeof kept);
    if (kept != checksum(content) || hashAt(record.data()) != hash)
        return std::nullopt;
    std::vector<float> features(static_cast<std::size_t>(m_featureCount));
    std::memcpy(features.data(), record.data() + kHashBytes, features.size() * sizeof(float));
    return features;
}

Result<void> FeatureCache::append(std::span<const Entry> entries)
{
    std::vector<std::byte> bytes(entries.size() * recordBytes());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::byte *record = bytes.data() + i * recordBytes();
        std::memcpy(record, &entries[i].hash.high, sizeof(std::uint64_t));
        std::memcpy(record + sizeof(std::uint64_t), &entries[i].hash.low, sizeof(std::uint64_t));
        std::memcpy(record + kHashBytes, entries[i].features.data(), static_cast<std::size_t>(m_featureCount) * sizeof(float));
        const std::uint64_t sum = checksum({record, recordBytes() - kChecksumBytes});
        std::memcpy(record + recordBytes() - kChecksumBytes, &sum, sizeof sum);
    }
    const FileLock lock(m_descriptor);
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0)
        return std::unexpected(systemError(errno, "can't be written", m_file));
    const std::size_t number = static_cast<std::size_t>(status.st_size) / recordBytes(); // whole records: a torn one is written over
    if (!writeAt(m_descriptor, bytes, number * recordBytes()))
        return std::unexpected(systemError(errno, "can't be written", m_file));
    for (std::size_t i = 0; i < entries.size(); ++i)
        m_records.insert_or_assign(entries[i].hash, number + i);
    return {};
}

} // namespace whisker::internal
