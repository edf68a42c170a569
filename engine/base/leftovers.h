#pragma once

#include <filesystem>

/// Temporary files beside the file that they are to become, and what is left of them when a program was killed or the power failed.
namespace whisker {

/// Names of temporary files begin so.
inline constexpr const char *kTemporaryPrefix = ".whisker-";

/// Marks the temporary file behind `descriptor` as in use for as long as that is open. False: it has been taken for a leftover and is gone; make another.
bool holdTemporary(int descriptor);

/// Removes temporary files in `folder` (not below it) that no program holds, and what SQLite has put beside them. Does what it can; any thread.
void removeLeftovers(const std::filesystem::path &folder);

/// Waits until the names in `folder` are on the disk. Failing is no error: some file systems don't know it.
void syncFolder(const std::filesystem::path &folder);

/// Makes `folder` and those above it that are missing, so that they survive a power cut; 0 or errno.
int makeFolders(const std::filesystem::path &folder);

} // namespace whisker
