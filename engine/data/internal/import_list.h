#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

/// A list of (file, label, split) in CSV or JSON, as rows; no file that it names is looked at.
namespace whisker {

struct ListRow {
    std::size_t number = 0; ///< Line of the text, or entry of a JSON array or object; from 1.
    std::string file{};     ///< As it is written; UTF-8.
    std::string label{};    ///< Empty: none.
    std::string split{};    ///< Empty: none.
    std::string group{};    ///< Empty: none.
    bool excluded = false;
    bool unsure = false;
    bool splitFixed = true; ///< The split is the list's own, not to be divided anew.
};

/// What is doubtful or can't be used in one row: a phrase.
struct ListDoubt {
    std::size_t number = 0;
    std::string phrase{};
};

struct ImportList {
    std::vector<ListRow> rows{};
    std::vector<ListDoubt> doubts{};
    std::string encoding{};    ///< Of the text, as iconv() calls it.
    const char *unit = "line"; ///< What number counts: "line" or "entry".
};

/// True for a name that ends in .csv, .tsv, .txt, .json, .jsonl or .ndjson, in any case.
bool isListName(const std::filesystem::path &file);

/// Reads a list. CSV: separated by comma, semicolon or tab; with a header, or else the columns file, label, split. JSON: an array of objects,
/// an object of file and label, or one object a line. Errors: as readFile(), and BadFormat (no text, not valid JSON, no rows).
Result<ImportList> readImportList(const std::filesystem::path &file);

/// What the name of a column or key means.
enum class ListColumn { None, File, Label, Split, Excluded, Unsure, Group, SplitFixed };
ListColumn listColumn(std::string_view name);

/// For columns that say yes or no.
bool meansYes(std::string_view text);

/// The JSON part of readImportList(): `text` is UTF-8.
Result<ImportList> readJsonList(const std::string &text, const std::filesystem::path &file);

} // namespace whisker
