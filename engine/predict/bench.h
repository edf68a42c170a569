#pragma once

#include "engine/base/result.h"
#include "engine/nn/device.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

struct BenchOptions {
    std::vector<int> batches{1, 8, 32};                                                ///< Each 1..4096.
    std::vector<Precision> precisions{Precision::Float32, Precision::BFloat16};
    std::string device = "auto"; ///< As chooseDevice() takes it.
    int threads = 0;             ///< 0: all processors this process may use.
    double windowSeconds = 1.0;  ///< Length of a measurement, > 0.
    int windows = 3;             ///< The best of so many counts, >= 1.
};

struct BenchRow {
    std::string model{};         ///< As it was asked for.
    int batch = 0;
    Precision precision = Precision::Float32;
    double milliseconds = 0.0;   ///< A batch, from 8-bit pixels in memory to logits.
    double imagesPerSecond = 0.0;
};

/// Times the network alone on made-up pixels. `model`: a model file, or the name of an architecture (with its pretrained weights, else random ones: they cost the
/// same). A row for each precision and batch, in that order; a precision that the machine doesn't have is left out where another is asked for too.
/// `onRow` is called on this thread after each. Blocks; `stop` is looked at between windows.
/// Errors: as readModel(), InvalidArgument (neither a file nor an architecture, a batch out of range), Unsupported, Cancelled. Never throws.
Result<std::vector<BenchRow>> benchmark(const std::string &model, const BenchOptions &options = {},
                                        const std::function<void(const BenchRow &)> &onRow = {}, std::stop_token stop = {});

} // namespace whisker
