#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace whisker {

/// `name` as a class may have it: UTF-8, blanks around it cut off. Errors: InvalidArgument (empty, longer than kLongestClassName,
/// control characters such as a line break in it).
Result<std::string> cleanClassName(std::string_view name);

/// The same for the name of a group.
Result<std::string> cleanGroupName(std::string_view name);

/// `name` in lower case, for names that must differ by more than case. Letters of all scripts that have one-to-one lower case.
std::string lowerCase(std::string_view name);

} // namespace whisker
