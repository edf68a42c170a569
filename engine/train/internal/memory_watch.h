#pragma once

#include "engine/nn/device.h"
#include "engine/train/run_figures.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace whisker::internal {

/// What a run takes of the memory of the device it computes on, looked at once a second at most. One thread.
class MemoryWatch {
public:
    /// Peaks of earlier runs on a GPU are forgotten.
    explicit MemoryWatch(Device device = {});

    void look(); ///< Cheap: most times it does nothing.
    /// When it was last looked at; nothing before that, and where the system doesn't say.
    const std::optional<MemoryUse> &now() const { return m_now; }
    std::uint64_t peakBytes() const { return m_peak; } ///< The most it saw; 0: nothing yet.

private:
    Device m_device;
    std::chrono::steady_clock::time_point m_next{};
    std::optional<MemoryUse> m_now;
    std::uint64_t m_peak = 0;
};

} // namespace whisker::internal
