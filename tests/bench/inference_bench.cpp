// The inference plan on noise, for tuning: `inference_bench --benchmark_filter=lite0`. WHISKER_THREADS sets the threads (else all).
// CPU time is of the calling thread; on a busy machine compare it with one thread.
#include "engine/base/counter_random.h"
#include "engine/nn/architectures.h"
#include "engine/nn/inference_plan.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace whisker {
namespace {

/// Weights that keep the signal alive through any depth; what they answer does not matter here.
Weights noiseWeights(const ArchitectureGraph &graph)
{
    Weights weights;
    CounterRandom random(1);
    for (const WeightSpec &spec : weightSpecs(graph)) {
        const auto count = std::accumulate(spec.shape.begin(), spec.shape.end(), std::int64_t(1), std::multiplies<>());
        std::vector<float> values(static_cast<std::size_t>(count), spec.role == WeightSpec::Role::NormVariance ? 1.0F : 0.1F);
        if (spec.shape.size() > 1) {
            const double bound = std::sqrt(6.0 * static_cast<double>(spec.shape[0]) / static_cast<double>(count));
            for (float &value : values)
                value = static_cast<float>(random.uniform(-bound, bound));
        }
        weights.set(spec.name, WeightTensor::fromFloats(spec.shape, values));
    }
    return weights;
}

void runPlan(benchmark::State &state, const ArchitectureInfo &info, Precision precision)
{
    const auto graph = buildArchitecture(info.name, 1000);
    const auto plan = InferencePlan::compile(*graph, noiseWeights(*graph), {.precision = precision});
    const int batch = static_cast<int>(state.range(0));
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * batch * info.defaultPx * info.defaultPx));
    CounterRandom random(2);
    for (std::uint8_t &value : pixels)
        value = static_cast<std::uint8_t>(random.below(256));
    for (auto _ : state) {
        const auto answer = plan->run(pixels, batch, info.defaultPx);
        if (!answer) {
            state.SkipWithError(answer.error().message.c_str());
            return;
        }
    }
    state.SetItemsProcessed(state.iterations() * batch);
}

} // namespace
} // namespace whisker

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    const char *threads = std::getenv("WHISKER_THREADS");
    whisker::setComputeThreads(threads ? std::atoi(threads) : 0);
    for (const whisker::ArchitectureInfo &info : whisker::architectures()) {
        for (const auto precision : {whisker::Precision::Float32, whisker::Precision::BFloat16}) {
            const std::string name = std::string(info.name) + "/" + std::string(whisker::precisionName(precision));
            benchmark::RegisterBenchmark(name.c_str(), [info, precision](benchmark::State &state) { whisker::runPlan(state, info, precision); })
                ->Arg(1)
                ->Arg(8)
                ->Arg(32)
                ->UseRealTime();
        }
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
