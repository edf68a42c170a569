#pragma once

#include "engine/train/run_folder.h"

#include <QDateTime>
#include <QString>
#include <vector>

namespace whisker {

/// Where a run comes from: "repeats the run of 13:58 quick", "continues the run of 13:58 quick"; where that is not among `runs` "repeats a run that was deleted", "continues an
/// earlier model". Empty where it began from nothing.
QString originText(const RunSummary &run, const std::vector<RunSummary> &runs, const QDateTime &now);

/// "CPU, 2 threads, continues the run of 13:58 quick": either may be empty.
QString joined(const QString &detail, const QString &origin);

} // namespace whisker
