#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/image/planar_image.h"
#include "engine/image/rgb_image.h"
#include "engine/train/internal/pixel_cache.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace whisker::internal {

/// Pictures of a snapshot, decoded once in one way and kept in a cache; from there they come in later epochs and runs, also where their files are gone. They
/// are the same with and without the cache, which only costs or saves time: what goes wrong with it is a note. A file that is no longer the picture of the
/// snapshot is an error, for the run would depend on when it was read. Any thread.
class DecodedPictures {
public:
    /// The same bytes give the same pixels. Errors name `file`.
    using Decode = std::function<Result<PlanarImage>(std::span<const std::byte> bytes, const std::filesystem::path &file)>;
    /// What becomes of the decoded picture, which is not to be kept.
    using Use = std::function<RgbImage(const PlanarView &)>;
    struct Cache {
        std::filesystem::path folder{}; ///< Is made where it is missing; empty: no cache.
        std::string key{};              ///< Names what `decode` does, as PixelCache::open() takes it.
        PixelCache::Limits limits{};
    };

    /// Keeps the reference. `entries` of the snapshot: those that will be asked for.
    DecodedPictures(const Snapshot &snapshot, std::span<const std::size_t> entries, Decode decode, const Cache &cache);

    /// Errors: those of readPictureFile() and `decode`; BadFormat (the file has changed, or `use` threw); Internal (not enough memory, which another time may do). They name
    /// the file. Never throws.
    Result<RgbImage> picture(std::size_t entry, const Use &use);
    /// Sentences: what has happened to the cache since they were taken.
    std::vector<std::string> takeNotes();

private:
    void open(const Cache &cache, std::span<const std::size_t> entries);
    Result<PlanarImage> fromFile(const SnapshotEntry &entry);
    void note(const Error &error);

    const Snapshot &m_snapshot;
    const Decode m_decode;
    std::unique_ptr<PixelCache> m_cache; // or nothing
    std::mutex m_mutex;
    std::vector<std::string> m_notes;
};

} // namespace whisker::internal
