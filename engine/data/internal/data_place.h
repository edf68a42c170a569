#pragma once

#include "engine/base/result.h"

namespace whisker {

/// What the DATA of a command is.
struct DataPlace {
    std::filesystem::path path{}; ///< As cleanPath() gives it.
    bool isProject = false;       ///< A project file, or a folder with one; else a folder.
};

/// Errors: NotFound, PermissionDenied, BadFormat (a file that is no project).
Result<DataPlace> dataPlace(const std::filesystem::path &data);

} // namespace whisker
