#include "engine/nn/internal/cuda_library.h"

#include <ATen/Parallel.h>
#include <c10/util/env.h>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>

namespace whisker::internal {

namespace {

/// Where libtorch_cuda.so lies beside the libtorch_cpu.so in use; empty where there is none.
std::filesystem::path fileOfCuda()
{
    Dl_info info{};
    if (::dladdr(reinterpret_cast<const void *>(&at::set_num_threads), &info) == 0 || !info.dli_fname)
        return {};
    const auto file = std::filesystem::path(info.dli_fname).parent_path() / "libtorch_cuda.so";
    std::error_code problem;
    return std::filesystem::exists(file, problem) ? file : std::filesystem::path();
}

/// Brings CUDA graphs. Where it isn't there, as in a build without CUDA's headers, training goes on without them.
void openGraphs()
{
    std::error_code ignored; // without /proc there is nothing at that place
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    (void)::dlopen((program.parent_path().parent_path() / "lib" / "whisker_cuda.so").c_str(), RTLD_NOW);
}

/// Global, as its static objects make CUDA known to libtorch_cpu.
std::string opened()
{
    const auto file = fileOfCuda();
    if (file.empty())
        return "this LibTorch has no CUDA";
    c10::utils::set_env("CUBLAS_WORKSPACE_CONFIG", ":4096:8", false); // read when cuBLAS is opened; NVIDIA's cuBLAS guide, "Results Reproducibility"
    if (::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) {
        openGraphs();
        return {};
    }
    const char *reason = ::dlerror();
    return fmt::format("LibTorch's CUDA library does not open ({}; packaging/setup.sh --cuda fetches what it needs)", reason ? reason : "no reason is known");
}

} // namespace

void *cudaDriver()
{
    static void *const driver = ::dlopen("libcuda.so.1", RTLD_NOW);
    return driver;
}

const std::string &openCudaLibrary()
{
    static const std::string problem = opened();
    return problem;
}

void openCudaInTime()
{
    if (cudaDriver() != nullptr)
        (void)openCudaLibrary(); // who wants a GPU asks again, and is told
}

} // namespace whisker::internal
