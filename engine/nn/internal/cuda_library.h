#pragma once

#include <string>

namespace whisker::internal {

/// The driver of NVIDIA's GPUs, as dlopen() gives it; nullptr where there is none.
void *cudaDriver();

/// Opens LibTorch's CUDA library, once and for good. Empty, or why it can't be used, as the end of a sentence. About a second the first time. Any thread.
const std::string &openCudaLibrary();

/// Opens it where there is a driver. LibTorch looks for it once, at its first convolution or backward pass, also on the CPU, and what is opened later is never found: to
/// be called before. Any thread.
void openCudaInTime();

} // namespace whisker::internal
