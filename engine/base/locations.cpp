#include "engine/base/locations.h"

#include <cstdlib>
#include <system_error>

namespace whisker {

namespace {

std::filesystem::path xdgFolder(const char *variable, const char *belowHome)
{
    const char *folder = std::getenv(variable);
    if (folder && folder[0] == '/') // the specification: a relative path is to be ignored
        return std::filesystem::path(folder) / "whisker";
    const char *home = std::getenv("HOME");
    return (home ? std::filesystem::path(home) : std::filesystem::temp_directory_path()) / belowHome / "whisker";
}

} // namespace

std::filesystem::path userDataFolder()
{
    return xdgFolder("XDG_DATA_HOME", ".local/share");
}

std::filesystem::path userCacheFolder()
{
    return xdgFolder("XDG_CACHE_HOME", ".cache");
}

std::filesystem::path resourceFolder()
{
    if (const char *folder = std::getenv("WHISKER_RESOURCES"); folder && *folder)
        return folder;
    std::error_code ignored; // without /proc the relative folder is as good a guess as any
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path().parent_path() / "share" / "whisker";
}

} // namespace whisker
