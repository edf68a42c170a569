#include "engine/train/internal/memory_meter.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <new>
#include <string_view>

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

bool isOutOfMemory(const std::exception &exception)
{
    if (dynamic_cast<const std::bad_alloc *>(&exception) != nullptr || dynamic_cast<const c10::OutOfMemoryError *>(&exception) != nullptr)
        return true;
    const std::string_view text = exception.what(); // the CPU's allocator and oneDNN have no type for it
    return text.find("can't allocate memory") != std::string_view::npos || text.find("not enough memory") != std::string_view::npos ||
           text.find("out of memory") != std::string_view::npos;
}

} // namespace whisker::internal
