#pragma once

#include "engine/image/preprocess.h"
#include "engine/train/internal/decoded_pictures.h"
#include "engine/train/internal/picture_pipeline.h"

namespace whisker::internal {

/// Pictures of a snapshot as they go into a network, the way a finished model is asked about them. Any thread.
class PreparedPictures {
public:
    /// Keeps references. `entries`: those that will be asked for. With a `cacheFolder` they are kept there, sizePx x sizePx, as DecodedPictures does.
    PreparedPictures(const Snapshot &snapshot, std::span<const std::size_t> entries, const Preprocessing &preprocessing,
                     const std::filesystem::path &cacheFolder = {}, const PixelCache::Limits &limits = {});

    /// Gives entries[index]; good as long as this object and what `entries` views. Does not tell sizes.
    PictureSource source(std::span<const std::size_t> entries);
    std::vector<std::string> takeNotes() { return m_pictures.takeNotes(); }

private:
    DecodedPictures m_pictures;
};

} // namespace whisker::internal
