// The loader's figures, on one thread: photographs to augmented 224 x 224 pictures, from files and from the cache, beside what can't be gone below:
// decoding alone, and copying what the cache holds. Processor time stands beside the wall's, because shared machines change their speed by the minute.
// Usage: loader_bench FOLDER OF CLASS FOLDERS [COUNT [CACHE FOLDER]]
#include "engine/image/decode.h"
#include "engine/image/decode_to_augment.h"
#include "engine/train/internal/batch_loader.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <utility>

namespace whisker {
namespace {

constexpr int kSizePx = 224;
constexpr int kEpochs = 4; // the first fills the cache

struct Time {
    double wall = 0;
    double processor = 0; // of all threads
};

Time now()
{
    timespec processor{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now().time_since_epoch();
    return {wall.count(), static_cast<double>(processor.tv_sec) + 1e-9 * static_cast<double>(processor.tv_nsec)};
}

void measure(const char *what, std::size_t pictures, const std::function<void()> &work)
{
    const Time before = now();
    work();
    const Time after = now();
    const double wall = after.wall - before.wall, processor = after.processor - before.processor;
    const auto count = static_cast<double>(pictures);
    std::printf("%-44s %7.0f a second by the wall, %7.0f a second of a core (%4.0f us each)\n", what, count / wall, count / processor,
                1e6 * processor / count);
    std::fflush(stdout);
}

Snapshot snapshotOfFiles(const std::filesystem::path &folder, std::size_t count)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    Snapshot snapshot{.classes = {"all"}};
    for (std::size_t i = 0; i < std::min(count, files.size()); ++i) // spread over all of them
        if (const auto &file = files[i * files.size() / std::min(count, files.size())]; const auto hash = hashFile(file))
            snapshot.entries.push_back({file, 0, Split::Train, *hash});
    sortEntries(snapshot);
    return snapshot;
}

void benchLoader(const Snapshot &snapshot, const std::filesystem::path &cache)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.sizePx = kSizePx;
    config.epochs = kEpochs;
    config.loaderThreads = 1;
    const int steps = internal::BatchLoader::stepsPerEpoch(snapshot.entries.size(), config);
    const auto perEpoch = static_cast<std::size_t>(steps * config.batch);
    internal::BatchLoader loader(snapshot, config, imageNetPreprocessing(kSizePx), cache, 0);
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
        measure(epoch == 0 ? "loader, first epoch: from files" : "loader, later epoch: from the cache", perEpoch, [&] {
            for (int step = 0; step < steps; ++step)
                for (const std::string &note : loader.next().notes)
                    std::printf("%s\n", note.c_str());
        });
    }
}

void benchLimits(const Snapshot &snapshot)
{
    const int edge = shortEdgeToAugmentPx({}, kSizePx);
    std::vector<PlanarImage> pictures;
    measure("reading, decoding to RGB, no more", snapshot.entries.size(), [&] {
        for (const SnapshotEntry &entry : snapshot.entries)
            if (const auto bytes = readPictureFile(entry.file))
                (void)decodeImage(*bytes, entry.file, {.shortEdgeAtLeastPx = edge});
    });
    const auto read = [&](auto use) {
        for (const SnapshotEntry &entry : snapshot.entries)
            if (const auto bytes = readPictureFile(entry.file))
                if (auto picture = decodedToAugment(*bytes, entry.file, edge))
                    use(*std::move(picture));
    };
    measure("reading, decoding to planes, making smaller", snapshot.entries.size(), [&] { read([](const PlanarImage &) {}); });
    read([&](PlanarImage picture) { pictures.push_back(std::move(picture)); });
    std::size_t bytes = 0;
    for (const PlanarImage &picture : pictures)
        bytes += picture.pixels.size();
    std::printf("%.0f KB a picture in the cache\n", static_cast<double>(bytes) / 1e3 / static_cast<double>(std::max<std::size_t>(pictures.size(), 1)));
    std::vector<std::uint8_t> target(16 << 20);
    measure("copying what the cache holds", pictures.size(), [&] {
        for (const PlanarImage &picture : pictures)
            std::memcpy(target.data(), picture.pixels.data(), std::min(target.size(), picture.pixels.size()));
    });
    for (const bool colours : {true, false}) {
        const Augmentation augmentation = colours ? Augmentation{} : Augmentation{.brightness = 0, .contrast = 0, .saturation = 0};
        measure(colours ? "augmenting it, from memory" : "the same, without changed colours", pictures.size(), [&] {
            for (std::size_t i = 0; i < pictures.size(); ++i)
                target[i % target.size()] = augment(pictures[i], augmentation, kSizePx, CounterRandom(1, 1, i)).pixels[0];
        });
    }
}

} // namespace
} // namespace whisker

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "Usage: loader_bench FOLDER [COUNT [CACHE FOLDER]]\n");
        return 2;
    }
    const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 3000;
    const auto cache = argc > 3 ? std::filesystem::path(argv[3]) : std::filesystem::temp_directory_path() / "whisker-loader-bench";
    const auto snapshot = whisker::snapshotOfFiles(argv[1], count);
    std::filesystem::remove_all(cache / "pixels");
    whisker::benchLoader(snapshot, cache / "pixels");
    whisker::benchLimits(snapshot);
    std::filesystem::remove_all(cache / "pixels");
    return 0;
}
