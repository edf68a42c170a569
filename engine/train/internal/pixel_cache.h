#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"
#include "engine/image/planar_image.h"
#include "engine/train/internal/pixel_segment.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace whisker::internal {

/// Decoded pictures on disk, by the content of their files: decoded once, read from memory from then on. A folder of PixelSegments. Several programs
/// may use it: each adds to files of its own and sees what the others had written when it began. It may be deleted at any time. Any thread.
///
/// The folder is bounded: before a new file is begun, those go that no program uses, the least lately used first. Where that does not make room, nothing
/// more is kept: a data set larger than the cache would else push out in each epoch what the next one needs.
class PixelCache {
public:
    struct Limits {
        std::uint64_t cacheBytes = std::uint64_t(16) << 30;    ///< All files of the folder, whatever their key.
        std::uint64_t fileBytes = std::uint64_t(256) << 20;    ///< One file; a larger picture is not kept.
        std::uint64_t leaveFreeBytes = std::uint64_t(2) << 30; ///< Of the disk, for others.
    };

    /// `key`: a name for how the pictures were decoded, to go into a file name. Files that hold nothing of `wanted` are left alone. Makes the folder.
    /// Errors: PermissionDenied, NoSpace, Unreadable.
    static Result<std::unique_ptr<PixelCache>> open(const std::filesystem::path &folder, const std::string &key, std::span<const ContentHash> wanted,
                                                    const Limits &limits);
    PixelCache(const PixelCache &) = delete;
    PixelCache &operator=(const PixelCache &) = delete;

    /// The picture, good as long as this object; nothing where it isn't there or was damaged.
    std::optional<PlanarView> find(const ContentHash &hash);
    /// Adds a picture, unless it is there. The Error (NoSpace, PermissionDenied, ...) is given once; from then on nothing is added.
    Result<void> keep(const ContentHash &hash, const PlanarView &picture);
    std::size_t size() const; ///< Pictures.

private:
    struct Record {
        PixelSegment *segment = nullptr;
        PixelSegment::Entry entry{};
        enum class State { BeingWritten, Unchecked, Good } state = State::BeingWritten;
    };
    struct Claim {
        PixelSegment *segment;
        PixelSegment::Place place;
    };

    PixelCache(std::filesystem::path folder, const std::string &key, const Limits &limits);
    void readFolder(std::span<const ContentHash> wanted);
    Result<std::optional<Claim>> claim(const ContentHash &hash, std::size_t bytes);
    Result<void> beginFile();
    Result<void> makeRoom() const;

    const std::filesystem::path m_folder;
    const std::filesystem::path m_place; // of the files of our key
    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::vector<std::unique_ptr<PixelSegment>> m_segments;
    PixelSegment *m_writing = nullptr;
    bool m_closed = false; // to more pictures
    std::unordered_map<ContentHash, Record> m_records;
};

} // namespace whisker::internal
