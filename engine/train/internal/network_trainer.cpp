#include "engine/train/internal/network_trainer.h"

#include "engine/base/counter_random.h"
#include "engine/nn/internal/normalise.h"
#include "engine/nn/internal/trainable_module.h"
#include "engine/train/internal/batch_mixer.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/memory_meter.h"
#include "engine/train/internal/optimizer.h"
#include "engine/train/internal/training_loss.h"
#include "engine/train/internal/weight_average.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace whisker::internal {

namespace {

/// bf16 for what gains by it, while it lives. The casts of weights that autocast keeps are dropped at the end: the next step has other weights.
class AutocastScope {
public:
    AutocastScope(at::DeviceType device, bool on) : m_device(device), m_on(on)
    {
        if (!m_on)
            return;
        at::autocast::set_autocast_enabled(m_device, true);
        at::autocast::set_autocast_dtype(m_device, at::kBFloat16);
    }
    AutocastScope(const AutocastScope &) = delete;
    AutocastScope &operator=(const AutocastScope &) = delete;
    ~AutocastScope()
    {
        if (!m_on)
            return;
        at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(m_device, false);
    }

private:
    at::DeviceType m_device;
    bool m_on;
};

at::Device torchDevice(const Device &device)
{
    return device.kind == Device::Kind::Cpu ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
}

/// Parameters and running statistics.
NamedParameters namedTensors(const TrainableModule &module)
{
    NamedParameters tensors;
    for (const auto &item : module.named_parameters())
        tensors.emplace_back(item.key(), item.value());
    for (const auto &item : module.named_buffers())
        tensors.emplace_back(item.key(), item.value());
    return tensors;
}

NamedParameters namedParameters(const TrainableModule &module)
{
    NamedParameters parameters;
    for (const auto &item : module.named_parameters())
        parameters.emplace_back(item.key(), item.value());
    return parameters;
}

/// Some pictures of a batch, from one on.
struct Piece {
    std::span<const std::uint8_t> pixels;
    std::span<const std::int64_t> labels;
    MixedLabels mixed;
    std::uint64_t dropoutSeed;
    double share; ///< Of the batch.
};

Piece pieceOf(const TrainingBatch &batch, const MixedLabels &mixed, std::size_t first, std::size_t count)
{
    const std::size_t total = batch.labels.size(), bytes = batch.pixels.size() / total;
    Piece piece{std::span(batch.pixels).subspan(first * bytes, count * bytes), std::span(batch.labels).subspan(first, count), {}, 0,
                static_cast<double>(count) / static_cast<double>(total)};
    if (!mixed.partners.empty()) {
        const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(first + count);
        piece.mixed.partners.assign(mixed.partners.begin() + begin, mixed.partners.begin() + end);
        piece.mixed.shares.assign(mixed.shares.begin() + begin, mixed.shares.begin() + end);
    }
    return piece;
}

} // namespace

struct NetworkTrainer::Data {
    TrainableModule module;
    at::Device device;
    Normalisation normalisation;
    Precision precision;
    std::uint64_t seed;
    int sizePx;
    TrainingLoss loss;
    BatchMixer mixer;
    std::unique_ptr<Optimizer> optimizer{}; // made once the parameters are where they stay
    std::optional<WeightAverage> average{};
    int microBatch = 0;
    std::function<void(int)> beforePictures{};
    std::vector<at::Tensor> statistics{}, keptStatistics{}; // running ones of batch norms, and as they were before the step

    void keepStatistics()
    {
        const c10::NoGradGuard noGradient;
        for (std::size_t i = 0; i < statistics.size(); ++i)
            keptStatistics[i].copy_(statistics[i]);
    }

    /// As if the step had not begun.
    void forgetStep()
    {
        const c10::NoGradGuard noGradient;
        for (at::Tensor &parameter : module.parameters())
            parameter.mutable_grad() = at::Tensor();
        for (std::size_t i = 0; i < statistics.size(); ++i)
            statistics[i].copy_(keptStatistics[i]);
    }

    StepResult addGradients(const Piece &piece);
    StepResult addGradients(const TrainingBatch &batch, const MixedLabels &mixed, std::int64_t number);
    std::optional<StepResult> tryGradients(const TrainingBatch &batch, const MixedLabels &mixed, std::int64_t number);
};

/// Of these pictures alone; its loss counts as in the whole batch.
StepResult NetworkTrainer::Data::addGradients(const Piece &piece)
{
    const int count = static_cast<int>(piece.labels.size());
    if (beforePictures)
        beforePictures(count);
    const bool bf16 = precision == Precision::BFloat16;
    const at::Tensor x = normalise(piece.pixels, count, sizePx, normalisation, bf16 ? at::kBFloat16 : at::kFloat).to(device);
    const at::Tensor labels = at::tensor(at::ArrayRef(piece.labels.data(), piece.labels.size()), at::kLong).to(device);
    at::Tensor logits;
    {
        const AutocastScope autocast(device.type(), bf16);
        logits = module.forward(x, piece.dropoutSeed).logits.to(at::kFloat);
    }
    at::Tensor share = loss(logits, labels, piece.mixed);
    if (piece.share < 1.0)
        share = share * piece.share;
    const StepResult result{share.item<double>(), static_cast<int>(logits.argmax(1).eq(labels).sum().item<std::int64_t>())};
    if (std::isfinite(result.loss))
        share.backward();
    return result;
}

StepResult NetworkTrainer::Data::addGradients(const TrainingBatch &batch, const MixedLabels &mixed, std::int64_t number)
{
    StepResult sum;
    std::size_t first = 0;
    std::uint64_t part = 1;
    for (const int count : microBatchSizes(batch.size(), microBatch > 0 ? microBatch : batch.size())) {
        Piece piece = pieceOf(batch, mixed, first, static_cast<std::size_t>(count));
        piece.dropoutSeed = CounterRandom(seed, static_cast<std::uint64_t>(number), part++).next();
        const StepResult result = addGradients(piece);
        sum.loss += result.loss;
        sum.correct += result.correct;
        if (!std::isfinite(sum.loss))
            return sum;
        first += static_cast<std::size_t>(count);
    }
    return sum;
}

NetworkTrainer::NetworkTrainer(const ArchitectureGraph &graph, const TrainConfig &config, const Preprocessing &preprocessing,
                               const Device &device, Precision precision, std::vector<float> classWeights)
    : m_data(new Data{TrainableModule(graph, config.seed), torchDevice(device), {preprocessing.mean, preprocessing.std}, precision,
                      config.seed, config.sizePx, TrainingLoss(config.labelSmoothing, std::move(classWeights)), BatchMixer(config)})
{
    m_data->module.moveTo(m_data->device);
    m_data->module.train();
    for (const at::Tensor &statistic : m_data->module.buffers()) {
        m_data->statistics.push_back(statistic);
        m_data->keptStatistics.push_back(statistic.clone());
    }
    m_data->optimizer = makeOptimizer(config, namedParameters(m_data->module));
    if (config.averageDecay > 0.0)
        m_data->average.emplace(namedTensors(m_data->module), config.averageDecay);
}

NetworkTrainer::~NetworkTrainer() = default;

/// Nothing where memory ran out: then all is as before the step, and fewer pictures will be computed at once.
std::optional<StepResult> NetworkTrainer::Data::tryGradients(const TrainingBatch &batch, const MixedLabels &mixed, std::int64_t number)
{
    try {
        return addGradients(batch, mixed, number);
    } catch (const std::exception &exception) {
        if (!isOutOfMemory(exception))
            throw;
    }
    forgetStep();
    const int tried = microBatch > 0 ? std::min(microBatch, batch.size()) : batch.size();
    if (tried < 4)
        throw OutOfMemory();
    microBatch = tried / 2;
    return std::nullopt;
}

StepResult NetworkTrainer::step(TrainingBatch batch, std::int64_t number, double learningRate)
{
    const MixedLabels mixed = m_data->mixer.mix(batch, number);
    m_data->keepStatistics();
    std::optional<StepResult> result;
    while (!result)
        result = m_data->tryGradients(batch, mixed, number);
    if (!std::isfinite(result->loss)) {
        m_data->forgetStep();
        return *result;
    }
    m_data->optimizer->step(learningRate);
    if (m_data->average)
        m_data->average->follow(number);
    return *result;
}

void NetworkTrainer::setMicroBatch(int pictures)
{
    m_data->microBatch = pictures;
}

int NetworkTrainer::microBatch() const
{
    return m_data->microBatch;
}

void NetworkTrainer::setBeforePictures(std::function<void(int)> call)
{
    m_data->beforePictures = std::move(call);
}

std::uint64_t NetworkTrainer::tryPictures(int pictures)
{
    const auto count = static_cast<std::size_t>(pictures), edge = static_cast<std::size_t>(m_data->sizePx);
    const std::vector<std::uint8_t> grey(count * 3 * edge * edge, 128);
    const std::vector<std::int64_t> labels(count, 0);
    m_data->keepStatistics();
    const MemoryMeter meter;
    try {
        m_data->addGradients({grey, labels, {}, 0, 1.0});
    } catch (...) {
        m_data->forgetStep();
        throw;
    }
    m_data->forgetStep();
    return meter.peakBytes();
}

std::uint64_t NetworkTrainer::parameterBytes() const
{
    std::uint64_t bytes = 0;
    for (const at::Tensor &parameter : m_data->module.parameters())
        bytes += parameter.nbytes();
    return bytes;
}

Result<void> NetworkTrainer::startFrom(const Weights &weights)
{
    auto loaded = m_data->module.load(weights);
    if (loaded && m_data->average)
        m_data->average->restart();
    return loaded;
}

void NetworkTrainer::keepNormStatistics()
{
    m_data->module.keepNormStatistics();
}

Weights NetworkTrainer::weights() const
{
    Weights weights = m_data->module.weights();
    if (m_data->average)
        m_data->average->putInto(weights);
    return weights;
}

Weights NetworkTrainer::state() const
{
    Weights all = m_data->module.weights();
    m_data->optimizer->save(all);
    if (m_data->average)
        m_data->average->save(all);
    return all;
}

Result<void> NetworkTrainer::load(const Weights &state, std::int64_t steps)
{
    if (auto loaded = m_data->module.load(state); !loaded)
        return loaded;
    if (auto loaded = m_data->optimizer->load(state, steps); !loaded)
        return loaded;
    return m_data->average ? m_data->average->load(state) : Result<void>();
}

} // namespace whisker::internal
