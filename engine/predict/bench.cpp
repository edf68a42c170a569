#include "engine/predict/bench.h"

#include "engine/base/counter_random.h"
#include "engine/base/locations.h"
#include "engine/base/thread_pool.h"
#include "engine/nn/architectures.h"
#include "engine/nn/inference_plan.h"
#include "engine/train/model_file.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <optional>

namespace whisker {

namespace {

constexpr int kWarmUps = 3;

/// What to time: a network with weights.
struct Subject {
    ArchitectureGraph graph;
    Weights weights;
    int sizePx = 0;
};

/// Weights of the right shapes that keep activations in the range that real ones have: denormal numbers would be slow.
Weights madeUpWeights(const ArchitectureGraph &graph)
{
    Weights weights;
    CounterRandom random(0);
    for (const WeightSpec &spec : weightSpecs(graph)) {
        std::int64_t count = 1;
        for (const std::int64_t length : spec.shape)
            count *= length;
        std::vector<float> values(static_cast<std::size_t>(count), 0.0F);
        if (spec.role == WeightSpec::Role::NormScale || spec.role == WeightSpec::Role::NormVariance) {
            std::ranges::fill(values, 1.0F);
        } else if (spec.role == WeightSpec::Role::ConvolutionWeight || spec.role == WeightSpec::Role::LinearWeight) {
            const double inputs = static_cast<double>(count) / static_cast<double>(spec.shape.front());
            const double bound = std::sqrt(3.0 / inputs); // variance 1 / inputs
            for (float &value : values)
                value = static_cast<float>(random.uniform(-bound, bound));
        }
        weights.set(spec.name, WeightTensor::fromFloats(spec.shape, values));
    }
    return weights;
}

Result<Subject> architectureSubject(const ArchitectureInfo &architecture)
{
    auto graph = buildArchitecture(architecture.name, 1000);
    if (!graph)
        return std::unexpected(graph.error());
    if (!architecture.pretrainedFile.empty()) {
        if (auto file = readSafetensors(resourceFolder() / "weights" / architecture.pretrainedFile))
            return Subject{*std::move(graph), std::move(file->weights), architecture.defaultPx};
    }
    Weights weights = madeUpWeights(*graph);
    return Subject{*std::move(graph), std::move(weights), architecture.defaultPx};
}

Result<Subject> subjectOf(const std::string &model)
{
    if (const auto architecture = findArchitecture(model))
        return architectureSubject(*architecture);
    if (std::error_code ignored; !std::filesystem::exists(model, ignored)) {
        Error error = findArchitecture(model).error(); // names the architectures there are
        error.message = "There is no model file " + model + "; and as an architecture: " + error.message;
        return std::unexpected(std::move(error));
    }
    auto file = readModel(model);
    if (!file)
        return std::unexpected(file.error());
    auto graph = buildArchitecture(file->architecture, static_cast<int>(file->classes.size()));
    if (!graph)
        return std::unexpected(graph.error());
    return Subject{*std::move(graph), std::move(file->weights), file->preprocessing.sizePx};
}

Result<std::vector<Precision>> precisionsOf(const BenchOptions &options)
{
    std::vector<Precision> able;
    std::optional<Error> refused;
    for (const Precision wish : options.precisions) {
        if (const auto precision = choosePrecision(precisionName(wish), Device{}))
            able.push_back(*precision);
        else
            refused = precision.error();
    }
    if (able.empty())
        return std::unexpected(refused.value_or(Error{ErrorCode::InvalidArgument, "No precision was chosen: choose fp32 or bf16.", {}}));
    return able;
}

Result<void> checkOptions(const BenchOptions &options)
{
    if (options.batches.empty() || std::ranges::any_of(options.batches, [](int batch) { return batch < 1 || batch > 4096; }))
        return fail(ErrorCode::InvalidArgument, "A batch must lie between 1 and 4096.");
    if (!(options.windowSeconds > 0.0) || options.windows < 1)
        return fail(ErrorCode::InvalidArgument, "A measurement needs a window of more than 0 seconds.");
    if (const auto device = chooseDevice(options.device); !device)
        return std::unexpected(device.error());
    return {};
}

/// Seconds a batch takes: the best window's mean.
Result<double> timeBatch(const InferencePlan &plan, int batch, int sizePx, const BenchOptions &options, const std::stop_token &stop)
{
    using Clock = std::chrono::steady_clock;
    std::vector<std::uint8_t> pixels(3 * static_cast<std::size_t>(batch) * static_cast<std::size_t>(sizePx) * static_cast<std::size_t>(sizePx));
    CounterRandom random(1);
    std::ranges::generate(pixels, [&] { return static_cast<std::uint8_t>(random.next() >> 56U); });
    for (int i = 0; i < kWarmUps; ++i) {
        if (const auto warm = plan.run(pixels, batch, sizePx); !warm)
            return std::unexpected(warm.error());
    }
    double best = std::numeric_limits<double>::infinity();
    for (int window = 0; window < options.windows; ++window) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "The measurement was stopped.");
        const auto begin = Clock::now();
        double seconds = 0.0;
        int count = 0;
        while (seconds < options.windowSeconds) {
            if (const auto ran = plan.run(pixels, batch, sizePx); !ran)
                return std::unexpected(ran.error());
            ++count;
            seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        }
        best = std::min(best, seconds / count);
    }
    return best;
}

Result<std::vector<BenchRow>> timeAll(const std::string &model, const BenchOptions &options,
                                      const std::function<void(const BenchRow &)> &onRow, const std::stop_token &stop)
{
    if (const auto checked = checkOptions(options); !checked)
        return std::unexpected(checked.error());
    const auto precisions = precisionsOf(options);
    if (!precisions)
        return std::unexpected(precisions.error());
    const auto subject = subjectOf(model);
    if (!subject)
        return std::unexpected(subject.error());
    setComputeThreads(options.threads > 0 ? options.threads : static_cast<int>(usableProcessors()));
    std::vector<BenchRow> rows;
    for (const Precision precision : *precisions) {
        PlanOptions planOptions;
        planOptions.precision = precision;
        const auto plan = InferencePlan::compile(subject->graph, subject->weights, planOptions);
        if (!plan)
            return std::unexpected(plan.error());
        for (const int batch : options.batches) {
            const auto seconds = timeBatch(*plan, batch, subject->sizePx, options, stop);
            if (!seconds)
                return std::unexpected(seconds.error());
            rows.push_back({model, batch, precision, *seconds * 1e3, batch / *seconds});
            if (onRow)
                onRow(rows.back());
        }
    }
    return rows;
}

} // namespace

Result<std::vector<BenchRow>> benchmark(const std::string &model, const BenchOptions &options,
                                        const std::function<void(const BenchRow &)> &onRow, std::stop_token stop)
{
    try {
        return timeAll(model, options, onRow, stop);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("The measurement failed: ") + exception.what());
    }
}

} // namespace whisker
