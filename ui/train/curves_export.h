#pragma once

#include "engine/base/result.h"
#include "engine/train/metric_point.h"

#include <QImage>
#include <filesystem>
#include <string>
#include <vector>

namespace whisker {

/// The curves of one run, for a table.
struct NamedCurves {
    std::string run; ///< What its rows are named.
    std::vector<MetricPoint> points;
};

/// "run,series,step,epoch,value" and a row for each point, in the order given; numbers as they can be read back bit for bit.
std::string curvesCsv(const std::vector<NamedCurves> &curves);

/// Writes a PNG whole or not at all. Errors: of AtomicFile; Internal where the picture can't be made. Any thread.
Result<void> writePng(const std::filesystem::path &file, const QImage &picture);

} // namespace whisker
