#pragma once

#include "app/cli/command.h"
#include "app/cli/train_progress.h"

#include "engine/train/tensorboard.h"
#include "engine/train/train_events.h"

#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// Tells a run on stderr as it goes, and TensorBoard its points.
class Narrator {
public:
    /// `earlier`: the points of a run that goes on. `line` and `board`, which may be null, live as long.
    Narrator(TrainMode mode, ProgressLine &line, TensorBoardWriter *board, std::vector<MetricPoint> earlier = {});
    TrainEvents events();

private:
    void tell(const std::optional<std::string> &line);
    void take(const MetricPoint &point);
    void recall(const MetricPoint *next);
    void write(const Result<void> &written);
    void begin(const StageChange &change);

    TrainMode m_mode;
    ProgressLine &m_line;
    TensorBoardWriter *m_board;
    std::vector<MetricPoint> m_earlier; ///< Until the first point has come.
    EpochLines m_epochs;
    std::string m_stage;
};

} // namespace whisker
