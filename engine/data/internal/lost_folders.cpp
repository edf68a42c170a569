#include "engine/data/internal/lost_folders.h"

#include "engine/data/internal/folder_listing.h"

namespace whisker {

bool LostFolders::holds(const FoundFile &file) const
{
    for (const auto &[folder, count] : m_lost) {
        if (isWithin(*file.folder, folder))
            return true;
    }
    return false;
}

std::optional<std::filesystem::path> LostFolders::lostAbove(const FoundFile &file)
{
    for (const auto &[folder, count] : m_lost) {
        if (isWithin(*file.folder, folder))
            return folder;
    }
    std::optional<std::filesystem::path> lost;
    for (auto folder = *file.folder; folder.has_relative_path() && !folderIdentity(folder); folder = folder.parent_path())
        lost = folder;
    return lost;
}

void LostFolders::look(const FoundFile &file, ExaminedFile &examined)
{
    const bool wasTried = examined.done && examined.problem.empty();
    if (wasTried || (!examined.done && !holds(file)))
        return;
    if (const auto lost = lostAbove(file)) {
        ++m_lost[*lost];
        examined = {};
    }
}

std::vector<SkippedFile> LostFolders::skipped() const
{
    std::vector<SkippedFile> skipped;
    for (const auto &[folder, count] : m_lost)
        skipped.push_back({folder, "It went away while it was read, and " + std::to_string(count) + (count == 1 ? " file was" : " files were") +
                                       " left out: import it again when it is back. What came in before stays in."});
    return skipped;
}

} // namespace whisker
