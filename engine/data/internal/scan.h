#pragma once

#include "engine/data/skipped_file.h"
#include "engine/data/splits.h"
#include "engine/data/watched_folders.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

/// Which files there are, and what their folders, or a list, say of them. Names only: no file is opened but lists, and to tell pictures from other files
/// directly in a dropped folder. Never fails: what can't be listed is in `skipped`.
namespace whisker {

/// What only a list says of a file.
struct ListMarks {
    bool excluded = false;
    bool unsure = false;
    bool splitFixed = true; ///< False: its split was divided by shares and may be again.
    std::string group{};    ///< Empty: none.
};

struct FoundFile {
    std::shared_ptr<const std::filesystem::path> folder; ///< Absolute.
    std::string name;
    int classIndex = -1; ///< Into ScanResult::classNames; -1: the folders say nothing.
    std::optional<Split> split{};
    std::shared_ptr<const ListMarks> marks{}; ///< Null: no list has named it.

    std::filesystem::path path() const { return *folder / name; }
};

struct ScanResult {
    std::vector<FoundFile> files{};        ///< Folder by folder, in byte order; what lists name comes first, in their order.
    std::vector<std::string> classNames{}; ///< Of class folders and lists, as composed UTF-8; each once, in byte order. Two that are equal but for case lie beside each other.
    std::vector<SkippedFile> skipped{};
    /// The name of the one folder of pictures that was given: a label if there is a class of that name.
    std::optional<std::string> soleFolderName{};
    bool comesSplit = false;
};

/// Absolute, without "." and ".." and a slash at the end; links are kept.
std::filesystem::path cleanPath(const std::filesystem::path &path);

/// Lists what `paths` hold by the rules of importFolders(). Links are followed; one that leads back into a folder above it ends there.
ScanResult scanPaths(std::span<const std::filesystem::path> paths, std::stop_token stop, std::optional<FolderMeaning> meaning = {});

} // namespace whisker
