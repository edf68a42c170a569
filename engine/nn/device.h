#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace whisker {

enum class Precision {
    Automatic, ///< bf16 where the device computes it by itself, else fp32.
    Float32,
    BFloat16,
};

/// Where tensors live and are computed on.
struct Device {
    enum class Kind { Cpu, Cuda };
    Kind kind = Kind::Cpu;
    int index = 0;        ///< Of the GPU; 0 for the CPU.
    std::string name;     ///< As its maker calls it; may be empty.
    bool operator==(const Device &) const = default;
};

/// All devices, the CPU first. Opens LibTorch's CUDA library once where there is one and a driver (about a second), else costs nothing. Any thread.
std::vector<Device> availableDevices();

/// `auto` (the first GPU, else the CPU), `cpu`, `cuda` or `cuda:N`. CUDA's library is opened only for `cuda`, and for `auto` where there is a driver. Any thread.
/// Errors: Unsupported (no CUDA in this build or not all it needs, no such GPU; says to use --device cpu), InvalidArgument (no such wish).
Result<Device> chooseDevice(std::string_view wish);

/// `auto`, `fp32` or `bf16`, made definite: never Precision::Automatic. Automatic takes bf16 only where the device has instructions for it.
/// Errors: Unsupported (bf16 asked for where the device has none), InvalidArgument (no such wish).
Result<Precision> choosePrecision(std::string_view wish, const Device &device);
Precision choosePrecision(Precision wish, const Device &device); ///< Falls back to fp32 instead of an error.

/// Whether `device` multiplies bf16 by itself: AVX512_BF16 or AMX, asked of the processor and the kernel; on a GPU, Ampere or newer.
bool hasBFloat16(const Device &device);

/// From then on LibTorch computes on GPUs so that a run that is repeated learns the same, for the whole program: deterministic algorithms (a warning on stderr where an
/// operation has none), and no trials of which of cuDNN's is fastest just now. float32 is multiplied as TF32 (10 bits of mantissa) where the GPU has that.
void computeRepeatably();

/// Threads LibTorch computes with on the calling thread, and on threads that have not used it yet; n >= 1, else all usable processors.
void setComputeThreads(int n);
int computeThreads(); ///< Of the calling thread.

std::string_view precisionName(Precision precision); ///< "auto", "fp32", "bf16".
std::string deviceName(const Device &device);        ///< "cpu" or "cuda:0", as chooseDevice() takes it.
/// For people: "CPU, 2 threads, bf16" or "NVIDIA H100, bf16". Threads: those of the calling thread.
std::string describe(const Device &device, Precision precision);

} // namespace whisker
