#pragma once

#include "engine/base/result.h"
#include "engine/data/skipped_file.h"
#include "engine/data/snapshot.h"
#include "engine/nn/device.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

struct EvaluateOptions {
    std::optional<Split> split{};  ///< Nothing: all pictures.
    Precision precision = Precision::Automatic;
    std::string device = "auto";   ///< As chooseDevice() takes it.
    int threads = 0;               ///< 0: all processors this process may use.
};

/// Of one class. Where a denominator is 0 the value is 0.
struct ClassScore {
    std::string name{};
    double precision = 0.0; ///< Right among those answered with this class.
    double recall = 0.0;    ///< Right among those that are of this class.
    double f1 = 0.0;        ///< Harmonic mean of the two.
    std::size_t support = 0; ///< Pictures of this class.
};

struct Evaluation {
    std::size_t images = 0;                            ///< That were answered for.
    std::size_t correct = 0;
    double accuracy = 0.0;
    double loss = 0.0;                                 ///< Mean cross-entropy in nats.
    double ece = 0.0;                                  ///< Expected calibration error, see expectedCalibrationError().
    double seconds = 0.0;
    std::vector<std::string> classes{};                ///< Of the model, in its order.
    std::vector<std::vector<std::size_t>> confusion{}; ///< [truth][answer], counts, both in the order of classes.
    std::vector<ClassScore> perClass{};                ///< In the order of classes.
    std::vector<SkippedFile> skipped{};
};

/// Pictures done and in all; on the thread of evaluate(), quick, must not throw.
using EvaluateSink = std::function<void(std::size_t done, std::size_t total)>;

/// Answers for the pictures of a split with the model in `modelFile` and compares with their labels; classes are matched by name, in any order.
/// Blocks; `stop` is looked at between batches. An unreadable picture is skipped and listed.
/// Errors: as Predictor::load(); InvalidArgument (no picture in that split, a class that the model doesn't know), Unreadable (no picture could be read),
/// Cancelled. Never throws.
Result<Evaluation> evaluate(const std::filesystem::path &modelFile, const Snapshot &snapshot, const EvaluateOptions &options = {},
                            const EvaluateSink &sink = {}, std::stop_token stop = {});

/// Mean distance between confidence and accuracy over `bins` equal-width bins of the confidence, weighted by their share (Guo et al., "On Calibration of
/// Modern Neural Networks", 2017, equation 3). Bins are (low, high], 0 belongs to the first. Empty: 0. Precondition: same length, bins >= 1.
double expectedCalibrationError(const std::vector<double> &confidences, const std::vector<bool> &correct, int bins = 15);

} // namespace whisker
