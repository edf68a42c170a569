#include "engine/train/internal/pixel_segment.h"

#include "engine/train/internal/cache_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whisker::internal {

namespace {

constexpr std::array<char, 64> kHeader = {"Whisker's decoded pictures, format 2\n"};
constexpr std::size_t kSlots = 8192;
constexpr std::size_t kAlignment = 64; // a line of the processor's cache

using Entry = PixelSegment::Entry;
static_assert(sizeof(Entry) == 64, "written as it lies in memory");

constexpr std::size_t aligned(std::size_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

constexpr std::size_t kFirstPixel = aligned(kHeader.size() + kSlots * sizeof(Entry));

std::uint64_t checksumOf(const Entry &entry)
{
    return hashBytes(std::as_bytes(std::span(&entry, 1)).first(offsetof(Entry, ownChecksum))).low;
}

std::uint64_t checksumOf(const PlanarView &picture)
{
    return hashBytes(std::as_bytes(std::span(picture.pixels, picture.layout.byteCount()))).low;
}

bool liesWithin(const Entry &entry, std::size_t fileBytes)
{
    const auto isLength = [](std::uint32_t pixels) { return pixels > 0 && pixels < 1U << 30; };
    return entry.ownChecksum == checksumOf(entry) && entry.colours <= static_cast<std::uint64_t>(PlaneColours::YCbCr) && isLength(entry.width) && isLength(entry.height) && isLength(entry.othersWidth)
           && isLength(entry.othersHeight) && entry.offset >= kFirstPixel && entry.offset <= fileBytes
           && entry.layout().byteCount() <= fileBytes - entry.offset;
}

} // namespace

PlanarLayout PixelSegment::Entry::layout() const
{
    return {static_cast<PlaneColours>(colours),
            {static_cast<int>(width), static_cast<int>(height)},
            {static_cast<int>(othersWidth), static_cast<int>(othersHeight)}};
}

std::size_t PixelSegment::overheadBytes()
{
    return kFirstPixel;
}

PixelSegment::PixelSegment(int descriptor, std::size_t bytes, bool isWriter)
    : m_descriptor(descriptor), m_bytes(bytes), m_isWriter(isWriter), m_end(kFirstPixel)
{
}

PixelSegment::~PixelSegment()
{
    if (m_mapping)
        ::munmap(const_cast<std::uint8_t *>(m_mapping), m_bytes); // munmap() takes what mmap() gave
    if (m_isWriter)
        (void)::ftruncate(m_descriptor.value, static_cast<off_t>(m_end)); // else the next who opens it does
}

bool PixelSegment::map()
{
    void *mapping = ::mmap(nullptr, m_bytes, PROT_READ, MAP_SHARED, m_descriptor.value, 0);
    if (mapping == MAP_FAILED)
        return false;
    m_mapping = static_cast<const std::uint8_t *>(mapping);
    return true;
}

Result<std::unique_ptr<PixelSegment>> PixelSegment::create(const std::filesystem::path &file, std::size_t capacityBytes)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return std::unexpected(systemError(errno, "can't be made", file));
    std::unique_ptr<PixelSegment> segment(new PixelSegment(descriptor, std::max(capacityBytes, kFirstPixel), true)); // its constructor is private
    (void)::flock(descriptor, LOCK_SH); // a new file of ours: there is nobody to wait for
    if (!writeAt(descriptor, std::as_bytes(std::span(kHeader)), 0) || ::ftruncate(descriptor, static_cast<off_t>(segment->m_bytes)) != 0
        || !segment->map()) {
        const int reason = errno;
        ::unlink(file.c_str());
        return std::unexpected(systemError(reason, "can't be written", file));
    }
    return segment;
}

std::unique_ptr<PixelSegment> PixelSegment::open(const std::filesystem::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return nullptr;
    const bool alone = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    struct stat status {};
    const bool known = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    std::unique_ptr<PixelSegment> segment(new PixelSegment(descriptor, known ? static_cast<std::size_t>(status.st_size) : 0, false));
    if (segment->m_bytes < kFirstPixel || !segment->readEntries())
        return nullptr;
    if (alone && segment->m_end < segment->m_bytes && ::ftruncate(descriptor, static_cast<off_t>(segment->m_end)) == 0)
        segment->m_bytes = segment->m_end; // its maker was killed
    (void)::flock(descriptor, LOCK_SH);    // where it fails the file may go, and the mapping stays
    return segment->map() ? std::move(segment) : nullptr;
}

bool PixelSegment::readEntries()
{
    std::array<char, kHeader.size()> header{};
    std::vector<Entry> table(kSlots);
    if (!readAt(m_descriptor.value, std::as_writable_bytes(std::span(header)), 0) || header != kHeader
        || !readAt(m_descriptor.value, std::as_writable_bytes(std::span(table)), header.size()))
        return false;
    std::erase_if(table, [this](const Entry &entry) { return !liesWithin(entry, m_bytes); });
    for (const Entry &entry : table)
        m_end = std::max(m_end, static_cast<std::size_t>(entry.offset) + entry.layout().byteCount());
    m_entries = std::move(table);
    return true;
}

PlanarView PixelSegment::picture(const Entry &entry) const
{
    return {entry.layout(), m_mapping + entry.offset};
}

bool PixelSegment::isWhole(const Entry &entry) const
{
    return checksumOf(picture(entry)) == entry.pixelChecksum;
}

void PixelSegment::markUsed()
{
    (void)::futimens(m_descriptor.value, nullptr); // a wrong time makes it go sooner, no more
}

std::optional<PixelSegment::Place> PixelSegment::reserve(std::size_t bytes)
{
    const std::size_t offset = aligned(m_end);
    if (m_slots >= kSlots || offset > m_bytes || bytes > m_bytes - offset)
        return std::nullopt;
    m_end = offset + bytes;
    return Place{m_slots++, offset};
}

std::optional<PixelSegment::Entry> PixelSegment::write(const Place &place, const ContentHash &hash, const PlanarView &picture)
{
    const auto &[colours, first, others] = picture.layout;
    Entry entry{hash.high,
                hash.low,
                place.offset,
                static_cast<std::uint32_t>(first.width),
                static_cast<std::uint32_t>(first.height),
                static_cast<std::uint32_t>(others.width),
                static_cast<std::uint32_t>(others.height),
                static_cast<std::uint64_t>(colours),
                checksumOf(picture)};
    entry.ownChecksum = checksumOf(entry);
    if (!writeAt(m_descriptor.value, std::as_bytes(std::span(picture.pixels, picture.layout.byteCount())), place.offset)
        || !writeAt(m_descriptor.value, std::as_bytes(std::span(&entry, 1)), kHeader.size() + place.slot * sizeof entry))
        return std::nullopt;
    return entry;
}

} // namespace whisker::internal
