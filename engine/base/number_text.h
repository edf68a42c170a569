#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whisker {

/// "12,000": for people, in English whatever the locale, for words that are kept.
std::string countText(std::size_t count);
/// "1 picture", "12,000 pictures"; `word` takes an s for more.
std::string countText(std::size_t count, std::string_view word);

} // namespace whisker
