#pragma once

#include "engine/data/internal/examine.h"
#include "engine/data/internal/records.h"

#include <unordered_map>
#include <unordered_set>

namespace whisker {

/// The pictures of a project that are gone from their place, to be matched with files by size, then content.
class MissingPictures {
public:
    /// From the state as checkPlaces() has left it.
    explicit MissingPictures(const std::vector<ImageRecord> &images);

    bool empty() const { return m_bySize.empty(); }
    /// A file of this size could be one of them, and it is no picture of the project already.
    bool mayBe(const std::filesystem::path &file, std::int64_t bytes) const;
    /// The missing picture with this content that fits the file's name best; it is missing no longer. Null where there is none.
    const ImageRecord *take(const ContentHash &hash, const std::filesystem::path &file);
    /// Those that nobody took.
    std::vector<const ImageRecord *> left() const;

private:
    std::unordered_map<ContentHash, std::vector<const ImageRecord *>> m_byHash; // into the vector given
    std::unordered_map<std::int64_t, std::size_t> m_bySize;                     // how many are still missing
    std::unordered_set<std::string> m_present;                                  // paths
};

/// The least cost of a missing picture in a place is 0: the same name in a folder of the same name; 1: the same name; 2: another.
int placeCost(const ImageRecord &missing, const std::filesystem::path &file);

} // namespace whisker
