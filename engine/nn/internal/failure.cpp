#include "engine/nn/internal/failure.h"

#include <c10/util/Exception.h>

namespace whisker::internal {

std::string reasonOf(const std::exception &problem)
{
    const auto *torchError = dynamic_cast<const c10::Error *>(&problem);
    const std::string text = torchError ? torchError->what_without_backtrace() : problem.what();
    return text.substr(0, text.find('\n'));
}

} // namespace whisker::internal
