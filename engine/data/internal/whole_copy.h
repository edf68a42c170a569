#pragma once

#include "engine/base/result.h"
#include "engine/data/export.h"

#include <stop_token>

namespace whisker {

enum class CopyOutcome {
    Done,
    Stopped,      ///< Nothing is left of it.
    SourceFailed, ///< The source can't be read: `reason` says why. Nothing is left of it.
};
struct CopyResult {
    CopyOutcome outcome = CopyOutcome::Done;
    std::string reason{}; ///< A sentence.
};

/// Puts `source` at `target`: it appears there whole, and never in place of something else. Keeps the time of its last change.
/// Errors: NoSpace, PermissionDenied, NotFound (of the target's folder), InvalidArgument (there is something at `target`), Unsupported (no such links there).
Result<CopyResult> putFile(const std::filesystem::path &source, const std::filesystem::path &target, ExportAs as, std::stop_token stop);

} // namespace whisker
