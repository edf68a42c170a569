#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace whisker {

/// `name` as a class may have it: composed UTF-8, blanks around it cut off. Errors: InvalidArgument (empty, longer than kLongestClassName,
/// control characters such as a line break in it).
Result<std::string> cleanClassName(std::string_view name);

/// The same for the name of a group.
Result<std::string> cleanGroupName(std::string_view name);

} // namespace whisker
