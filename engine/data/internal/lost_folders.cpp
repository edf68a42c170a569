#include "engine/data/internal/lost_folders.h"

#include "engine/data/internal/folder_listing.h"

#include <algorithm>
#include <utility>

namespace whisker {

namespace {

/// One bad file says nothing of its folder; so many in a row do.
constexpr std::size_t kMostFailures = 8;

std::filesystem::path commonFolder(std::filesystem::path folder, const std::filesystem::path &other)
{
    while (folder.has_relative_path() && !isWithin(other, folder))
        folder = folder.parent_path();
    return folder;
}

} // namespace

bool LostFolders::holds(const FoundFile &file) const
{
    return std::ranges::any_of(m_lost, [&](const auto &lost) { return isWithin(*file.folder, lost.first); });
}

std::optional<std::filesystem::path> LostFolders::lostAbove(const FoundFile &file)
{
    for (const auto &[folder, lost] : m_lost) {
        if (isWithin(*file.folder, folder))
            return folder;
    }
    std::optional<std::filesystem::path> gone;
    for (auto folder = *file.folder; folder.has_relative_path() && !folderIdentity(folder); folder = folder.parent_path())
        gone = folder;
    return gone;
}

void LostFolders::look(const FoundFile &file, ExaminedFile &examined)
{
    if (examined.done && examined.problem.empty()) {
        std::ranges::move(std::exchange(m_inARow, {}), std::back_inserter(m_single));
        m_allOfThem.clear();
        return;
    }
    if (!examined.done && !holds(file))
        return;
    if (const auto lost = lostAbove(file))
        ++m_lost[*lost].files;
    else if (examined.cantRead)
        fail(file, examined.problem);
    else
        return;
    examined = {};
}

void LostFolders::fail(const FoundFile &file, const std::string &problem)
{
    m_inARow.push_back({file.path(), problem});
    m_allOfThem = m_allOfThem.empty() ? *file.folder : commonFolder(m_allOfThem, *file.folder);
    if (m_inARow.size() < kMostFailures || !m_allOfThem.has_relative_path())
        return;
    Lost all{std::exchange(m_inARow, {}).size(), true};
    std::erase_if(m_lost, [&](const auto &lost) {
        const bool isPart = isWithin(lost.first, m_allOfThem);
        all.files += isPart ? lost.second.files : 0;
        return isPart;
    });
    m_lost[m_allOfThem] = all;
}

std::vector<SkippedFile> LostFolders::skipped() const
{
    std::vector<SkippedFile> skipped = m_single;
    skipped.insert(skipped.end(), m_inARow.begin(), m_inARow.end());
    for (const auto &[folder, lost] : m_lost)
        skipped.push_back({folder, std::string(lost.isThere ? "Its disk or network failed" : "It went away") + " while it was read, and " +
                                       std::to_string(lost.files) + (lost.files == 1 ? " file was" : " files were") +
                                       " left out: import it again when it is back. What came in before stays in."});
    return skipped;
}

} // namespace whisker
