#pragma once

#include "engine/train/train_events.h"

#include <cstdint>
#include <stop_token>

namespace whisker::test {

/// Asks a run to stop as soon as `step` steps are done.
struct StopAt {
    explicit StopAt(std::int64_t step)
    {
        events.onMetric = [this, step](const MetricPoint &point) {
            if (point.step >= step)
                source.request_stop();
        };
    }
    std::stop_source source;
    TrainEvents events;
};

} // namespace whisker::test
