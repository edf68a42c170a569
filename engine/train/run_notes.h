#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace whisker {

/// What a person notes about a run: plain text in its folder, in UTF-8.
inline constexpr const char *kNoteFile = "note.txt";
inline constexpr std::size_t kMostNoteBytes = 4000;

/// The note of the run in `runFolder`; empty where there is none. Bytes that are no UTF-8 become U+FFFD, of a file that somebody made longer than
/// kMostNoteBytes its beginning is read. A note that can't be read counts as none: it is no reason to hide a run.
std::string readRunNote(const std::filesystem::path &runFolder);

/// Whole or not at all; an empty or blank one takes the file away. What it begins and ends with of white space is left out.
/// Errors: InvalidArgument (longer than kMostNoteBytes; no folder of a run), PermissionDenied, NoSpace; each names the file.
Result<void> writeRunNote(const std::filesystem::path &runFolder, std::string_view note);

} // namespace whisker
