#pragma once

#include "engine/train/train.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace whisker::test {

/// The rest of a run that only its user ends.
inline TrainReport waitUntilStopped(std::stop_token stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait(lock, stop, [] { return false; });
    TrainReport report;
    report.outcome = TrainOutcome::Stopped;
    return report;
}

} // namespace whisker::test
