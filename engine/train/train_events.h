#pragma once

#include "engine/data/skipped_file.h"
#include "engine/train/metric_point.h"
#include "engine/train/pin_board.h"
#include "engine/train/run_figures.h"

#include <functional>
#include <optional>
#include <string>

namespace whisker {

enum class TrainStage {
    Preparing, ///< Reads weights; quick: decodes the pictures and computes their features.
    Training,
    Testing,   ///< The finished model on the pictures kept unseen.
    Finished,
};

struct StageChange {
    TrainStage stage = TrainStage::Preparing;
    std::string text{}; ///< A phrase for people: what is going on.
};

struct TrainProgress {
    TrainStage stage = TrainStage::Preparing;
    int epoch = 0;                       ///< From 1; 0 outside of training.
    int epochs = 0;
    int step = 0;                        ///< Done in this epoch or, outside of training, pictures done.
    int stepsPerEpoch = 0;               ///< Outside of training: pictures in all.
    int bestEpoch = 0;                   ///< Whose weights would be kept now; 0: none yet, or those that it began with.
    double imagesPerSecond = 0.0;        ///< Lately; 0 while not known.
    std::optional<TimeLeft> left{};      ///< Of the whole run; nothing while not known.
    std::string device{};                ///< The one in use, for people: "CPU, 2 threads, bf16".
    std::optional<MemoryUse> memory{};   ///< As it was within the last second; nothing where the system doesn't say.
    std::optional<LoaderWait> loaderWait{}; ///< So far; nothing where none loads pictures for steps: quick, and outside of training.
};

/// Who wants to know. All are called on the thread of train(), must be quick and must not throw; empty ones are not called.
struct TrainEvents {
    std::function<void(const StageChange &)> onStage{};
    std::function<void(const TrainProgress &)> onProgress{}; ///< After each step: only the latest counts.
    std::function<void(const MetricPoint &)> onMetric{};     ///< Every point, in order of step within a series.
    std::function<void(const PinnedAnswer &)> onPinned{};    ///< Of a picture of TrainOutput::pins: at once, as the network learns, and at the end.
    std::function<void(const RunMark &)> onMark{};           ///< What happened to the run, for its curves; each is kept in the run's metrics too.
    std::function<void(const SkippedFile &)> onSkipped{};    ///< A picture that is left out of the run; once a picture.
    std::function<void(const std::string &)> onNote{};       ///< A sentence that does not end the run. Those that matter also afterwards are on the receipt then.
    std::function<void(const std::string &)> onWithdrawn{};  ///< A note that holds no more, here or on the receipt of an earlier part of the run. It may come again.
};

} // namespace whisker
