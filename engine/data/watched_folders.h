#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

/// Folders whose new pictures come into the project by themselves. The project keeps which; who watches them (the window) imports what is new.
namespace whisker {

class Project;

/// The numbers stand in project files.
enum class FolderMeaning : std::uint8_t {
    ClassFolders = 0, ///< Its sub-folders are classes (or train/, val/, test/ of classes); pictures directly in it are without label.
    Unlabelled = 1,   ///< All pictures in it and below are without label.
};

struct WatchedFolder {
    std::filesystem::path folder; ///< Absolute; it need not be there now.
    FolderMeaning meaning = FolderMeaning::ClassFolders;

    bool operator==(const WatchedFolder &) const = default;
};

/// By path. Errors: as Project.
Result<std::vector<WatchedFolder>> watchedFolders(const Project &project);
/// Adds a folder, or gives one that is watched already another meaning; not in the journal. Errors: as Project, and InvalidArgument (no folder is there; it is
/// in a watched one, or holds one).
Result<void> watchFolder(Project &project, const WatchedFolder &folder);
/// One that isn't watched: nothing is done.
Result<void> unwatchFolder(Project &project, const std::filesystem::path &folder);

} // namespace whisker
