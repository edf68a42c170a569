#pragma once

#include <string>
#include <string_view>

namespace whisker {

/// `field` as RFC 4180 writes it: in quotation marks where it needs them (also where it begins or ends with a blank).
std::string csvField(std::string_view field);

} // namespace whisker
