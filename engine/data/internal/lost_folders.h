#pragma once

#include "engine/data/internal/examine.h"

#include <map>
#include <optional>

namespace whisker {

/// Folders that go away while an import reads them (a network that fails, a disk that is pulled out): one sentence for each in place of one for every file, and
/// the project's pictures in them are left as they are. One thread, but for holds() while nobody calls look().
class LostFolders {
public:
    /// In a folder that has been lost before: there is no use in trying it.
    bool holds(const FoundFile &file) const;
    /// Takes an examined file back (`examined` as if never done) where the reason for its problem is that its folder is gone.
    void look(const FoundFile &file, ExaminedFile &examined);
    /// The folders, with how many files were not read.
    std::vector<SkippedFile> skipped() const;

private:
    /// The topmost folder above `file` that is gone; nothing where its folder is there.
    std::optional<std::filesystem::path> lostAbove(const FoundFile &file);

    std::map<std::filesystem::path, std::size_t> m_lost; // with the number of files
};

} // namespace whisker
