#include "engine/train/internal/memory_meter.h"

#include <c10/core/Allocator.h>

#include <algorithm>

namespace whisker::internal {

class MemoryMeter::Counter : public c10::MemoryReportingInfoBase {
public:
    void reportMemoryUsage(void *, std::int64_t bytes, std::size_t, std::size_t, c10::Device device) override
    {
        if (device.type() != c10::kCPU)
            return;
        m_bytes += bytes; // negative where memory is given back
        m_peak = std::max(m_peak, m_bytes);
    }
    bool memoryProfilingEnabled() const override { return true; }
    std::uint64_t peak() const { return static_cast<std::uint64_t>(m_peak); }

private:
    std::int64_t m_bytes = 0, m_peak = 0;
};

MemoryMeter::MemoryMeter() : m_counter(std::make_shared<Counter>()), m_guard(c10::DebugInfoKind::PROFILER_STATE, m_counter) {}

std::uint64_t MemoryMeter::peakBytes() const
{
    return m_counter->peak();
}

} // namespace whisker::internal
