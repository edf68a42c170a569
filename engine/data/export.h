#pragma once

#include "engine/base/result.h"
#include "engine/data/skipped_file.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace whisker {

class Project;

/// Writes the labels of all pictures as CSV, which importFolders() reads again without loss: columns file, label, split, excluded, unsure, group; RFC 4180 with CRLF,
/// UTF-8 without BOM. Paths are relative where a picture lies in or below the folder of `csv`, else absolute; one that is no UTF-8 is a file URI
/// (RFC 8089). No label, no split: an empty field; excluded and unsure are "yes" or empty. Replaces `csv` whole or not at all.
/// Gives the number of rows. Errors: as Project, and NotFound, PermissionDenied, NoSpace of `csv`. Blocks; any thread.
Result<std::size_t> exportLabels(const Project &project, const std::filesystem::path &csv);

enum class ExportAs {
    Copies,        ///< Independent of the pictures; takes their room on the disk again.
    HardLinks,     ///< A second name of the same file: no room, on the same disk alone.
    SymbolicLinks, ///< Points to the picture where it is now: no room, breaks when that moves.
};

struct ExportOptions {
    ExportAs as = ExportAs::Copies;
    bool splits = false; ///< train/, validation/ and test/ above the class folders.
};

struct ExportProgress {
    std::size_t done = 0;  ///< Pictures.
    std::size_t found = 0; ///< Pictures to export.
    std::chrono::milliseconds elapsed{};

    /// Time left at the speed so far; nothing before there is one.
    std::optional<std::chrono::milliseconds> left() const;
};
using ExportSink = std::function<void(const ExportProgress &)>; ///< Called on exportPictures()'s thread, up to ten times a second; must not throw.

struct ExportReport {
    std::size_t exported = 0;
    std::size_t unlabelled = 0; ///< Left out: they have no label (or no split, where splits are wanted).
    std::size_t excluded = 0;   ///< Left out: the project excludes them.
    std::vector<SkippedFile> skipped{}; ///< Left out: missing, unreadable.
    std::vector<std::pair<std::string, std::string>> renamedClasses{}; ///< Class and its folder, where the name is no name for a folder.
    bool cancelled = false;     ///< Stopped before its end; what is there is whole.
    std::chrono::milliseconds elapsed{};
};

/// Lays the labelled pictures that are in use out as class folders in `folder`, which is made, or is empty. The project's own files are only read.
/// Names of folders are fit for Linux, Windows and macOS: what these forbid becomes "_", reserved names get one behind, long ones are cut; names that clash,
/// also but for case, get " (2)", " (3)" ... Every file appears under its name only when it is whole; nothing is ever overwritten.
/// Errors: as Project, and InvalidArgument (`folder` holds something, or there is nothing to export), NoSpace (also when the copies will not fit: then nothing
/// is written), PermissionDenied, Unsupported (the disk knows no such links). After an Error or Cancel, what was exported stays. Blocks; a worker thread.
Result<ExportReport> exportPictures(const Project &project, const std::filesystem::path &folder, const ExportOptions &options,
                                    const ExportSink &onProgress, std::stop_token stop);

} // namespace whisker
