#pragma once

#include "ui/train/run_texts.h"

#include <QString>

namespace whisker {

/// Where a run comes from: "repeats the run of 13:58 quick", "continues the run of 13:58 quick"; where that is not among `names` "repeats a run that was deleted",
/// "continues an earlier model". Empty where it began from nothing.
QString originText(const RunSummary &run, const RunNames &names);

} // namespace whisker
