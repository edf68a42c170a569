#pragma once

#include "engine/data/internal/examine.h"

#include <map>
#include <optional>

namespace whisker {

/// Folders that go away or can't be read any more while an import reads them (a network that fails, a disk that is pulled out): one sentence for each in place
/// of one for every file, and the project's pictures in them are left as they are. One thread, but for holds() while nobody calls look().
class LostFolders {
public:
    /// In a folder that has been lost before: there is no use in trying it.
    bool holds(const FoundFile &file) const;
    /// Takes an examined file back (`examined` as if never done) where its folder is gone, or the disk or the network failed.
    void look(const FoundFile &file, ExaminedFile &examined);
    /// The folders, with how many files were not read, and single files that could not be read.
    std::vector<SkippedFile> skipped() const;

private:
    struct Lost {
        std::size_t files = 0;
        bool isThere = false; ///< It can still be looked at, but its files can't be read.
    };

    void fail(const FoundFile &file, const std::string &problem);
    /// The topmost folder above `file` that is gone; nothing where its folder is there.
    std::optional<std::filesystem::path> lostAbove(const FoundFile &file);

    std::map<std::filesystem::path, Lost> m_lost;
    std::vector<SkippedFile> m_single;  // could not be read, though others in their folder could
    std::vector<SkippedFile> m_inARow;  // could not be read, and none since
    std::filesystem::path m_allOfThem;  // the folder of those in a row, and of such that led to a folder's loss just before
};

} // namespace whisker
