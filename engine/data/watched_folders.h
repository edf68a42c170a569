#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
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

/// A picture that the project doesn't know, or that has changed since it was read.
struct NewFile {
    std::filesystem::path file;
    std::int64_t bytes = 0;
    std::int64_t modifiedNs = 0; ///< Nanoseconds since 1970.

    bool operator==(const NewFile &) const = default;
};

struct FolderLook {
    bool isThere = false;                         ///< Else the rest is empty.
    std::vector<NewFile> files{};                 ///< By path. Only what begins like a picture; it may still be in the middle of being written.
    std::vector<std::filesystem::path> folders{}; ///< It and all below it.
    bool mayGrow = false;                         ///< There is a file, a minute old at most, that isn't the beginning of a picture yet: look again soon.
};

/// Looks what is new in a watched folder, without reading pictures. What an undone import had brought counts as known: it is not to come again.
/// Errors: as Project; Cancelled. Blocks; a worker thread.
Result<FolderLook> lookInto(const Project &project, const WatchedFolder &folder, std::stop_token stop = {});

} // namespace whisker
