#include "engine/data/internal/scan.h"

#include "engine/base/unicode.h"
#include "engine/data/internal/folder_listing.h"
#include "engine/data/internal/scan_list.h"

#include <algorithm>
#include <map>
#include <set>

namespace whisker {

namespace {

/// A folder with what lies directly in it.
struct Folder {
    std::filesystem::path path;
    FolderListing listing;
};

class Scanner {
public:
    Scanner(std::stop_token stop, std::optional<FolderMeaning> meaning) : m_stop(std::move(stop)), m_meaning(meaning) {}

    void scan(std::span<const std::filesystem::path> paths);
    ScanResult result();

private:
    void allBelow(const Folder &folder);
    int classNumber(const std::string &name, const std::filesystem::path &parent);
    std::map<std::string, std::string> shownNames() const;
    void looseFile(const std::filesystem::path &file);
    void folderGiven(const Folder &folder, bool isOnlyOne);
    bool splitFoldersGiven(std::vector<Folder> &folders);
    void classFolders(const Folder &parent, std::optional<Split> split);
    void classFolder(const Folder &folder, std::optional<Split> split);
    void directFiles(const Folder &folder, int classIndex, std::optional<Split> split);
    void below(const Folder &folder, int classIndex, std::optional<Split> split, std::set<FolderIdentity> &seen);
    std::optional<Folder> opened(const std::filesystem::path &path);

    std::stop_token m_stop;
    std::optional<FolderMeaning> m_meaning;
    ScanResult m_result;
    std::map<std::string, int> m_classes;
    std::map<std::string, std::map<std::filesystem::path, std::set<std::string>>> m_places; // by nameKey(): where a class has its folders, and their names
};

/// The split folders among `folders`, if that is what they are: a folder named like a split that holds folders, or nothing but two or more folders
/// named like splits. A class may be called "train".
bool areSplitFolders(const std::vector<Folder> &folders)
{
    std::set<Split> splits;
    bool oneHoldsFolders = false;
    for (const auto &folder : folders) {
        const auto split = splitFromName(folder.path.filename().native());
        if (!split)
            continue;
        splits.insert(*split);
        oneHoldsFolders = oneHoldsFolders || !folder.listing.folders.empty();
    }
    const bool allAreNamedSo = std::ranges::all_of(
        folders, [](const Folder &folder) { return splitFromName(folder.path.filename().native()).has_value(); });
    return oneHoldsFolders || (allAreNamedSo && splits.size() >= 2);
}

std::optional<Folder> Scanner::opened(const std::filesystem::path &path)
{
    auto listing = listFolder(path, m_result.skipped);
    if (!listing)
        return std::nullopt;
    return Folder{path, std::move(*listing)};
}

void Scanner::scan(std::span<const std::filesystem::path> paths)
{
    std::vector<Folder> folders;
    std::size_t foldersGiven = 0;
    std::error_code failure;
    std::set<std::string> different;
    for (const auto &given : paths)
        different.insert(cleanPath(given).native());
    ListScanner lists(m_result, [this](const std::string &name) { return classNumber(name, {}); }, m_stop);
    for (const std::filesystem::path path : different) {
        if (!std::filesystem::is_directory(path, failure)) {
            if (isListName(path) && std::filesystem::is_regular_file(path, failure) && !startsLikePicture(path))
                lists.read(path);
            else
                looseFile(path);
            continue;
        }
        ++foldersGiven;
        if (auto folder = opened(path))
            folders.push_back(std::move(*folder));
    }
    lists.finish();
    if (m_meaning == FolderMeaning::Unlabelled) {
        for (const auto &folder : folders)
            allBelow(folder);
        return;
    }
    if (splitFoldersGiven(folders))
        return;
    for (const auto &folder : folders)
        folderGiven(folder, foldersGiven == 1 || m_meaning == FolderMeaning::ClassFolders);
}

void Scanner::allBelow(const Folder &folder)
{
    std::set<FolderIdentity> seen;
    if (const auto identity = folderIdentity(folder.path))
        seen.insert(*identity);
    below(folder, -1, std::nullopt, seen);
}

int Scanner::classNumber(const std::string &name, const std::filesystem::path &parent)
{
    const auto [place, isNew] = m_classes.try_emplace(composed(name), static_cast<int>(m_classes.size()));
    m_places[nameKey(name)][parent].insert(place->first);
    return place->second;
}

/// The name of the class for each name of a folder: "cat" for train/cat and val/Cat, but "A" and "a" where both lie beside each other.
std::map<std::string, std::string> Scanner::shownNames() const
{
    std::map<std::string, std::string> shown;
    for (const auto &[key, parents] : m_places) {
        const bool areSeveral = std::ranges::any_of(parents, [](const auto &parent) { return parent.second.size() > 1; });
        const std::string &first = *parents.begin()->second.begin();
        for (const auto &[parent, names] : parents) {
            for (const auto &name : names)
                shown.emplace(name, areSeveral ? name : first);
        }
    }
    return shown;
}

void Scanner::looseFile(const std::filesystem::path &file)
{
    std::error_code failure;
    if (!std::filesystem::exists(file, failure))
        m_result.skipped.push_back({file, "It isn't there: check the name."});
    else
        m_result.files.push_back({std::make_shared<const std::filesystem::path>(file.parent_path()), file.filename().native()});
}

void Scanner::folderGiven(const Folder &folder, bool isOnlyOne)
{
    std::vector<Folder> children;
    for (const auto &name : folder.listing.folders) {
        if (auto child = opened(folder.path / name))
            children.push_back(std::move(*child));
    }
    if (!children.empty() && splitFoldersGiven(children)) {
        directFiles(folder, -1, std::nullopt);
        return;
    }
    const bool isClass = !isOnlyOne && std::ranges::any_of(folder.listing.files, [&](const std::string &name) {
        return startsLikePicture(folder.path / name);
    });
    if (isClass) {
        classFolder(folder, std::nullopt);
        return;
    }
    if (isOnlyOne && children.empty() && !m_meaning)
        m_result.soleFolderName = composed(folder.path.filename().native());
    directFiles(folder, -1, std::nullopt);
    for (const auto &child : children)
        classFolder(child, std::nullopt);
}

bool Scanner::splitFoldersGiven(std::vector<Folder> &folders)
{
    if (!areSplitFolders(folders))
        return false;
    m_result.comesSplit = true;
    for (const auto &folder : folders) {
        if (const auto split = splitFromName(folder.path.filename().native()))
            classFolders(folder, split);
        else
            m_result.skipped.push_back({folder.path, "A folder beside train, validation and test. Move it into one of them to use it."});
    }
    return true;
}

void Scanner::classFolders(const Folder &parent, std::optional<Split> split)
{
    directFiles(parent, -1, split);
    for (const auto &name : parent.listing.folders) {
        if (const auto folder = opened(parent.path / name))
            classFolder(*folder, split);
    }
}

void Scanner::classFolder(const Folder &folder, std::optional<Split> split)
{
    const int classIndex = classNumber(folder.path.filename().native(), folder.path.parent_path());
    const std::size_t before = m_result.files.size();
    std::set<FolderIdentity> seen;
    if (const auto identity = folderIdentity(folder.path))
        seen.insert(*identity);
    below(folder, classIndex, split, seen);
    if (m_result.files.size() == before)
        m_result.skipped.push_back({folder.path, "A folder without pictures."});
}

void Scanner::directFiles(const Folder &folder, int classIndex, std::optional<Split> split)
{
    const auto path = std::make_shared<const std::filesystem::path>(folder.path);
    for (const auto &name : folder.listing.files)
        m_result.files.push_back({path, name, classIndex, split});
}

void Scanner::below(const Folder &folder, int classIndex, std::optional<Split> split, std::set<FolderIdentity> &seen)
{
    directFiles(folder, classIndex, split);
    for (const auto &name : folder.listing.folders) {
        const auto identity = folderIdentity(folder.path / name);
        if (m_stop.stop_requested() || !identity || !seen.insert(*identity).second)
            continue; // seen: a link to a folder that this class has already, perhaps one above it
        if (const auto child = opened(folder.path / name))
            below(*child, classIndex, split, seen);
    }
}

ScanResult Scanner::result()
{
    const auto shown = shownNames();
    std::map<std::string, int> numbers; // in byte order
    for (const auto &[name, index] : m_classes)
        numbers[shown.at(name)] = 0;
    for (auto &[name, number] : numbers) {
        number = static_cast<int>(m_result.classNames.size());
        m_result.classNames.push_back(name);
    }
    std::vector<int> newIndex(m_classes.size());
    for (const auto &[name, index] : m_classes)
        newIndex[static_cast<std::size_t>(index)] = numbers.at(shown.at(name));
    for (auto &file : m_result.files) {
        if (file.classIndex >= 0)
            file.classIndex = newIndex[static_cast<std::size_t>(file.classIndex)];
    }
    std::set<std::filesystem::path> told; // a folder may have been listed twice: to tell what it is, and as part of a class
    std::erase_if(m_result.skipped, [&](const SkippedFile &each) { return !told.insert(each.file).second; });
    return std::move(m_result);
}

} // namespace

std::filesystem::path cleanPath(const std::filesystem::path &path)
{
    std::error_code failure; // the working folder may be gone: then the path is as good as given
    auto clean = std::filesystem::absolute(path, failure).lexically_normal();
    if (failure)
        clean = path.lexically_normal();
    return clean.has_filename() ? clean : clean.parent_path();
}

ScanResult scanPaths(std::span<const std::filesystem::path> paths, std::stop_token stop, std::optional<FolderMeaning> meaning)
{
    Scanner scanner(std::move(stop), meaning);
    scanner.scan(paths);
    return scanner.result();
}

} // namespace whisker
