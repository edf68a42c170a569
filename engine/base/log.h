#pragma once

#include <filesystem>
#include <string_view>

namespace whisker {

/// What a developer or a bug report wants to know; what a user must know travels as Result or as data. Any thread.
/// Before startLog() messages go nowhere.
enum class LogLevel { Info, Warning, Error };
void logMessage(LogLevel level, std::string_view message);

/// Appends to `file` (made with its folder; kept to 3 files of 1 MB) and, with `echo`, warnings and errors to stderr. A log that can't be
/// opened is no reason to stop: then only stderr is written.
void startLog(const std::filesystem::path &file, bool echo);

} // namespace whisker
