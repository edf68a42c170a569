#pragma once

#include "engine/base/result.h"
#include "engine/image/content_hash.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace whisker::internal {

/// Features of pictures on disk, by content. One file of records that is only ever appended to: [content hash | features | checksum]. A record that a
/// crash left half written is cut off by the next who writes, and never read. Several programs may use one folder: who appends locks the file (flock)
/// for that moment. It may be deleted at any time. One thread at a time.
class FeatureCache {
public:
    /// `key` names backbone, preprocessing and precision; `featureCount` >= 1. Makes the folder. Errors: PermissionDenied, NoSpace, Unreadable.
    static Result<FeatureCache> open(const std::filesystem::path &folder, const std::string &key, int featureCount);
    FeatureCache(FeatureCache &&) noexcept;
    FeatureCache &operator=(FeatureCache &&) = delete;
    ~FeatureCache();

    bool contains(const ContentHash &hash) const { return m_records.contains(hash); }
    /// Nothing where it isn't there, or its checksum is wrong.
    std::optional<std::vector<float>> find(const ContentHash &hash) const;
    struct Entry {
        ContentHash hash;
        std::vector<float> features; ///< featureCount of them.
    };
    /// Errors: NoSpace, PermissionDenied; then what was there before is still good.
    Result<void> append(std::span<const Entry> entries);
    std::size_t size() const { return m_records.size(); }

private:
    FeatureCache(std::filesystem::path file, int descriptor, int featureCount);
    std::size_t recordBytes() const;
    Result<void> readIndex();

    std::filesystem::path m_file;
    int m_descriptor;
    int m_featureCount;
    std::unordered_map<ContentHash, std::size_t> m_records; // number of the record in the file
};

} // namespace whisker::internal
