#include "engine/train/internal/decoded_pictures.h"

#include "engine/base/path_text.h"
#include "engine/image/decode.h"

#include <exception>
#include <new>
#include <opencv2/core.hpp>
#include <utility>

namespace whisker::internal {

namespace {

bool isForWantOfMemory(const std::exception &exception)
{
    const auto *ofOpenCv = dynamic_cast<const cv::Exception *>(&exception);
    return ofOpenCv ? ofOpenCv->code == cv::Error::StsNoMem : dynamic_cast<const std::bad_alloc *>(&exception) != nullptr;
}

} // namespace

DecodedPictures::DecodedPictures(const Snapshot &snapshot, std::span<const std::size_t> entries, Decode decode, const Cache &cache)
    : m_snapshot(snapshot), m_decode(std::move(decode))
{
    if (!cache.folder.empty())
        open(cache, entries);
}

void DecodedPictures::open(const Cache &cache, std::span<const std::size_t> entries)
{
    std::vector<ContentHash> wanted;
    wanted.reserve(entries.size());
    for (const std::size_t entry : entries)
        wanted.push_back(m_snapshot.entries[entry].hash);
    auto opened = PixelCache::open(cache.folder, cache.key, wanted, cache.limits);
    if (opened)
        m_cache = *std::move(opened);
    else
        note(opened.error());
}

void DecodedPictures::note(const Error &error)
{
    const std::scoped_lock lock(m_mutex);
    m_notes.push_back(error.message + " Training goes on; pictures that are not kept are decoded anew in every epoch.");
}

std::vector<std::string> DecodedPictures::takeNotes()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_notes, {});
}

Result<RgbImage> DecodedPictures::picture(std::size_t entry, const Use &use)
{
    const SnapshotEntry &listed = m_snapshot.entries[entry];
    try {
        if (const auto kept = m_cache ? m_cache->find(listed.hash) : std::nullopt)
            return use(*kept);
        const auto decoded = fromFile(listed);
        if (!decoded)
            return std::unexpected(decoded.error());
        if (m_cache)
            if (const auto kept = m_cache->keep(listed.hash, *decoded); !kept)
                note(kept.error());
        return use(*decoded);
    } catch (const std::exception &exception) {
        if (isForWantOfMemory(exception))
            return fail(ErrorCode::Internal, pathText(listed.file) + " can't be prepared: there is not enough memory. Close other programs.", listed.file);
        return fail(ErrorCode::BadFormat, pathText(listed.file) + " can't be decoded: " + exception.what(), listed.file);
    }
}

Result<PlanarImage> DecodedPictures::fromFile(const SnapshotEntry &entry)
{
    const auto bytes = readPictureFile(entry.file);
    if (!bytes)
        return std::unexpected(bytes.error());
    if (hashBytes(*bytes) != entry.hash)
        return fail(ErrorCode::BadFormat, pathText(entry.file) + " has changed since this run's pictures were listed: check it, then begin a new run.", entry.file);
    return m_decode(*bytes, entry.file);
}

} // namespace whisker::internal
