#pragma once

#include "engine/data/internal/database.h"

#include <set>
#include <span>

/// Rows of a project file as values. All with the store's mutex held; they throw what SQLite throws.
namespace whisker {

/// Rows that a change has touched, to be told to the window.
struct TouchedRows {
    std::set<ImageId> images{};
    bool classes = false;
    bool skipped = false;
    std::set<std::string> settings{};
};

std::string hashToBlob(const ContentHash &hash); ///< 16 bytes, most significant first.
ContentHash hashFromBlob(const SQLite::Column &column);
void bindHash(SQLite::Statement &statement, int index, const ContentHash &hash);

std::vector<ImageRecord> readImages(ProjectStore &store); ///< All that are in the project, by id.
std::vector<ClassRecord> readClasses(ProjectStore &store);
std::vector<SkippedFile> readSkipped(ProjectStore &store);
std::map<std::string, std::string> readSettings(ProjectStore &store);
void writeSetting(ProjectStore &store, const std::string &key, const std::string &value);
HistoryState readHistory(ProjectStore &store);

/// The row of a folder (absolute); added where it is new.
std::int64_t folderRow(ProjectStore &store, const std::filesystem::path &folder);

/// The new values of what was touched.
ProjectChange changeOf(ProjectStore &store, std::string words, const TouchedRows &touched);

} // namespace whisker
