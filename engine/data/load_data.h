#pragma once

#include "engine/data/skipped_file.h"
#include "engine/data/snapshot.h"

#include <cstdint>
#include <stop_token>

namespace whisker {

enum class DataPurpose {
    Training,  ///< What checkTrainable() refuses is an error.
    Measuring, ///< One class, or one picture, is enough.
};

struct LoadOptions {
    DataPurpose purpose = DataPurpose::Training;
    SplitShares shares{};   ///< For folders that do not come split.
    std::uint64_t seed = 0; ///< Of the division into splits; the same seed divides the same pictures alike.
};

struct LoadedData {
    Snapshot snapshot;
    std::vector<SkippedFile> skipped{}; ///< What lies there and could not be used, by file.
};

/// The DATA of the command line: a project file, a folder with a project in it, a folder of class folders, or a folder with train/, val/ (valid/,
/// validation/), test/ of class folders. Folders are read without making a project: classes in byte order of their folders' names, each file hashed and
/// its header read, on all processors. A folder that comes split stays so; without validation a fifth of train is cut off for it.
/// Errors: NotFound, PermissionDenied, BadFormat and NewerVersion (of a project), InvalidArgument (no picture, no class folders, or checkTrainable()),
/// Cancelled. Blocks; any thread.
Result<LoadedData> loadData(const std::filesystem::path &data, const LoadOptions &options = {}, std::stop_token stop = {});

} // namespace whisker
