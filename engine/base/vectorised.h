#pragma once

/// For a function of plain loops: one binary for all processors, and the vectors of each. Sanitizers can't be there yet when the loader picks the version.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WHISKER_VECTORISED [[gnu::target_clones("arch=skylake-avx512", "avx2", "default")]]
#else
#define WHISKER_VECTORISED
#endif

namespace whisker {

/// For the beginning of a thread that computes. A thread begins with the registers of the one that started it; where their upper halves are in use (code for AVX that did not clear them), Intel
/// processors make every instruction of SSE wait for them: a network's first weights took 5 s instead of 0.4 (Intel 64 and IA-32 Architectures Optimization Reference Manual, section 15.3).
inline void clearVectorRegisters()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx"))
        asm volatile("vzeroupper" ::: "memory");
#endif
}

} // namespace whisker
