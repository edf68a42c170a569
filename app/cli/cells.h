#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whisker {

/// How many cells of a terminal `text` takes, in one line: letters of East Asia take two.
std::size_t cells(std::string_view text);

/// As much of the beginning of `text` as fits into `room` cells; no character is torn.
std::string_view beginning(std::string_view text, std::size_t room);

/// Lines of at most `room` cells, broken between words and where `text` breaks them.
std::string wrapped(const std::string &text, std::size_t room);

} // namespace whisker
