#pragma once

#include <exception>
#include <string>

namespace whisker::internal {

/// What LibTorch says went wrong: its first line, without the trace of calls that it appends.
std::string reasonOf(const std::exception &problem);

} // namespace whisker::internal
