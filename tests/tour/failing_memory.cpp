#include "tests/tour/failing_memory.h"

#include <c10/core/CPUAllocator.h>
#include <c10/core/GradMode.h>

#include <atomic>
#include <limits>
#include <new>

namespace whisker::test {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// Stands before LibTorch's own allocator until the program ends.
class FailingAllocator final : public c10::Allocator {
public:
    FailingAllocator() : m_real(*c10::GetCPUAllocator()) { c10::SetCPUAllocator(this); }

    void failNext(std::size_t bytes) { m_failing = bytes; }

    c10::DataPtr allocate(std::size_t bytes) override
    {
        std::size_t failing = bytes;
        if (c10::GradMode::is_enabled() && m_failing.compare_exchange_strong(failing, kNone))
            throw std::bad_alloc();
        return m_real.allocate(bytes);
    }
    c10::DeleterFnPtr raw_deleter() const override { return m_real.raw_deleter(); }
    void copy_data(void *to, const void *from, std::size_t bytes) const override { m_real.copy_data(to, from, bytes); }

private:
    c10::Allocator &m_real;
    std::atomic<std::size_t> m_failing = kNone;
};

} // namespace

void failNextLearningTensor(std::size_t bytes)
{
    static auto *const allocator = new FailingAllocator; // other threads may call it to the very end
    allocator->failNext(bytes);
}

} // namespace whisker::test
