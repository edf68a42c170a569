#pragma once

#include "engine/train/run_folder.h"

#include <QDateTime>
#include <QString>
#include <filesystem>
#include <vector>

namespace whisker {

/// When a run began, as one speaks of it at `now`: "13:58".
QString momentOf(const RunReceipt &receipt, const QDateTime &now);

/// "continues the run of 13:58"; "continues an earlier model" where its run is not among `runs`; empty where `startModel` is.
QString continuesText(const std::filesystem::path &startModel, const std::vector<RunSummary> &runs, const QDateTime &now);

/// "repeats the run of 13:58"; "repeats a run that was deleted" where it is not among `runs`; empty where `original` is.
QString repeatsText(const std::filesystem::path &original, const std::vector<RunSummary> &runs, const QDateTime &now);

/// "CPU, 2 threads, continues the run of 13:58": either may be empty.
QString joined(const QString &detail, const QString &continued);

} // namespace whisker
