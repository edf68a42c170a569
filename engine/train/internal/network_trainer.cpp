#include "engine/train/internal/network_trainer.h"

#include "engine/base/counter_random.h"
#include "engine/nn/internal/normalise.h"
#include "engine/nn/internal/trainable_module.h"
#include "engine/train/internal/batch_mixer.h"
#include "engine/train/internal/optimizer.h"
#include "engine/train/internal/training_loss.h"
#include "engine/train/internal/weight_average.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include <cmath>
#include <memory>
#include <optional>
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
};

NetworkTrainer::NetworkTrainer(const ArchitectureGraph &graph, const TrainConfig &config, const Preprocessing &preprocessing,
                               const Device &device, Precision precision, std::vector<float> classWeights)
    : m_data(new Data{TrainableModule(graph, config.seed), torchDevice(device), {preprocessing.mean, preprocessing.std}, precision,
                      config.seed, config.sizePx, TrainingLoss(config.labelSmoothing, std::move(classWeights)), BatchMixer(config)})
{
    m_data->module.moveTo(m_data->device);
    m_data->module.train();
    m_data->optimizer = makeOptimizer(config, namedParameters(m_data->module));
    if (config.averageDecay > 0.0)
        m_data->average.emplace(namedTensors(m_data->module), config.averageDecay);
}

NetworkTrainer::~NetworkTrainer() = default;

StepResult NetworkTrainer::step(TrainingBatch batch, std::int64_t number, double learningRate)
{
    const MixedLabels mixed = m_data->mixer.mix(batch, number);
    const bool bf16 = m_data->precision == Precision::BFloat16;
    const at::Tensor x = normalise(batch.pixels, batch.size(), m_data->sizePx, m_data->normalisation, bf16 ? at::kBFloat16 : at::kFloat)
                             .to(m_data->device);
    const at::Tensor labels = at::tensor(batch.labels, at::kLong).to(m_data->device);
    const std::uint64_t dropoutSeed = CounterRandom(m_data->seed, static_cast<std::uint64_t>(number), 1).next();
    at::Tensor logits;
    {
        const AutocastScope autocast(m_data->device.type(), bf16);
        logits = m_data->module.forward(x, dropoutSeed).logits.to(at::kFloat);
    }
    const at::Tensor loss = m_data->loss(logits, labels, mixed);
    StepResult result{loss.item<double>(), static_cast<int>(logits.argmax(1).eq(labels).sum().item<std::int64_t>())};
    if (!std::isfinite(result.loss))
        return result;
    loss.backward();
    m_data->optimizer->step(learningRate);
    if (m_data->average)
        m_data->average->follow(number);
    return result;
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
