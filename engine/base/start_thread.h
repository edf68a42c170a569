#pragma once

#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

namespace whisker {

/// As std::jthread(work), for a thread that computes. A thread begins with the vector registers of the one that starts it, and Qt leaves their upper halves in use: instructions of SSE then take
/// up to twelve times as long, for as long as nobody clears them (Intel 64 and IA-32 Architectures Optimization Reference Manual, section 15.3; docs/benchmarks.md). Any thread.
template <class Work> [[nodiscard]] std::jthread startThread(Work work)
{
    return std::jthread([work = std::move(work)](std::stop_token stop) mutable {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx"))
            asm volatile("vzeroupper" ::: "memory");
#endif
        if constexpr (std::is_invocable_v<Work &, std::stop_token>)
            work(std::move(stop));
        else
            work();
    });
}

} // namespace whisker
