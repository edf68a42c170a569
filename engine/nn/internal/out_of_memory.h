#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string_view>

namespace whisker::internal {

/// Did LibTorch, oneDNN or the C++ library fail for want of memory, on whichever device?
inline bool isOutOfMemory(const std::exception &exception)
{
    if (dynamic_cast<const std::bad_alloc *>(&exception) != nullptr || dynamic_cast<const c10::OutOfMemoryError *>(&exception) != nullptr)
        return true;
    const std::string_view text = exception.what(); // the CPU's allocator and oneDNN have no type for it
    return text.find("can't allocate memory") != std::string_view::npos || text.find("not enough memory") != std::string_view::npos ||
           text.find("out of memory") != std::string_view::npos;
}

} // namespace whisker::internal
