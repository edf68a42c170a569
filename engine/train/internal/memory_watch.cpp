#include "engine/train/internal/memory_watch.h"

#include "engine/base/process_memory.h"

#include <c10/core/CachingDeviceAllocator.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace whisker::internal {

namespace {

c10::DeviceAllocator &gpuAllocator()
{
    return *c10::getDeviceAllocator(c10::kCUDA);
}

/// What LibTorch has taken of the GPU for tensors, those of recorded steps included, and how much it had at most.
MemoryUse usedOfGpu(int index, std::uint64_t &peak)
{
    const auto device = static_cast<c10::DeviceIndex>(index);
    const auto stats = gpuAllocator().getDeviceStats(device);
    const auto &reserved = stats.reserved_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
    peak = std::max(peak, static_cast<std::uint64_t>(reserved.peak));
    return {static_cast<std::uint64_t>(reserved.current), gpuAllocator().getMemoryInfo(device).second, true};
}

} // namespace

MemoryWatch::MemoryWatch(Device device) : m_device(std::move(device))
{
    if (m_device.kind == Device::Kind::Cpu)
        return;
    try {
        gpuAllocator().resetPeakStats(static_cast<c10::DeviceIndex>(m_device.index));
    } catch (const std::exception &) {
        // nothing was computed there yet, so there is nothing to forget
    }
}

void MemoryWatch::look()
{
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next)
        return;
    m_next = now + std::chrono::seconds(1);
    if (m_device.kind == Device::Kind::Cpu) {
        if (const auto used = processMemoryBytes())
            m_now = MemoryUse{*used, machineMemoryBytes().value_or(0)};
    } else {
        try {
            m_now = usedOfGpu(m_device.index, m_peak);
        } catch (const std::exception &) {
            m_now.reset(); // a figure is no reason to end a run
        }
    }
    if (m_now)
        m_peak = std::max(m_peak, m_now->used);
}

} // namespace whisker::internal
