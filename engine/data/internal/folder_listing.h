#pragma once

#include "engine/data/skipped_file.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace whisker {

/// What lies directly in a folder, names in byte order, hidden and system files left out.
struct FolderListing {
    std::vector<std::string> files{};
    std::vector<std::string> folders{};
};

/// Lists one folder; what can't be listed or is neither file nor folder goes to `skipped`. Nothing where the folder itself can't be.
std::optional<FolderListing> listFolder(const std::filesystem::path &folder, std::vector<SkippedFile> &skipped);

/// Files that systems and Whisker itself put beside pictures, and hidden ones: nobody wants to read of them.
bool isIgnoredName(const std::string &name);

using FolderIdentity = std::pair<dev_t, ino_t>;
/// What stays the same whatever links lead there; nothing where it can't be looked at.
std::optional<FolderIdentity> folderIdentity(const std::filesystem::path &folder);

/// True for `folder` and all below it. Both absolute and clean, as cleanPath() gives them.
bool isWithin(const std::filesystem::path &path, const std::filesystem::path &folder);

/// True if the first bytes of a file are those of a picture.
bool startsLikePicture(const std::filesystem::path &file);

} // namespace whisker
