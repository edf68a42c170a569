#pragma once

#include "engine/data/internal/examine.h"
#include "engine/data/internal/journal.h"

#include <unordered_map>
#include <unordered_set>

namespace whisker {

/// What a project has already of a file that is imported.
struct KnownImage {
    ImageId id = 0;
    JournalValue label{};
    JournalValue split{};
    FileFacts facts{};
    bool present = false; ///< False: an undone import, or the user, has taken it out.
    std::int64_t splitFixed = 0;
};

/// Finds the pictures of a project that files of an import are. With the store's mutex held; throws what SQLite throws.
class KnownImages {
public:
    explicit KnownImages(ProjectStore &store) : m_store(store) {}

    /// Others may have changed the project since.
    void beginBatch() { m_folders.clear(); }
    /// Which of `files` are in the project by their path, with the same size and time.
    std::vector<bool> unchanged(std::span<const FoundFile> files);
    std::optional<KnownImage> byPath(const FoundFile &file);
    /// One with the same bytes whose own file is gone.
    std::optional<KnownImage> moved(const ExaminedFile &examined);
    /// The row of the file's folder; added where it is new.
    std::int64_t folderOf(const FoundFile &file);

private:
    ProjectStore &m_store;
    std::unordered_map<const void *, std::int64_t> m_folders; // rows by FoundFile::folder
    std::unordered_set<ContentHash> m_allThere;               // contents whose pictures have all been seen in their places
};

} // namespace whisker
