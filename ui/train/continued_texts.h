#pragma once

#include "engine/train/run_folder.h"

#include <QDateTime>
#include <QString>
#include <vector>

namespace whisker {

/// When a run began, as one speaks of it at `now`: "13:58".
QString momentOf(const RunReceipt &receipt, const QDateTime &now);

/// Where a run comes from: "repeats the run of 13:58", "continues the run of 13:58"; where that is not among `runs` "repeats a run that was deleted", "continues an
/// earlier model". Empty where it began from nothing.
QString originText(const RunSummary &run, const std::vector<RunSummary> &runs, const QDateTime &now);

/// "CPU, 2 threads, continues the run of 13:58": either may be empty.
QString joined(const QString &detail, const QString &origin);

} // namespace whisker
