#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>

namespace whisker {

class Project;

struct RefreshOptions {
    std::size_t threads = 0; ///< That look at files; 0: as many as there are processors.
};

struct RefreshProgress {
    std::size_t done = 0;  ///< Pictures looked at.
    std::size_t found = 0; ///< Pictures of the project.
    ProjectChange change{}; ///< What was found since the last report; apply it. Without words.
};
using RefreshSink = std::function<void(const RefreshProgress &)>; ///< Called on refreshFiles()'s thread, only where something was found; quick; must not throw.

struct RefreshReport {
    std::size_t changed = 0;    ///< Files with other bytes than before: hashed anew, their labels kept.
    std::size_t missing = 0;    ///< Gone since they were last looked at.
    std::size_t back = 0;       ///< Missing before, and there again.
    bool cancelled = false;
    std::chrono::milliseconds elapsed{};
};

/// Looks at the file of every picture of `project` (size and time of change; a file where these differ is read) and writes down what it finds: facts, not in
/// the journal. 25,000 files on a local disk: a fraction of a second. In batches: what was found before a stop stays. Errors: as Project. Blocks; a worker
/// thread. A project that is open for reading fails with PermissionDenied only where there is something to write.
Result<RefreshReport> refreshFiles(Project &project, const RefreshOptions &options, const RefreshSink &onProgress, std::stop_token stop);

} // namespace whisker
