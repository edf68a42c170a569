#pragma once

#include "engine/base/descriptor.h"
#include "engine/base/result.h"
#include "engine/image/content_hash.h"
#include "engine/image/planar_image.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace whisker::internal {

/// One file of decoded pictures, mapped into memory: [header | table of entries | pixels]. Who made it alone adds to it, and writes an entry after its
/// pixels; an entry that a crash tore has a wrong checksum and is not given. In use it is locked (flock, shared), so that nobody removes it; it is never
/// made shorter than its pixels, so that the mapping stays good, and where its name is deleted the mapping stays good as well.
class PixelSegment {
public:
    struct Entry {
        std::uint64_t hashHigh = 0, hashLow = 0; ///< Of the picture's file.
        std::uint64_t offset = 0;                ///< Of the pixels in this file.
        std::uint32_t width = 0, height = 0;             ///< Of the first plane.
        std::uint32_t othersWidth = 0, othersHeight = 0; ///< Of the two others.
        std::uint64_t colours = 0;                       ///< A PlaneColours.
        std::uint64_t pixelChecksum = 0;
        std::uint64_t ownChecksum = 0; ///< Of the fields above.

        ContentHash hash() const { return {hashHigh, hashLow}; }
        PlanarLayout layout() const;
    };
    /// Where a picture goes.
    struct Place {
        std::size_t slot;
        std::size_t offset;
    };

    /// A new file with room for `capacityBytes` in all, most of which takes no room on the disk until it is written. Errors: NoSpace, PermissionDenied.
    static Result<std::unique_ptr<PixelSegment>> create(const std::filesystem::path &file, std::size_t capacityBytes);
    /// Nothing where it can't be read or is none.
    static std::unique_ptr<PixelSegment> open(const std::filesystem::path &file);
    PixelSegment(const PixelSegment &) = delete;
    PixelSegment &operator=(const PixelSegment &) = delete;
    ~PixelSegment();

    /// The whole ones at open().
    std::vector<Entry> takeEntries() { return std::move(m_entries); }
    /// Of an entry given or written here; good as long as this object.
    PlanarView picture(const Entry &entry) const;
    bool isWhole(const Entry &entry) const; ///< Whether its pixels are what was written; reads them all. Any thread.
    void markUsed();                        ///< Now: the least lately used files are the first to go.

    /// After create(). One thread at a time; nothing where the file is full.
    std::optional<Place> reserve(std::size_t bytes);
    /// To a place of its own; any thread. Nothing, with errno, where the disk does not take it.
    std::optional<Entry> write(const Place &place, const ContentHash &hash, const PlanarView &picture);

    static std::size_t overheadBytes(); ///< Of a file without pictures.

private:
    PixelSegment(int descriptor, std::size_t bytes, bool isWriter);
    bool map();
    bool readEntries();

    Descriptor m_descriptor;
    std::size_t m_bytes;
    bool m_isWriter;
    const std::uint8_t *m_mapping = nullptr;
    std::vector<Entry> m_entries;
    std::size_t m_slots = 0;
    std::size_t m_end; // of the pixels
};

} // namespace whisker::internal
