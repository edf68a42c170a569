#pragma once

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

namespace whisker::test {

/// LibTorch's memory on the CPU for the rest of the program: counted, and refused where a test wants it so.
class MeteredMemory final : public c10::Allocator {
public:
    static MeteredMemory &installed()
    {
        static MeteredMemory *const memory = install(); // tensors outlive what is destroyed at the end
        return *memory;
    }

    /// The next `allocations` on other threads than the one that installed it find no memory.
    void refuseToOthers(int allocations) { m_refusals = allocations; }

    void forgetPeak() { m_peak = m_begin = m_inUse.load(); }
    /// The most that was in use at once beyond what was at forgetPeak(), on all threads, in bytes.
    std::size_t peakBytes() const { return m_peak - m_begin; }

    c10::DataPtr allocate(std::size_t bytes) override
    {
        if (std::this_thread::get_id() != m_owner && m_refusals > 0 && m_refusals-- > 0)
            throw std::bad_alloc();
        auto *block = static_cast<std::byte *>(std::aligned_alloc(kHead, kHead + (bytes + kHead - 1) / kHead * kHead));
        if (!block)
            throw std::bad_alloc();
        std::memcpy(block, &bytes, sizeof bytes);
        const std::size_t now = m_inUse += bytes;
        for (std::size_t peak = m_peak; now > peak && !m_peak.compare_exchange_weak(peak, now);) {
        }
        tell(block + kHead, static_cast<std::ptrdiff_t>(bytes));
        return {block + kHead, block + kHead, &giveBack, at::Device(at::kCPU)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &giveBack; }
    void copy_data(void *to, const void *from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }

private:
    static constexpr std::size_t kHead = 64; // before each block; LibTorch wants 64-byte alignment

    static MeteredMemory *install()
    {
        auto *memory = new MeteredMemory;
        c10::SetCPUAllocator(memory, 1);
        return memory;
    }

    /// MemoryMeter hears of it.
    static void tell(void *data, std::ptrdiff_t bytes)
    {
        if (c10::memoryProfilingEnabled())
            c10::reportMemoryUsageToProfiler(data, bytes, 0, 0, at::Device(at::kCPU));
    }

    static void giveBack(void *data)
    {
        std::byte *block = static_cast<std::byte *>(data) - kHead;
        std::size_t bytes = 0;
        std::memcpy(&bytes, block, sizeof bytes);
        installed().m_inUse -= bytes;
        tell(data, -static_cast<std::ptrdiff_t>(bytes));
        std::free(block);
    }

    const std::thread::id m_owner = std::this_thread::get_id();
    std::atomic<int> m_refusals = 0;
    std::atomic<std::size_t> m_inUse = 0, m_peak = 0;
    std::size_t m_begin = 0;
};

} // namespace whisker::test
