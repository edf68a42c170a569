#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace whisker {

/// `sentence` as it goes on after a colon: "The file is empty." gives "the file is empty.". A name or an abbreviation ("JPEG ...", "I ...") at its beginning
/// stays as it is.
std::string asClause(std::string_view sentence);

/// "cat", "cat and dog", "cat, dog and fox".
std::string listed(const std::vector<std::string> &words);

} // namespace whisker
