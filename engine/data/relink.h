#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

/// Pictures that are gone from their place: which they are, and finding them again by their content. Where a file is, is a fact and no change of the user's:
/// the journal leaves it, and labels, splits and history stay.
namespace whisker {

class Project;

/// Looks where every picture should be: those gone become Missing, and those Missing that are back are read and become what they are now. No other is opened.
/// The change has what is new.
/// 25,000 pictures: about 0.1 s on a local disk. Errors: as Project; Cancelled (nothing is written). Blocks; a worker thread.
Result<ProjectChange> checkPlaces(Project &project, std::stop_token stop = {});

struct RelinkProgress {
    std::size_t done = 0;   ///< Files compared.
    std::size_t found = 0;  ///< Files to compare: those with the size of a missing picture; 0 while folders are still being listed.
    std::size_t relinked = 0;
    std::chrono::milliseconds elapsed{};
    ProjectChange change{}; ///< What was found since the last report; apply it.

    /// Time left at the speed so far; nothing before there is one.
    std::optional<std::chrono::milliseconds> left() const;
};
using RelinkSink = std::function<void(const RelinkProgress &)>; ///< Called on relink()'s thread; quick; must not throw.

struct RelinkReport {
    std::size_t relinked = 0;           ///< Missing pictures found again.
    std::vector<SkippedFile> missing{}; ///< Still missing: where each was, and why that is not to be found here.
    std::vector<SkippedFile> skipped{}; ///< What could not be looked into.
    bool cancelled = false;             ///< Stopped before its end; what was found stays found.
    std::chrono::milliseconds elapsed{};
};

/// Looks for the missing pictures of `project` in `folder` and all folders below it. Only files with the size of a missing picture are read. Of several
/// with the same content the one with the old name is taken, then one in a folder of the old name; each file once; never one that the project has already.
/// Begins with checkPlaces(). Errors: as Project, and NotFound, PermissionDenied (of `folder`). Blocks; a worker thread.
Result<RelinkReport> relink(Project &project, const std::filesystem::path &folder, const RelinkSink &onProgress, std::stop_token stop);

/// The same for folders that were renamed where they are: looks beside each folder that is gone (or the one above it that is) for one that holds files of
/// the same names and sizes, and only into those. Takes the project's word for which pictures
/// are missing: after refreshFiles() or checkPlaces(), so that no file is looked at twice. Cheap: may be done whenever a project is opened.
Result<RelinkReport> relinkRenamed(Project &project, const RelinkSink &onProgress, std::stop_token stop);

} // namespace whisker
