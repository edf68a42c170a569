#pragma once

#include "engine/nn/internal/out_of_memory.h"

#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>

namespace whisker::internal {

/// Counts the memory of the CPU's tensors that are made on this thread while it lives. What oneDNN takes for itself meanwhile isn't seen.
class MemoryMeter {
public:
    MemoryMeter();
    /// The most that was in use at once beyond what was when it began, in bytes.
    std::uint64_t peakBytes() const;

private:
    class Counter;
    std::shared_ptr<Counter> m_counter;
    c10::DebugInfoGuard m_guard;
};

} // namespace whisker::internal
