#include "engine/train/rate_finder.h"

#include "engine/train/internal/batch_loader.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/internal/starting_network.h"
#include "engine/train/internal/time_forecast.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <utility>

namespace whisker {

namespace {

using namespace internal;

constexpr double kSmoothing = 0.9;  // of the running mean of losses: it remembers ten steps
constexpr double kRunAway = 4.0;    // times the least loss so far: nothing is to be learnt beyond
constexpr double kLeastFall = 0.95; // of the first loss

class RangeTest {
public:
    RangeTest(const Snapshot &snapshot, TrainConfig config, const RateRange &range, const TrainEvents &events, std::stop_token stop)
        : m_snapshot(snapshot), m_config(std::move(config)), m_range(range), m_events(events), m_stop(std::move(stop)),
          m_usable(snapshot.entries.size(), true)
    {
        const int stepsPerEpoch = BatchLoader::stepsPerEpoch(m_snapshot.indicesOf(Split::Train).size(), m_config);
        m_config.epochs = (m_range.steps + stepsPerEpoch - 1) / stepsPerEpoch; // that many pictures are needed
    }

    /// `availableBytes`: in place of what the machine has.
    Result<RateCurve> run(const Device &device, Precision precision, std::optional<std::uint64_t> availableBytes)
    {
        const auto start = startFromScratch(m_config, m_snapshot.classes.size());
        if (!start)
            return std::unexpected(start.error());
        NetworkTrainer trainer(start->graph, m_config, start->preprocessing, device, precision, classWeightsFor(m_config, m_snapshot));
        fitIntoMemory(trainer, device, availableBytes);
        BatchLoader loader(m_snapshot, m_config, start->preprocessing, {}, 0); // most of it sees a picture once
        RateCurve curve;
        for (int number = 0; number < m_range.steps; ++number) {
            if (m_stop.stop_requested())
                return stopped();
            TrainingBatch batch = loader.next();
            leaveOut(batch);
            const int images = batch.size();
            if (images < 2)
                continue;
            const double rate = m_range.lowest * std::pow(m_range.highest / m_range.lowest, static_cast<double>(number) / (m_range.steps - 1));
            const auto step = trainer.step(trainer.prepare(std::move(batch), number), rate, m_stop);
            if (!step)
                return stopped();
            tellMicroBatch(trainer.microBatch());
            if (!std::isfinite(step->loss))
                break;
            take(curve.points, rate, step->loss);
            tell(number + 1, images);
            if (curve.points.back().smoothedLoss > kRunAway * m_least)
                break;
        }
        if (const auto checked = checkEveryClassHasTraining(m_snapshot, m_usable); !checked)
            return std::unexpected(checked.error());
        curve.suggestion = suggestedRate(curve.points);
        return curve;
    }

private:
    static std::unexpected<Error> stopped() { return fail(ErrorCode::Cancelled, "The search for a learning rate was stopped."); }

    int batchSize() const { return BatchLoader::batchSize(m_snapshot.indicesOf(Split::Train).size(), m_config); }

    void fitIntoMemory(NetworkTrainer &trainer, const Device &device, std::optional<std::uint64_t> availableBytes)
    {
        constexpr std::uint64_t kCopies = 3; // what the optimizer and the average remember
        const auto fit = triedMemory(trainer, {.batch = batchSize(), .device = device, .availableBytes = availableBytes, .copies = kCopies, .stop = m_stop});
        if (fit && fit->microBatch < batchSize())
            trainer.setMicroBatch(fit->microBatch);
    }

    void tellMicroBatch(int pictures)
    {
        if (std::exchange(m_microBatch, pictures) != pictures && m_events.onNote)
            m_events.onNote(fmt::format("There is not enough memory for {} pictures at once, so {} are computed at a time.",
                                        batchSize(), pictures));
    }

    void leaveOut(const TrainingBatch &batch)
    {
        for (const auto &[entry, error] : batch.unreadable) {
            if (error.code == ErrorCode::Internal) // for this time
                continue;
            if (m_usable[entry] && m_events.onSkipped)
                m_events.onSkipped({m_snapshot.entries[entry].file, error.message});
            m_usable[entry] = false;
        }
    }

    void take(std::vector<RatePoint> &points, double rate, double loss)
    {
        m_running = kSmoothing * m_running + (1.0 - kSmoothing) * loss;
        m_weight = kSmoothing * m_weight + (1.0 - kSmoothing); // what the running mean lacks while it is young
        points.push_back({rate, loss, m_running / m_weight});
        m_least = points.size() == 1 ? loss : std::min(m_least, points.back().smoothedLoss);
    }

    void tell(int step, int images)
    {
        m_forecast.add(m_speed.add(static_cast<std::size_t>(images)));
        if (!m_events.onProgress)
            return;
        TrainProgress progress;
        progress.stage = TrainStage::Training;
        progress.epoch = 1;
        progress.epochs = 1;
        progress.step = step;
        progress.stepsPerEpoch = m_range.steps;
        progress.imagesPerSecond = m_speed.imagesPerSecond();
        progress.left = m_forecast.forUnits(m_range.steps - step);
        m_events.onProgress(progress);
    }

    const Snapshot &m_snapshot;
    TrainConfig m_config;
    const RateRange m_range;
    const TrainEvents &m_events;
    const std::stop_token m_stop;
    std::vector<bool> m_usable;
    int m_microBatch = 0; ///< That was told; 0: the whole batch.
    SpeedMeter m_speed;
    TimeForecast m_forecast{3}; // of steps
    double m_running = 0.0, m_weight = 0.0, m_least = 0.0;
};

Result<void> checkRange(const RateRange &range)
{
    if (range.lowest > 0.0 && range.highest > range.lowest && range.highest <= 1e6 && range.steps >= 10 && range.steps <= 10000)
        return {};
    return fail(ErrorCode::InvalidArgument, "The range of learning rates must begin above 0, end higher, at most at 1e6, and have 10 to 10000 steps.");
}

} // namespace

std::optional<double> suggestedRate(const std::vector<RatePoint> &points)
{
    if (points.empty())
        return std::nullopt;
    const auto least = std::ranges::min_element(points, {}, &RatePoint::smoothedLoss);
    if (!(least->smoothedLoss < kLeastFall * points.front().smoothedLoss))
        return std::nullopt;
    return least->learningRate / 10.0;
}

Result<RateCurve> findLearningRate(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &wish, const RateRange &range,
                                   const TrainEvents &events, std::stop_token stop)
{
    return internal::findLearningRateWithin(std::nullopt, std::move(snapshot), wish, range, events, std::move(stop));
}

Result<RateCurve> internal::findLearningRateWithin(std::optional<std::uint64_t> availableBytes, std::shared_ptr<const Snapshot> snapshot,
                                                   const TrainConfig &wish, const RateRange &range, const TrainEvents &events, std::stop_token stop)
{
    try {
        if (wish.mode == TrainMode::Quick)
            return fail(ErrorCode::InvalidArgument, "The mode quick solves for its weights and has no learning rate: choose scratch.");
        if (wish.mode == TrainMode::FineTune)
            return fail(ErrorCode::InvalidArgument, "The search for a learning rate begins with random weights, fine-tuning does not: choose scratch.");
        if (const auto checked = checkRange(range); !checked)
            return std::unexpected(checked.error());
        const auto ready = readyRun(*snapshot, wish);
        if (!ready)
            return std::unexpected(ready.error());
        setComputeThreads(ready->config.threads);
        if (events.onStage)
            events.onStage({TrainStage::Training, "Trying learning rates"});
        return RangeTest(*snapshot, ready->config, range, events, std::move(stop)).run(ready->device, ready->precision, availableBytes);
    } catch (const std::exception &exception) {
        const std::string text = exception.what();
        return fail(ErrorCode::Internal, "The search for a learning rate failed: " + text.substr(0, text.find('\n')));
    }
}

} // namespace whisker
