#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace whisker {

/// `path` as UTF-8 for people and JSON; bytes that are no UTF-8 become U+FFFD, so it can't always be turned back.
std::string pathText(const std::filesystem::path &path);

/// `text` with every byte that is no part of valid UTF-8 replaced by U+FFFD.
std::string validUtf8(std::string_view text);

} // namespace whisker
