#pragma once

#include <filesystem>

namespace whisker::internal {

/// Marks an open file as in use until it is closed, also by the end of the process: a write lock of the open file description. False where another has it.
/// True on file systems without locks.
bool hold(int descriptor);
/// Whether someone, this process included, holds the file.
bool isHeld(const std::filesystem::path &file);

} // namespace whisker::internal
