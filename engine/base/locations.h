#pragma once

#include <filesystem>

namespace whisker {

/// Where Whisker keeps things, by the XDG Base Directory Specification 0.8; folders are not made by asking.
std::filesystem::path userDataFolder();   ///< Projects of the user: $XDG_DATA_HOME/whisker, else ~/.local/share/whisker.
std::filesystem::path userCacheFolder();  ///< What may be deleted at any time: $XDG_CACHE_HOME/whisker, else ~/.cache/whisker.

/// Read-only files that come with the program (weights/, datasets/): $WHISKER_RESOURCES, else share/whisker beside the folder of the program.
std::filesystem::path resourceFolder();

} // namespace whisker
