// Pictures a second that a network is trained on: of a made-up batch in memory, which is the most there can be, and from files, epoch by epoch, in turn.
// Before that the same pictures as they are validated: from files, and from the cache that the first time filled; in turn, with the processor's time.
// "fine-tune": batch norms keep their statistics. Weights are random either way: that makes no difference to the speed.
// Usage: trainer_bench ARCHITECTURE FOLDER SIZE BATCH EPOCHS CACHE [fine-tune]
#include "engine/base/counter_random.h"
#include "engine/base/thread_pool.h"
#include "engine/data/load_data.h"
#include "engine/train/internal/batch_loader.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/internal/prepared_pictures.h"
#include "engine/train/internal/starting_network.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>

namespace whisker {
namespace {

using namespace internal;

constexpr double kRate = 1e-4;
constexpr int kValidations = 4;
constexpr int kMadeUpSteps = 12; // the first two prepare kernels and are not counted

class Watch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

double processorSeconds(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Value> Value need(Result<Value> result)
{
    if (result)
        return *std::move(result);
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
}

/// Returns the speed.
double benchMadeUp(NetworkTrainer &trainer, const TrainConfig &config)
{
    TrainingBatch batch;
    CounterRandom random(1);
    batch.pixels.resize(std::size_t(3) * static_cast<std::size_t>(config.batch) * static_cast<std::size_t>(config.sizePx) * static_cast<std::size_t>(config.sizePx));
    std::ranges::generate(batch.pixels, [&] { return static_cast<std::uint8_t>(random.next() >> 56); });
    for (int i = 0; i < config.batch; ++i)
        batch.labels.push_back(i % 2);
    for (int step = 0; step < 2; ++step)
        trainer.step(batch, step, kRate);
    const Watch watch;
    for (int step = 2; step < kMadeUpSteps; ++step)
        trainer.step(batch, step, kRate);
    const double speed = (kMadeUpSteps - 2) * config.batch / watch.seconds();
    std::printf("made-up input: %.1f img/s\n", speed);
    std::fflush(stdout);
    return speed;
}

void benchEpochs(NetworkTrainer &trainer, const TrainConfig &config, const Preprocessing &preprocessing, const Snapshot &snapshot, const char *cache)
{
    const int steps = BatchLoader::stepsPerEpoch(snapshot.indicesOf(Split::Train).size(), config);
    BatchLoader loader(snapshot, config, preprocessing, cache, 0);
    double before = benchMadeUp(trainer, config);
    for (int epoch = 0; epoch < config.epochs; ++epoch) {
        const Watch watch;
        const double waited = loader.waitedSeconds();
        int pictures = 0;
        for (int step = 0; step < steps; ++step) {
            TrainingBatch batch = loader.next();
            pictures += batch.size();
            trainer.step(std::move(batch), kMadeUpSteps + epoch * steps + step, kRate);
        }
        const double seconds = watch.seconds();
        std::printf("epoch %d: %.1f img/s, waited for pictures %.1f %%\n", epoch, pictures / seconds, 100 * (loader.waitedSeconds() - waited) / seconds);
        std::fflush(stdout);
        const double after = benchMadeUp(trainer, config);
        std::printf("epoch %d is %.1f %% of the made-up input around it\n", epoch, 100 * pictures / seconds / ((before + after) / 2));
        before = after;
    }
}

void benchValidation(const StartingNetwork &start, const Weights &weights, Precision precision, const TrainConfig &config, const Snapshot &snapshot, const char *cache)
{
    const InferencePlan plan = need(InferencePlan::compile(start.graph, weights, planOptionsFor(start.preprocessing, precision)));
    const std::vector<std::size_t> entries = snapshot.indicesOf(Split::Train);
    PreparedPictures fromFiles(snapshot, entries, start.preprocessing), fromCache(snapshot, entries, start.preprocessing, cache);
    const auto look = [&](const char *name, PreparedPictures &pictures) {
        std::atomic<double> preparing = 0.0;
        const auto timed = [&, source = pictures.source(entries)](std::size_t index) {
            const double begin = processorSeconds(CLOCK_THREAD_CPUTIME_ID);
            auto picture = source(index);
            preparing += processorSeconds(CLOCK_THREAD_CPUTIME_ID) - begin;
            return picture;
        };
        const Watch watch;
        const double begin = processorSeconds(CLOCK_PROCESS_CPUTIME_ID), count = static_cast<double>(entries.size());
        runPictures(plan, start.preprocessing, entries.size(), timed, {.threads = config.threads}, [](std::size_t, const auto &) {});
        std::printf("validation %s: %.1f img/s, %.2f ms of a core each, of it %.3f before the network\n", name, count / watch.seconds(),
                    1e3 * (processorSeconds(CLOCK_PROCESS_CPUTIME_ID) - begin) / count, 1e3 * preparing / count);
        std::fflush(stdout);
    };
    look("keeping them", fromCache);
    for (int round = 0; round < kValidations; ++round) {
        look("from files", fromFiles);
        look("from the cache", fromCache);
    }
}

int run(char **arguments, bool fineTunes)
{
    TrainConfig wish;
    wish.mode = fineTunes ? TrainMode::FineTune : TrainMode::Scratch;
    wish.architecture = arguments[1];
    wish.sizePx = std::atoi(arguments[3]);
    wish.batch = std::atoi(arguments[4]);
    wish.epochs = std::atoi(arguments[5]);
    const TrainConfig config = need(completed(wish));
    const Snapshot snapshot = need(loadData(arguments[2])).snapshot;
    const StartingNetwork start = need(startFromScratch(config, snapshot.classes.size()));
    setComputeThreads(config.threads);
    const Device device = need(chooseDevice("cpu"));
    NetworkTrainer trainer(start.graph, config, start.preprocessing, device, choosePrecision(config.precision, device), {});
    if (fineTunes)
        trainer.keepNormStatistics();
    benchMadeUp(trainer, config);
    benchValidation(start, trainer.weights(), choosePrecision(config.precision, device), config, snapshot, arguments[6]);
    benchEpochs(trainer, config, start.preprocessing, snapshot, arguments[6]);
    return 0;
}

} // namespace
} // namespace whisker

int main(int count, char **arguments)
{
    if (count < 7) {
        std::fprintf(stderr, "Usage: trainer_bench ARCHITECTURE FOLDER SIZE BATCH EPOCHS CACHE [fine-tune]\n");
        return 2;
    }
    try {
        return whisker::run(arguments, count > 7 && std::strcmp(arguments[7], "fine-tune") == 0);
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 1;
    }
}
