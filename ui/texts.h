#pragma once

#include <QString>
#include <chrono>
#include <filesystem>
#include <string_view>

namespace whisker {

/// A path for people: bytes that are no UTF-8 are replaced, so it can't always be turned back.
QString displayText(const std::filesystem::path &path);
QString fromUtf8(std::string_view text);
/// As Qt names files; keeps the bytes that the disk has wherever QFile does.
std::filesystem::path toPath(const QString &path);

/// `one` for a count of 1 ("1 picture"), else `many` with its %1 replaced by the number ("%1 pictures").
QString countText(qint64 count, const QString &one, const QString &many);

/// "a few seconds left", "about 40 s left", "about 2 min left".
QString timeLeftText(std::chrono::milliseconds left);

/// "412 MB", "1.9 GB"; of less than 10 MB with a decimal.
QString memoryText(qint64 bytes);

} // namespace whisker
