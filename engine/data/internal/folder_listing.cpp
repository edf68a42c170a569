#include "engine/data/internal/folder_listing.h"

#include "engine/base/sentence.h"
#include "engine/image/decode.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <span>
#include <sys/stat.h>
#include <system_error>

namespace whisker {

namespace {

struct DirectoryCloser {
    void operator()(DIR *directory) const { ::closedir(directory); }
};

std::string whyNot(int reason)
{
    if (reason == EACCES || reason == EPERM)
        return "Permission denied: change its permissions to use it.";
    return "It can't be read: " + asClause(std::system_category().message(reason)) + ".";
}

mode_t kindOf(const std::filesystem::path &path, unsigned char hint, std::vector<SkippedFile> &skipped)
{
    if (hint == DT_REG)
        return S_IFREG;
    if (hint == DT_DIR)
        return S_IFDIR;
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0)
        return status.st_mode & S_IFMT;
    if (errno == ENOENT)
        skipped.push_back({path, "A link to something that isn't there any more. Restore that, or take the link out."});
    else if (errno == ELOOP)
        skipped.push_back({path, "A link that leads to itself."});
    else
        skipped.push_back({path, whyNot(errno)});
    return 0;
}

} // namespace

bool isIgnoredName(const std::string &name)
{
    constexpr std::array<std::string_view, 4> system = {"Thumbs.db", "ehthumbs.db", "desktop.ini", "__MACOSX"};
    if (name.empty() || name.front() == '.' || std::ranges::find(system, name) != system.end())
        return true;
    return name.ends_with(".whisker") || name.ends_with(".whisker-wal") || name.ends_with(".whisker-shm") ||
           name.ends_with(".whisker-lock");
}

std::optional<FolderListing> listFolder(const std::filesystem::path &folder, std::vector<SkippedFile> &skipped)
{
    const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir(folder.c_str()));
    if (!directory) {
        skipped.push_back({folder, whyNot(errno)});
        return std::nullopt;
    }
    FolderListing listing;
    bool holdsProject = false;
    while (const dirent *entry = ::readdir(directory.get())) {
        const std::string name = entry->d_name;
        holdsProject = holdsProject || name == "project.whisker";
        if (isIgnoredName(name))
            continue;
        const mode_t kind = kindOf(folder / name, entry->d_type, skipped);
        if (kind == S_IFREG)
            listing.files.push_back(name);
        else if (kind == S_IFDIR)
            listing.folders.push_back(name);
        else if (kind != 0)
            skipped.push_back({folder / name, "Neither a file nor a folder."});
    }
    if (holdsProject)
        std::erase(listing.folders, "runs"); // of the project itself
    std::ranges::sort(listing.files);
    std::ranges::sort(listing.folders);
    return listing;
}

std::optional<FolderIdentity> folderIdentity(const std::filesystem::path &folder)
{
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
        return std::nullopt;
    return FolderIdentity(status.st_dev, status.st_ino);
}

bool isWithin(const std::filesystem::path &path, const std::filesystem::path &folder)
{
    const std::string &text = path.native(), &start = folder.native();
    return text.starts_with(start) && (text.size() == start.size() || start.ends_with('/') || text[start.size()] == '/');
}

bool startsLikePicture(const std::filesystem::path &file)
{
    std::array<char, 32> head = {};
    std::ifstream stream(file, std::ios::binary);
    stream.read(head.data(), head.size());
    const auto bytes = std::as_bytes(std::span(head.data(), static_cast<std::size_t>(stream.gcount())));
    return sniffFileKind(bytes) != FileKind::Unknown;
}

} // namespace whisker
