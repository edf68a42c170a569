#pragma once

#include "engine/base/result.h"
#include "engine/data/project_values.h"
#include "engine/data/watched_folders.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

namespace whisker {

class Project;

struct ImportOptions {
    std::optional<SplitShares> shares{}; ///< For pictures that do not come split. Nothing: as the project's rules say.
    std::optional<std::uint64_t> seed{}; ///< Of the division into splits. Nothing: the project's.
    /// Threads that read and hash; 0: as many as there are processors.
    std::size_t threads = 0;
    /// What given folders mean; nothing: found out by the rules of importFolders().
    std::optional<FolderMeaning> meaning{};
    /// Where set: only files for which it is true; then it is no error that none comes in. Called on importFolders()'s thread; must not throw.
    std::function<bool(const std::filesystem::path &)> wanted{};
};

struct ImportProgress {
    std::size_t done = 0;  ///< Files looked at.
    std::size_t found = 0; ///< Files to look at; 0 while folders are still being listed.
    std::chrono::milliseconds elapsed{};
    ProjectChange change{}; ///< What came in since the last report; apply it.

    /// Time left at the speed so far; nothing before there is one.
    std::optional<std::chrono::milliseconds> left() const;
};
using ImportSink = std::function<void(const ImportProgress &)>; ///< Called on importFolders()'s thread; quick; must not throw.

struct ImportReport {
    std::size_t added = 0;   ///< New pictures.
    std::size_t known = 0;   ///< Already in the project, unchanged.
    std::size_t updated = 0; ///< In the project, and changed on the disk or found again after a move; labels kept.
    std::vector<SkippedFile> skipped{}; ///< Of this import.
    bool cancelled = false;  ///< Stopped before its end; what is in stays in.
    std::chrono::milliseconds elapsed{};
};

/// Brings pictures into `project`. Files stay where they are. What `paths` may hold, also mixed:
/// - two or more folders: each that holds pictures directly is a class, others are folders of class folders;
/// - one folder of class folders; class folders are read with all folders below them;
/// - train/, val/ (valid/, validation/), test/ of class folders, or one folder with them: they keep their split;
/// - one folder of pictures: without label, unless a class has the folder's name;
/// - files: without label;
/// - lists (.csv, .tsv, .txt, .json, .jsonl, .ndjson) of file, label and, if wanted, split, excluded, unsure, group: CSV by RFC 4180 with comma, semicolon or
///   tab and with or without a header; a JSON array of objects, an object of file and label, or one object a line. UTF-8, UTF-16, Windows-1252 or
///   Latin-1. Relative paths start at the list's folder; backslashes may divide them. A file under two labels is left out.
/// A class folder joins the class of its name, in either case and however its accents are written; so do folders of one import but those that lie beside each
/// other and differ in case. A picture whose path is known is not added again; a file with the bytes of a picture that is gone from its place is that
/// picture, moved.
///
/// The whole import is one entry of the journal. Pictures appear in `onProgress` in batches, the first within about 100 ms of the end of the listing.
/// Splits that do not come with the folders are given at the end (also after Cancel). A killed import leaves what was reported.
/// Errors: as Project, and InvalidArgument (nothing in `paths` is a picture; the sentence names the first). Blocks; a worker thread.
Result<ImportReport> importFolders(Project &project, std::span<const std::filesystem::path> paths,
                                   const ImportOptions &options, const ImportSink &onProgress, std::stop_token stop);

} // namespace whisker
