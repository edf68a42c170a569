#include "engine/nn/internal/norm_operators.h"

#include "engine/nn/internal/norm_kernels.h"

#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace whisker::internal {

namespace {

using at::BFloat16;
using Floats = std::vector<float>;

constexpr std::size_t kParts = 64;        // their sums are added in their order, however many threads there are
constexpr std::size_t kShortRow = 64;     // values; shorter rows are taken several at a time
constexpr std::size_t kBlockValues = 32'768; // stay in the second cache between two looks at them

/// A picture's values as rows of `width`: `copies` pixels of all channels.
struct Rows {
    explicit Rows(const at::Tensor &x)
        : channels(static_cast<std::size_t>(x.size(1))), count(static_cast<std::size_t>(x.numel()) / channels)
    {
        while (channels * copies < kShortRow && count % 2 == 0) {
            copies *= 2;
            count /= 2;
        }
    }

    std::size_t channels, count, copies = 1;
    std::size_t width() const { return channels * copies; }
    std::size_t perPart() const { return (count + kParts - 1) / kParts; }
    std::size_t parts() const { return (count + perPart() - 1) / perPart(); }
    /// Calls `work(part, first row, rows)` for all parts, in threads of LibTorch.
    template <class Work> void forParts(const Work &work) const
    {
        at::parallel_for(0, static_cast<std::int64_t>(parts()), 1, [&](std::int64_t begin, std::int64_t end) {
            for (auto part = static_cast<std::size_t>(begin); part < static_cast<std::size_t>(end); ++part)
                work(part, part * perPart(), std::min(perPart(), count - part * perPart()));
        });
    }
    /// A channel's value for each of a row.
    Floats spread(const float *values) const
    {
        Floats row;
        for (std::size_t i = 0; i < copies; ++i)
            row.insert(row.end(), values, values + channels);
        return row;
    }
    /// The sums of a row's values, of all parts, by channel.
    std::vector<double> gathered(const Floats &sums) const
    {
        std::vector<double> all(channels, 0.0);
        for (std::size_t i = 0; i < sums.size(); ++i)
            all[i % channels] += static_cast<double>(sums[i]);
        return all;
    }
};

const BFloat16 *valuesOf(const at::Tensor &x)
{
    return x.const_data_ptr<BFloat16>();
}

struct Statistics {
    std::vector<double> mean, squares; ///< By channel; squares: the sum of squared distances from the mean.
};

/// Moments of two sets of values made those of both (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", eq. 2.1).
void join(double &mean, double &squares, double count, double otherMean, double otherSquares, double otherCount)
{
    const double distance = otherMean - mean, total = count + otherCount;
    squares += otherSquares + distance * distance * count * otherCount / total;
    mean += distance * otherCount / total;
}

/// Of blocks that stay in the cache, each about its own mean, so that no outlying value spoils the sums of the others; joined in double.
Statistics statisticsOf(const at::Tensor &x, const Rows &rows)
{
    const std::size_t width = rows.width(), perBlock = std::max<std::size_t>(1, kBlockValues / width);
    const BFloat16 *values = valuesOf(x);
    std::vector<double> means(rows.parts() * width), squares(rows.parts() * width);
    rows.forParts([&](std::size_t part, std::size_t first, std::size_t count) {
        for (std::size_t done = 0; done < count; done += perBlock) {
            const std::size_t now = std::min(perBlock, count - done);
            const BFloat16 *block = values + (first + done) * width;
            const auto size = static_cast<double>(now);
            Floats origin(width), unused(width), sums(width), itsSquares(width);
            addMoments(block, now, width, Floats(width).data(), origin.data(), unused.data());
            for (float &sum : origin)
                sum /= static_cast<float>(now);
            addMoments(block, now, width, origin.data(), sums.data(), itsSquares.data());
            for (std::size_t i = 0; i < width; ++i) {
                const double sum = sums[i], about = std::max(0.0, static_cast<double>(itsSquares[i]) - sum * sum / size);
                join(means[part * width + i], squares[part * width + i], static_cast<double>(done), static_cast<double>(origin[i]) + sum / size, about, size);
            }
        }
    });
    Statistics all{std::vector<double>(rows.channels, 0.0), std::vector<double>(rows.channels, 0.0)};
    std::vector<double> counts(rows.channels, 0.0);
    for (std::size_t i = 0; i < means.size(); ++i) {
        const std::size_t part = i / width, c = i % rows.channels;
        const auto count = static_cast<double>(std::min(rows.perPart(), rows.count - part * rows.perPart()));
        join(all.mean[c], all.squares[c], counts[c], means[i], squares[i], count);
        counts[c] += count;
    }
    return all;
}

/// `low` and `high`: the limits. Returns what NormForward has.
std::tuple<at::Tensor, at::Tensor, at::Tensor> computeForward(const at::Tensor &x, const std::optional<at::Tensor> &summand, const at::Tensor &scale, const at::Tensor &shift,
                                                              const at::Tensor &runningMean, const at::Tensor &runningVariance, double momentum, double epsilon, bool followsBatch,
                                                              double low, double high)
{
    const Rows rows(x);
    const std::size_t channels = rows.channels;
    const float *scales = scale.const_data_ptr<float>(), *shifts = shift.const_data_ptr<float>();
    float *runningMeans = runningMean.data_ptr<float>(), *runningVariances = runningVariance.data_ptr<float>();
    const Statistics batch = followsBatch ? statisticsOf(x, rows) : Statistics();
    const auto values = static_cast<double>(rows.count * rows.copies);
    const at::Tensor mean = at::empty_like(runningMean), deviation = at::empty_like(runningMean);
    Floats factor(channels), constant(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        const double itsMean = followsBatch ? batch.mean[c] : runningMeans[c];
        const double itsVariance = followsBatch ? batch.squares[c] / values : runningVariances[c];
        const double inverse = 1.0 / std::sqrt(itsVariance + epsilon);
        mean.data_ptr<float>()[c] = static_cast<float>(itsMean);
        deviation.data_ptr<float>()[c] = static_cast<float>(inverse);
        factor[c] = static_cast<float>(scales[c] * inverse);
        constant[c] = static_cast<float>(shifts[c] - itsMean * scales[c] * inverse);
        if (!followsBatch)
            continue;
        runningMeans[c] = static_cast<float>((1.0 - momentum) * runningMeans[c] + momentum * itsMean);
        runningVariances[c] = static_cast<float>((1.0 - momentum) * runningVariances[c] + momentum * batch.squares[c] / (values - 1.0));
    }
    const Floats factors = rows.spread(factor.data()), constants = rows.spread(constant.data());
    const at::Tensor y = at::empty_like(x);
    const std::size_t width = rows.width();
    const Limits limits{static_cast<float>(low), static_cast<float>(high)};
    rows.forParts([&](std::size_t, std::size_t first, std::size_t count) {
        writeNormalised(valuesOf(x) + first * width, summand ? valuesOf(*summand) + first * width : nullptr, count, width, factors.data(), constants.data(), limits,
                        y.data_ptr<BFloat16>() + first * width);
    });
    return {y, mean, deviation};
}

/// Returns what NormBackward has.
std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor> computeBackward(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &y, const at::Tensor &scale,
                                                                          const at::Tensor &mean, const at::Tensor &deviation, bool followsBatch, double low, double high,
                                                                          bool wantsSummand)
{
    const Rows rows(x);
    const std::size_t width = rows.width();
    const Limits limits{static_cast<float>(low), static_cast<float>(high)};
    const auto from = [&](std::size_t row) {
        return NormGradient{valuesOf(x) + row * width, valuesOf(y) + row * width, valuesOf(dy) + row * width, limits};
    };
    const at::Tensor dx = at::empty_like(x), dSummand = wantsSummand ? at::empty_like(x) : at::Tensor();
    Floats factor(rows.channels), slope(rows.channels, 0.0F), constant(rows.channels, 0.0F);
    for (std::size_t c = 0; c < rows.channels; ++c)
        factor[c] = scale.const_data_ptr<float>()[c] * deviation.const_data_ptr<float>()[c];
    Floats factors = rows.spread(factor.data()), slopes = rows.spread(slope.data()), constants = rows.spread(constant.data());
    const auto write = [&](std::size_t first, std::size_t count) {
        writeGradients(from(first), count, width, factors.data(), slopes.data(), constants.data(), dx.data_ptr<BFloat16>() + first * width,
                       wantsSummand ? dSummand.data_ptr<BFloat16>() + first * width : nullptr);
    };

    Floats sums(rows.parts() * width), products(rows.parts() * width);
    const Floats means = rows.spread(mean.const_data_ptr<float>());
    const std::size_t block = std::max<std::size_t>(1, kBlockValues / width);
    rows.forParts([&](std::size_t part, std::size_t first, std::size_t count) {
        for (std::size_t row = first; row < first + count; row += block) {
            const std::size_t some = std::min(block, first + count - row);
            addGradientSums(from(row), some, width, means.data(), sums.data() + part * width, products.data() + part * width);
            if (!followsBatch)
                write(row, some);
        }
    });
    const std::vector<double> sum = rows.gathered(sums), product = rows.gathered(products);
    const at::Tensor dScale = at::empty_like(scale), dShift = at::empty_like(scale);
    const auto values = static_cast<double>(rows.count * rows.copies);
    for (std::size_t c = 0; c < rows.channels; ++c) {
        const double inverse = deviation.const_data_ptr<float>()[c];
        dScale.data_ptr<float>()[c] = static_cast<float>(product[c] * inverse);
        dShift.data_ptr<float>()[c] = static_cast<float>(sum[c]);
        slope[c] = static_cast<float>(-factor[c] * inverse * inverse * product[c] / values);
        constant[c] = static_cast<float>(-factor[c] * sum[c] / values) - slope[c] * mean.const_data_ptr<float>()[c];
    }
    if (followsBatch) {
        slopes = rows.spread(slope.data());
        constants = rows.spread(constant.data());
        rows.forParts([&](std::size_t, std::size_t first, std::size_t count) { write(first, count); });
    }
    return {dx, dSummand, dScale, dShift};
}

template <class Signature> auto operatorNamed(const char *name)
{
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

} // namespace

// By the dispatcher, as LibTorch's own: whoever records operations sees them.
TORCH_LIBRARY(whisker, library)
{
    library.def("norm_forward(Tensor x, Tensor? summand, Tensor scale, Tensor shift, Tensor(a!) mean, Tensor(b!) variance, float momentum, float epsilon, bool follows_batch, "
                "float low, float high) -> (Tensor, Tensor, Tensor)");
    library.def("norm_backward(Tensor dy, Tensor x, Tensor y, Tensor scale, Tensor mean, Tensor deviation, bool follows_batch, float low, float high, bool wants_summand) "
                "-> (Tensor, Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(whisker, CPU, library)
{
    library.impl("norm_forward", computeForward);
    library.impl("norm_backward", computeBackward);
}

NormForward normForward(const at::Tensor &x, const std::optional<at::Tensor> &summand, const NormTensors &norm, const NormActivation &settings)
{
    static const auto forward = operatorNamed<decltype(computeForward)>("whisker::norm_forward");
    auto [y, mean, deviation] = forward.call(x, summand, norm.scale, norm.shift, norm.mean, norm.variance, settings.momentum, settings.epsilon, settings.followsBatch,
                                             static_cast<double>(settings.limits.low), static_cast<double>(settings.limits.high));
    return {std::move(y), std::move(mean), std::move(deviation)};
}

NormBackward normBackward(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &y, const at::Tensor &scale, const at::Tensor &mean, const at::Tensor &deviation,
                          bool followsBatch, Limits limits, bool wantsSummand)
{
    static const auto backward = operatorNamed<decltype(computeBackward)>("whisker::norm_backward");
    auto [dx, dSummand, dScale, dShift] = backward.call(dy, x, y, scale, mean, deviation, followsBatch, static_cast<double>(limits.low), static_cast<double>(limits.high), wantsSummand);
    return {std::move(dx), std::move(dSummand), std::move(dScale), std::move(dShift)};
}

} // namespace whisker::internal
