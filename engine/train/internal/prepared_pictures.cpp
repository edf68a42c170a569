#include "engine/train/internal/prepared_pictures.h"

#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

namespace {

constexpr int kPreparedVersion = 1; // goes up when the same file would get other pixels

DecodedPictures::Decode preparing(const Preprocessing &preprocessing)
{
    return [&preprocessing](std::span<const std::byte> bytes, const std::filesystem::path &file) -> Result<PlanarImage> {
        const auto prepared = loadPreprocessed(bytes, file, preprocessing);
        return prepared ? Result<PlanarImage>(planarOf(*prepared)) : std::unexpected(prepared.error());
    };
}

} // namespace

PreparedPictures::PreparedPictures(const Snapshot &snapshot, std::span<const std::size_t> entries, const Preprocessing &preprocessing,
                                   const std::filesystem::path &cacheFolder, const PixelCache::Limits &limits)
    : m_pictures(snapshot, entries, preparing(preprocessing),
                 {cacheFolder, fmt::format("prepared-{}-{}", kPreparedVersion, preprocessingDigest(preprocessing)), limits})
{
}

PictureSource PreparedPictures::source(std::span<const std::size_t> entries)
{
    return [this, entries](std::size_t index) -> Result<PreparedPicture> {
        auto rgb = m_pictures.picture(entries[index], rgbOf);
        return rgb ? Result<PreparedPicture>({.rgb = *std::move(rgb)}) : std::unexpected(std::move(rgb.error()));
    };
}

} // namespace whisker::internal
