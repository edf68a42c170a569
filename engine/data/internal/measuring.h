#pragma once

#include "engine/data/doctor.h"

#include <utility>

namespace whisker {

using NewContents = std::vector<std::pair<ContentHash, KnownContent>>;
/// Keeps what was just measured; on the thread of measureNew(). An Error ends the work.
using MeasureKeeper = std::function<Result<void>(const NewContents &)>;

struct MeasuringResult {
    std::size_t measured = 0;
    bool cancelled = false;
};

/// Reads each of `pictures` whose content is not in `known`, and adds it there; see diagnose(). `keep` (may be empty) gets all that is new, some hundred at
/// a time, also before a stop. Errors: those of `keep`.
Result<MeasuringResult> measureNew(std::span<DoctorPicture> pictures, KnownContents &known, std::size_t threads, const DoctorSink &onProgress,
                                   const MeasureKeeper &keep, std::stop_token stop);

} // namespace whisker
