#include "engine/nn/device.h"

#include "engine/base/thread_pool.h"
#include "engine/nn/internal/cuda_library.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <array>
#include <charconv>
#include <dlfcn.h>
#include <fmt/format.h>

namespace whisker {

namespace {

struct GpuFacts {
    std::string name = "GPU";
    int computeMajor = 0;
};

/// Asked of the driver (CUDA Driver API, "Device Management"), which numbers GPUs as LibTorch does and needs no CUDA headers.
GpuFacts gpuFacts(int index)
{
    constexpr int kComputeCapabilityMajor = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    GpuFacts facts;
    void *const driver = internal::cudaDriver();
    if (!driver)
        return facts;
    const auto init = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
    const auto get = reinterpret_cast<int (*)(int *, int)>(::dlsym(driver, "cuDeviceGet"));
    const auto name = reinterpret_cast<int (*)(char *, int, int)>(::dlsym(driver, "cuDeviceGetName"));
    const auto attribute = reinterpret_cast<int (*)(int *, int, int)>(::dlsym(driver, "cuDeviceGetAttribute"));
    int device = 0;
    if (!init || !get || !name || !attribute || init(0) != 0 || get(&device, index) != 0)
        return facts;
    std::array<char, 128> text{};
    if (name(text.data(), static_cast<int>(text.size()) - 1, device) == 0)
        facts.name = text.data();
    attribute(&facts.computeMajor, kComputeCapabilityMajor, device);
    return facts;
}

int gpuCount()
{
    if (internal::cudaDriver() == nullptr || !internal::openCudaLibrary().empty())
        return 0;
    try {
        return at::globalContext().hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
    } catch (const std::exception &) {
        return 0; // a driver that does not fit is as good as no GPU
    }
}

Device gpu(int index)
{
    return {Device::Kind::Cuda, index, gpuFacts(index).name};
}

const Device kCpu{Device::Kind::Cpu, 0, "CPU"};

Result<Device> chooseGpu(int index)
{
    if (const std::string &problem = internal::openCudaLibrary(); !problem.empty())
        return fail(ErrorCode::Unsupported, fmt::format("cuda:{} can't be used: {}; take --device cpu.", index, problem));
    const int count = gpuCount();
    if (index >= count)
        return fail(ErrorCode::Unsupported,
                    count == 0 ? fmt::format("cuda:{} can't be used: no GPU with a fitting driver was found; take --device cpu.", index)
                               : fmt::format("cuda:{} can't be used: there is no GPU beyond cuda:{}; take that one or --device cpu.",
                                             index, count - 1));
    return gpu(index);
}

} // namespace

std::vector<Device> availableDevices()
{
    std::vector<Device> devices{kCpu};
    for (int i = 0; i < gpuCount(); ++i)
        devices.push_back(gpu(i));
    return devices;
}

Result<Device> chooseDevice(std::string_view wish)
{
    if (wish == "cpu")
        return kCpu;
    if (wish == "auto")
        return gpuCount() > 0 ? gpu(0) : kCpu;
    int index = 0;
    constexpr std::string_view kCuda = "cuda:";
    const bool numbered = wish.starts_with(kCuda) && wish.size() > kCuda.size();
    const char *end = wish.data() + wish.size();
    const auto parsed = std::from_chars(numbered ? wish.data() + kCuda.size() : end, end, index);
    const bool good = numbered && parsed.ec == std::errc() && parsed.ptr == end && index >= 0;
    if (!good && wish != "cuda")
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no device \"{}\": choose auto, cpu or cuda:0.", wish));
    return chooseGpu(index);
}

bool hasBFloat16(const Device &device)
{
    if (device.kind == Device::Kind::Cuda)
        return gpuFacts(device.index).computeMajor >= 8; // Ampere
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16"); // every processor with AMX has it, too
#else
    return false;
#endif
}

Precision choosePrecision(Precision wish, const Device &device)
{
    return wish != Precision::Float32 && hasBFloat16(device) ? Precision::BFloat16 : Precision::Float32;
}

Result<Precision> choosePrecision(std::string_view wish, const Device &device)
{
    if (wish != "auto" && wish != "fp32" && wish != "bf16")
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no precision \"{}\": choose auto, fp32 or bf16.", wish));
    const Precision chosen = choosePrecision(wish == "fp32" ? Precision::Float32 : Precision::Automatic, device);
    if (wish == "bf16" && chosen != Precision::BFloat16)
        return fail(ErrorCode::Unsupported,
                    fmt::format("bf16 can't be used: {} has no instructions for it; take --precision fp32.", deviceName(device)));
    return chosen;
}

void computeRepeatably()
{
    at::Context &context = at::globalContext();
    context.setDeterministicAlgorithms(true, /*warn_only=*/true);
    context.setDeterministicFillUninitializedMemory(false); // a search for errors that costs a pass over all memory
    context.setDeterministicCuDNN(true);
    context.setBenchmarkCuDNN(false);
    context.setAllowTF32CuDNN(true);
    context.setAllowTF32CuBLAS(true);
}

void setComputeThreads(int n)
{
    at::set_num_threads(n >= 1 ? n : static_cast<int>(usableProcessors()));
}

int computeThreads()
{
    return at::get_num_threads();
}

std::string_view precisionName(Precision precision)
{
    switch (precision) {
    case Precision::Float32:
        return "fp32";
    case Precision::BFloat16:
        return "bf16";
    case Precision::Automatic:
        break;
    }
    return "auto";
}

std::string deviceName(const Device &device)
{
    return device.kind == Device::Kind::Cpu ? "cpu" : fmt::format("cuda:{}", device.index);
}

std::string describe(const Device &device, Precision precision)
{
    if (device.kind == Device::Kind::Cuda)
        return fmt::format("{}, {}", device.name, precisionName(precision));
    const int threads = computeThreads();
    return fmt::format("CPU, {} thread{}, {}", threads, threads == 1 ? "" : "s", precisionName(precision));
}

} // namespace whisker
