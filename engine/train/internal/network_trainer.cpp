#include "engine/train/internal/network_trainer.h"

#include "engine/base/counter_random.h"
#include "engine/nn/internal/normalise.h"
#include "engine/nn/internal/trainable_module.h"
#include "engine/train/internal/autocast_scope.h"
#include "engine/train/internal/device_feed.h"
#include "engine/train/internal/graphed_pass.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/memory_meter.h"
#include "engine/train/internal/optimizer.h"
#include "engine/train/internal/step_inputs.h"
#include "engine/train/internal/training_loss.h"
#include "engine/train/internal/weight_average.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace whisker::internal {

namespace {

at::Device torchDevice(const Device &device)
{
    return device.kind == Device::Kind::Cpu ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
}

/// Nothing for the CPU. Not the default one: graphs can't be recorded there.
std::optional<c10::Stream> streamOf(at::Device device)
{
    if (device.is_cpu())
        return std::nullopt;
    return c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, false);
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
    Data(const ArchitectureGraph &graph, const TrainConfig &config, const Normalisation &normal, at::Device where, Precision wanted,
         const std::vector<float> &classWeights)
        : device(where), stream(streamOf(where)), module(graph, config.seed), normalisation(normal), precision(wanted), seed(config.seed),
          sizePx(config.sizePx), loss(config.labelSmoothing, classWeights, where), mixer(config), feed(where, stream)
    {
    }

    const at::Device device;
    const std::optional<c10::Stream> stream; ///< Where all is computed; nothing on the CPU.
    TrainableModule module;
    const Normalisation normalisation;
    const Precision precision;
    const std::uint64_t seed;
    const int sizePx;
    const TrainingLoss loss;
    const BatchMixer mixer;
    DeviceFeed feed;
    std::unique_ptr<Optimizer> optimizer{}; // made once the parameters are where they stay
    std::optional<WeightAverage> average{};
    int microBatch = 0;
    std::function<void(int)> beforePictures{};
    std::stop_token stop{};                                 // of the step that is computed; never of one that a GPU plays
    std::vector<at::Tensor> statistics{}, keptStatistics{}; // running ones of batch norms, and as they were before the step
    at::Tensor coefficients{};                              // of the normalisation, on a GPU
    std::unique_ptr<GraphedPass> graphed{};                 // on a GPU

    bool asOnGpu() const { return graphed != nullptr; }
    void goTheWaysOfGpus();
    void copyStatistics(std::vector<at::Tensor> &to, const std::vector<at::Tensor> &from) const;
    void forgetStep();
    std::uint64_t dropoutSeed(std::int64_t number, std::uint64_t part) const { return CounterRandom(seed, static_cast<std::uint64_t>(number), part).next(); }

    PassResult forward(const StepInputs &inputs, double share);
    PassResult forwardAndBackward(const StepInputs &inputs, double share);
    StepResult addGradients(const StepInputs &inputs, double share);
    StepResult addGradients(const StepInputs &batch, std::int64_t number);
    std::optional<StepResult> tryGradients(const StepInputs &batch, std::int64_t number);
};

void NetworkTrainer::Data::goTheWaysOfGpus()
{
    coefficients = normalisationCoefficients(normalisation).to(device);
    graphed = std::make_unique<GraphedPass>(device, module.parameters(), [this](const StepInputs &inputs) { return forwardAndBackward(inputs, 1.0); });
}

void NetworkTrainer::Data::copyStatistics(std::vector<at::Tensor> &to, const std::vector<at::Tensor> &from) const
{
    const c10::NoGradGuard noGradient;
    if (!to.empty())
        at::_foreach_copy_(to, from, true);
}

/// As if the step had not begun.
void NetworkTrainer::Data::forgetStep()
{
    for (at::Tensor &parameter : module.parameters())
        parameter.mutable_grad() = at::Tensor();
    copyStatistics(statistics, keptStatistics);
}

/// `share`: of the batch; the loss counts as in the whole batch.
PassResult NetworkTrainer::Data::forward(const StepInputs &inputs, double share)
{
    const bool bf16 = precision == Precision::BFloat16;
    const at::ScalarType type = bf16 ? at::kBFloat16 : at::kFloat;
    const at::Tensor &bytes = inputs.pixels;
    const at::Tensor x = asOnGpu() ? normalise(bytes, coefficients, type)
                                   : normalise(std::span(bytes.const_data_ptr<std::uint8_t>(), bytes.nbytes()), static_cast<int>(inputs.size()), sizePx,
                                               normalisation, type);
    at::Tensor logits;
    {
        const AutocastScope autocast(device.type(), bf16);
        logits = module.forward(x, inputs.masks, stop).logits.to(at::kFloat);
    }
    at::Tensor sum = loss(logits, inputs.labels, inputs.partners, inputs.shares);
    if (share < 1.0)
        sum = sum * share;
    return {sum, logits.detach().argmax(1).eq(inputs.labels).sum()};
}

PassResult NetworkTrainer::Data::forwardAndBackward(const StepInputs &inputs, double share)
{
    PassResult result = forward(inputs, share);
    result.loss.backward();
    return {result.loss.detach(), result.correct};
}

/// Of these pictures alone. The CPU looks at the loss before it goes back from it; a GPU is waited for once, when all was said to it.
StepResult NetworkTrainer::Data::addGradients(const StepInputs &inputs, double share)
{
    if (beforePictures)
        beforePictures(static_cast<int>(inputs.size()));
    std::optional<PassResult> pass;
    if (asOnGpu() && share == 1.0)
        pass = graphed->play(inputs);
    if (!pass)
        pass = asOnGpu() ? forwardAndBackward(inputs, share) : forward(inputs, share);
    const StepResult result{pass->loss.item<double>(), static_cast<int>(pass->correct.item<std::int64_t>())};
    if (!asOnGpu() && std::isfinite(result.loss))
        pass->loss.backward();
    return result;
}

StepResult NetworkTrainer::Data::addGradients(const StepInputs &batch, std::int64_t number)
{
    const auto total = static_cast<int>(batch.size());
    StepResult sum;
    std::int64_t first = 0;
    std::uint64_t part = 1;
    for (const int count : microBatchSizes(total, microBatch > 0 ? microBatch : total)) {
        StepInputs piece = count == total ? batch : batch.piece(first, count);
        if (piece.masks.empty()) {
            for (const at::Tensor &mask : module.dropoutMasks(count, dropoutSeed(number, part)))
                piece.masks.push_back(mask.to(device));
        }
        const StepResult result = addGradients(piece, static_cast<double>(count) / total);
        sum.loss += result.loss;
        sum.correct += result.correct;
        if (!std::isfinite(sum.loss))
            return sum;
        first += count;
        ++part;
    }
    return sum;
}

/// Nothing where memory ran out: then all is as before the step, and less will be asked for.
std::optional<StepResult> NetworkTrainer::Data::tryGradients(const StepInputs &batch, std::int64_t number)
{
    try {
        return addGradients(batch, number);
    } catch (const std::exception &exception) {
        if (!isOutOfMemory(exception))
            throw;
    }
    forgetStep();
    if (asOnGpu() && graphed->holdsGraph()) { // it holds as much as a whole pass needs
        graphed->giveUp();
        return std::nullopt;
    }
    const auto total = static_cast<int>(batch.size());
    const int tried = microBatch > 0 ? std::min(microBatch, total) : total;
    if (tried < 4)
        throw OutOfMemory();
    microBatch = tried / 2;
    return std::nullopt;
}

NetworkTrainer::NetworkTrainer(const ArchitectureGraph &graph, const TrainConfig &config, const Preprocessing &preprocessing,
                               const Device &device, Precision precision, std::vector<float> classWeights)
{
    const at::Device where = torchDevice(device);
    if (!where.is_cpu())
        computeRepeatably();
    m_data = std::make_unique<Data>(graph, config, Normalisation{preprocessing.mean, preprocessing.std}, where, precision, classWeights);
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    m_data->module.moveTo(where);
    m_data->module.train();
    for (const at::Tensor &statistic : m_data->module.buffers()) {
        m_data->statistics.push_back(statistic);
        m_data->keptStatistics.push_back(statistic.clone());
    }
    m_data->optimizer = makeOptimizer(config, namedParameters(m_data->module));
    if (config.averageDecay > 0.0)
        m_data->average.emplace(namedTensors(m_data->module), config.averageDecay);
    if (!where.is_cpu())
        m_data->goTheWaysOfGpus();
}

NetworkTrainer::~NetworkTrainer() = default;

void NetworkTrainer::computeAsOnGpu()
{
    m_data->goTheWaysOfGpus();
}

bool NetworkTrainer::wantsBatchesAhead() const
{
    return m_data->asOnGpu();
}

std::string NetworkTrainer::takeNote()
{
    return m_data->asOnGpu() ? m_data->graphed->takeNote() : std::string();
}

PreparedBatch NetworkTrainer::prepare(TrainingBatch batch, std::int64_t number)
{
    PreparedBatch prepared{.batch = std::move(batch), .number = number};
    prepared.mixed = m_data->mixer.mix(prepared.batch, number);
    if (!m_data->asOnGpu() || prepared.batch.size() == 0)
        return prepared;
    StepInputs inputs = StepInputs::of(prepared.batch, prepared.mixed, m_data->sizePx);
    inputs.masks = m_data->module.dropoutMasks(inputs.size(), m_data->dropoutSeed(number, 1));
    prepared.place = m_data->feed.send(inputs.all());
    return prepared;
}

StepResult NetworkTrainer::step(TrainingBatch batch, std::int64_t number, double learningRate)
{
    return *step(prepare(std::move(batch), number), learningRate, {});
}

std::optional<StepResult> NetworkTrainer::step(const PreparedBatch &prepared, double learningRate, const std::stop_token &stop)
{
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    const bool fed = m_data->asOnGpu();
    const StepInputs inputs = fed ? StepInputs::from(m_data->feed.receive(prepared.place), !prepared.mixed.partners.empty())
                                  : StepInputs::of(prepared.batch, prepared.mixed, m_data->sizePx);
    m_data->copyStatistics(m_data->keptStatistics, m_data->statistics);
    std::optional<StepResult> result;
    m_data->stop = fed ? std::stop_token() : stop;
    try {
        while (!result)
            result = m_data->tryGradients(inputs, prepared.number);
    } catch (const PassLeft &) {
        m_data->forgetStep();
        return std::nullopt;
    }
    if (fed)
        m_data->feed.done(prepared.place);
    if (!std::isfinite(result->loss)) {
        m_data->forgetStep();
        return result;
    }
    m_data->optimizer->step(learningRate);
    if (m_data->average)
        m_data->average->follow(prepared.number);
    return result;
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

std::optional<std::uint64_t> NetworkTrainer::tryPictures(int pictures, const std::stop_token &stop)
{
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    StepInputs grey{at::full({pictures, m_data->sizePx, m_data->sizePx, 3}, 128, at::TensorOptions(at::kByte).device(m_data->device)),
                    at::zeros({pictures}, at::TensorOptions(at::kLong).device(m_data->device))};
    for (const at::Tensor &mask : m_data->module.dropoutMasks(pictures, 0))
        grey.masks.push_back(mask.to(m_data->device));
    m_data->copyStatistics(m_data->keptStatistics, m_data->statistics);
    m_data->stop = m_data->asOnGpu() ? std::stop_token() : stop;
    const MemoryMeter meter;
    try {
        if (m_data->beforePictures)
            m_data->beforePictures(pictures);
        m_data->forwardAndBackward(grey, 1.0);
    } catch (const PassLeft &) {
        m_data->forgetStep();
        return std::nullopt;
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
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
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
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    Weights weights = m_data->module.weights();
    if (m_data->average)
        m_data->average->putInto(weights);
    return weights;
}

Weights NetworkTrainer::state() const
{
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    Weights all = m_data->module.weights();
    m_data->optimizer->save(all);
    if (m_data->average)
        m_data->average->save(all);
    return all;
}

Result<void> NetworkTrainer::load(const Weights &state, std::int64_t steps)
{
    const c10::OptionalStreamGuard onOwnStream(m_data->stream);
    if (auto loaded = m_data->module.load(state); !loaded)
        return loaded;
    if (auto loaded = m_data->optimizer->load(state, steps); !loaded)
        return loaded;
    return m_data->average ? m_data->average->load(state) : Result<void>();
}

} // namespace whisker::internal
