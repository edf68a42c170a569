#include "engine/train/speed_probe.h"

#include "engine/base/atomic_file.h"
#include "engine/base/counter_random.h"
#include "engine/base/locations.h"
#include "engine/base/log.h"
#include "engine/base/thread_pool.h"
#include "engine/nn/inference_plan.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/picture_pipeline.h"
#include "engine/train/internal/starting_network.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <functional>

namespace whisker {

namespace {

using namespace internal;
using nlohmann::json;

constexpr int kPictures = 8; // a step
constexpr int kSteps = 3;    // the first of them prepares kernels and is not counted
constexpr double kRate = 1e-4;

TrainingBatch madeUpBatch(int sizePx)
{
    TrainingBatch batch;
    CounterRandom random(1);
    batch.pixels.resize(std::size_t(3) * kPictures * static_cast<std::size_t>(sizePx) * static_cast<std::size_t>(sizePx));
    std::ranges::generate(batch.pixels, [&] { return static_cast<std::uint8_t>(random.next() >> 56); });
    for (int i = 0; i < kPictures; ++i)
        batch.labels.push_back(i % 2);
    return batch;
}

std::unexpected<Error> stopped()
{
    return fail(ErrorCode::Cancelled, "The measuring was stopped.");
}

/// Pictures a second of the fastest counted step; nothing where it was stopped.
Result<double> fastest(const std::function<Result<void>(int step)> &doStep, const std::stop_token &stop)
{
    using Clock = std::chrono::steady_clock;
    double least = 0.0;
    for (int step = 0; step < kSteps; ++step) {
        if (stop.stop_requested())
            return stopped();
        const auto begin = Clock::now();
        if (const auto done = doStep(step); !done)
            return std::unexpected(done.error());
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        if (step == 1 || (step > 1 && seconds < least))
            least = seconds;
    }
    return kPictures / std::max(least, 1e-9);
}

Result<NetworkSpeed> measured(const StartingNetwork &start, const TrainConfig &config, const std::stop_token &stop)
{
    const Device device = *chooseDevice("cpu");
    const Precision precision = choosePrecision(config.precision, device);
    NetworkTrainer trainer(start.graph, config, start.preprocessing, device, precision, {});
    const TrainingBatch batch = madeUpBatch(config.sizePx);
    const auto learning = fastest(
        [&](int step) -> Result<void> {
            if (!trainer.step(trainer.prepare(batch, step), kRate, stop))
                return stopped();
            return {};
        },
        stop);
    if (!learning)
        return std::unexpected(learning.error());
    const auto plan = InferencePlan::compile(start.graph, trainer.weights(), planOptionsFor(start.preprocessing, precision));
    if (!plan)
        return std::unexpected(plan.error());
    const auto looking = fastest(
        [&](int) -> Result<void> {
            const auto features = plan->run(batch.pixels, kPictures, config.sizePx, PlanOutput::Features);
            return features ? Result<void>() : std::unexpected(features.error());
        },
        stop);
    if (!looking)
        return std::unexpected(looking.error());
    return NetworkSpeed{*learning, *looking};
}

/// The same for the same processor, as many of its threads, and program.
std::string machineKey()
{
    std::string model = "processor";
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) {
            model = line.substr(std::min(line.size(), line.find(':') + 2));
            break;
        }
    }
    return fmt::format("{}, {} threads, Whisker {}", model, usableProcessors(), WHISKER_VERSION);
}

} // namespace

Result<NetworkSpeed> measureSpeed(std::string_view architecture, std::stop_token stop)
{
    try {
        TrainConfig wish;
        wish.mode = TrainMode::Scratch;
        wish.architecture = std::string(architecture);
        wish.batch = kPictures;
        const auto config = completed(wish);
        if (!config)
            return std::unexpected(config.error());
        if (stop.stop_requested())
            return stopped();
        const auto start = startFromScratch(*config, 2);
        if (!start)
            return std::unexpected(start.error());
        setComputeThreads(config->threads);
        return measured(*start, *config, stop);
    } catch (const std::exception &exception) {
        const std::string text = exception.what();
        return fail(ErrorCode::Internal, "The speed can't be measured: " + text.substr(0, text.find('\n')));
    }
}

NetworkSpeeds measureSpeeds(std::span<const ArchitectureInfo> networks, const std::filesystem::path &file, const SpeedMeasure &measure,
                            const std::function<void(const NetworkSpeeds &)> &tell, std::stop_token stop)
{
    NetworkSpeeds speeds = readSpeeds(file);
    tell(speeds);
    for (const ArchitectureInfo &network : networks) {
        const std::string name(network.name);
        if (speeds.contains(name))
            continue;
        const auto speed = measure(name, stop);
        if (stop.stop_requested())
            break;
        if (!speed) {
            logMessage(LogLevel::Warning, speed.error().message);
            continue;
        }
        speeds[name] = *speed;
        if (const auto written = writeSpeeds(file, speeds); !written)
            logMessage(LogLevel::Warning, written.error().message);
        tell(speeds);
    }
    return speeds;
}

std::filesystem::path speedsFile()
{
    return userCacheFolder() / "speeds.json";
}

NetworkSpeeds readSpeeds(const std::filesystem::path &file)
{
    NetworkSpeeds speeds;
    const auto bytes = readFile(file, 1 << 20);
    if (!bytes)
        return speeds;
    const json all = json::parse(reinterpret_cast<const char *>(bytes->data()), reinterpret_cast<const char *>(bytes->data()) + bytes->size(), nullptr, false);
    const auto own = all.is_object() ? all.find(machineKey()) : all.end();
    if (!all.is_object() || own == all.end() || !own->is_object())
        return speeds;
    for (const auto &[name, pair] : own->items()) {
        if (pair.is_array() && pair.size() == 2 && pair[0].is_number() && pair[1].is_number())
            speeds[name] = {pair[0].get<double>(), pair[1].get<double>()};
    }
    return speeds;
}

Result<void> writeSpeeds(const std::filesystem::path &file, const NetworkSpeeds &speeds)
{
    json own = json::object();
    for (const auto &[name, speed] : speeds)
        own[name] = {speed.learning, speed.looking};
    std::error_code failed; // then the file can't be written either, and says why
    std::filesystem::create_directories(file.parent_path(), failed);
    return writeFileAtomically(file, json{{machineKey(), own}}.dump(1, ' ', false, json::error_handler_t::replace));
}

} // namespace whisker
