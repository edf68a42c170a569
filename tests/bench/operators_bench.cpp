// Operators that learn, forward and backward in bf16 with batches of 32, as Whisker computes them and as LibTorch does, in turn: medians in milliseconds.
// Usage: operators_bench
#include "engine/nn/device.h"
#include "engine/nn/internal/norm_activation.h"
#include "engine/nn/internal/training_convolution.h"

#include <ATen/autocast_mode.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

namespace whisker {
namespace {

using namespace internal;

constexpr int kRounds = 9;
constexpr int kBatch = 32;

at::Tensor pictures(std::int64_t channels, std::int64_t sizePx)
{
    return at::randn({kBatch, channels, sizePx, sizePx}).to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
}

double milliseconds(const std::function<at::Tensor()> &forward)
{
    const auto begin = std::chrono::steady_clock::now();
    const at::Tensor y = forward();
    y.backward(y.detach());
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

void compare(const char *name, const std::function<at::Tensor()> &ours, const std::function<at::Tensor()> &libtorch)
{
    std::vector<double> a, b;
    for (int round = 0; round < kRounds; ++round) {
        a.push_back(milliseconds(ours));
        b.push_back(milliseconds(libtorch));
    }
    std::ranges::sort(a);
    std::ranges::sort(b);
    std::printf("%-42s %7.2f  LibTorch %7.2f  %.2f x\n", name, a[kRounds / 2], b[kRounds / 2], b[kRounds / 2] / a[kRounds / 2]);
    std::fflush(stdout);
}

void compareConvolution(int inputs, int outputs, int sizePx, int kernelPx, int stride, bool depthwise)
{
    GraphNode node{.kind = NodeKind::Convolution, .name = "c", .inputs = {}, .inputChannels = inputs, .outputChannels = outputs, .kernelPx = kernelPx, .stride = stride};
    node.paddingPx = kernelPx / 2;
    node.groups = depthwise ? inputs : 1;
    const at::Tensor x = pictures(inputs, sizePx);
    const at::Tensor weight = at::randn({outputs, inputs / node.groups, kernelPx, kernelPx}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
    char name[80];
    std::snprintf(name, sizeof name, "%s %d to %d, %d px, kernel %d, stride %d", depthwise ? "depthwise" : "convolution", inputs, outputs, sizePx, kernelPx, stride);
    compare(name, [&] { return convolveToLearn(x, node, weight, {}); },
            [&] { return at::conv2d(x, weight, {}, stride, node.paddingPx, 1, node.groups); });
}

void compareNorm(int channels, int sizePx, bool followsBatch)
{
    const at::Tensor x = pictures(channels, sizePx);
    const NormTensors norm{at::ones({channels}).requires_grad_(), at::zeros({channels}).requires_grad_(), at::zeros({channels}), at::ones({channels})};
    char name[80];
    std::snprintf(name, sizeof name, "batch norm, ReLU, %d at %d px%s", channels, sizePx, followsBatch ? "" : ", kept statistics");
    compare(name, [&] { return normaliseToLearn(x, {}, norm, {1e-5, 0.1, followsBatch, {0.0F, kNoLimits.high}}); },
            [&] { return at::relu(at::batch_norm(x, norm.scale, norm.shift, norm.mean, norm.variance, followsBatch, 0.1, 1e-5, true)); });
}

void run()
{
    setComputeThreads(static_cast<int>(std::thread::hardware_concurrency()));
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    for (const int sizePx : {3, 7, 10, 12, 14})
        compareConvolution(512, 512, sizePx, 3, 1, false);
    compareConvolution(256, 512, 14, 3, 2, false);
    for (const int sizePx : {7, 14, 28})
        compareConvolution(192, 1152, sizePx, 1, 1, false);
    compareConvolution(96, 96, 112, 3, 2, true);
    compareConvolution(672, 672, 14, 5, 1, true);
    compareConvolution(1152, 1152, 7, 5, 1, true);
    for (const bool followsBatch : {true, false}) {
        compareNorm(64, 112, followsBatch);
        compareNorm(96, 56, followsBatch);
        compareNorm(512, 7, followsBatch);
    }
}

} // namespace
} // namespace whisker

int main()
{
    try {
        whisker::run();
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 1;
    }
}
