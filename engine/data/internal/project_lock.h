#pragma once

#include "engine/base/result.h"

namespace whisker {

/// Says that one program has a project open for writing: a lock on a file beside it, project.whisker-lock, which the system lets go when the program ends,
/// however it ends. A lock file that is left behind by a killed program locks nothing.
class ProjectLock {
public:
    ProjectLock() = default; ///< Holds nothing.
    ProjectLock(ProjectLock &&other) noexcept;
    ProjectLock &operator=(ProjectLock &&other) noexcept;
    ~ProjectLock();

    /// Errors: InUse (another has it, also in this program). Where the disk knows no locks (some network folders) or has no room for the file, it holds
    /// nothing: then SQLite's own locks keep each change whole, and two windows just don't know of each other.
    static Result<ProjectLock> take(const std::filesystem::path &project);

private:
    ProjectLock(int descriptor, std::filesystem::path file) : m_descriptor(descriptor), m_file(std::move(file)) {}
    int m_descriptor = -1;
    std::filesystem::path m_file{};
};

} // namespace whisker
