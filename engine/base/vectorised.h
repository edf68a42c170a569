#pragma once

/// For a function of plain loops: one binary for all processors, and the vectors of each. Sanitizers can't be there yet when the loader picks the version.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WHISKER_VECTORISED [[gnu::target_clones("arch=skylake-avx512", "avx2", "default")]]
#else
#define WHISKER_VECTORISED
#endif
