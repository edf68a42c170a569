// The data doctor's figures. Reading and decoding alone, and all that measurePicture() does with the same files, take turns block by block, because a
// shared machine changes its speed by the minute; processor time stands beside the wall's. Then grouping of hashes without files.
// Usage: doctor_bench FOLDER [COUNT]
#include "engine/base/counter_random.h"
#include "engine/base/thread_pool.h"
#include "engine/data/near_duplicates.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace whisker {
namespace {

constexpr std::size_t kBlock = 1000;
constexpr int kShortEdgePx = 128; // what measurePicture() asks for

struct Time {
    double wall = 0;
    double processor = 0; // of all threads
};

Time timed(const std::function<void()> &work)
{
    timespec before{}, after{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    return {wall.count(), static_cast<double>(after.tv_sec - before.tv_sec) + 1e-9 * static_cast<double>(after.tv_nsec - before.tv_nsec)};
}

void print(const char *what, std::size_t count, const Time &time)
{
    std::printf("%-34s %6zu  %7.2f s wall  %7.2f s processor\n", what, count, time.wall, time.processor);
    std::fflush(stdout);
}

void benchFiles(const std::vector<std::filesystem::path> &files)
{
    std::vector<PictureMeasures> measures(files.size());
    Time decoding, measuring;
    const auto add = [](Time &sum, const Time &part) {
        sum.wall += part.wall;
        sum.processor += part.processor;
    };
    for (std::size_t first = 0; first < files.size(); first += kBlock) {
        const std::size_t count = std::min(kBlock, files.size() - first);
        const auto decode = [&] {
            parallelFor(count, usableProcessors(), [&](std::size_t i) { (void)decodeFile(files[first + i], {.shortEdgeAtLeastPx = kShortEdgePx}); });
        };
        const auto measure = [&] {
            parallelFor(count, usableProcessors(), [&](std::size_t i) {
                if (auto measured = measurePicture(files[first + i]))
                    measures[first + i] = std::move(*measured);
            });
        };
        if (first == 0)
            decode(); // from here on both find the file in memory
        const bool decodeFirst = first / kBlock % 2 == 0;
        for (int turn = 0; turn < 2; ++turn) {
            const bool isDecoding = decodeFirst == (turn == 0);
            add(isDecoding ? decoding : measuring, isDecoding ? timed(decode) : timed(measure));
        }
    }
    print("read and decode alone", files.size(), decoding);
    print("measurePicture()", files.size(), measuring);
    std::printf("decoding alone takes %.0f %% of measuring (processor time)\n", 100 * decoding.processor / measuring.processor);
    std::vector<const PictureMeasures *> pictures;
    for (const auto &one : measures)
        pictures.push_back(&one);
    std::size_t groups = 0;
    print("near duplicates", files.size(), timed([&] { groups = nearDuplicateGroups(pictures).size(); }));
    std::printf("%zu groups\n", groups);
}

/// `count` pictures of the kind that `make` gives for a number.
void benchHashes(const char *what, std::size_t count, const std::function<PictureMeasures(std::size_t)> &make)
{
    std::vector<PictureMeasures> measures;
    std::vector<const PictureMeasures *> pictures;
    for (std::size_t i = 0; i < count; ++i)
        measures.push_back(make(i));
    for (const auto &one : measures)
        pictures.push_back(&one);
    print(what, count, timed([&] { (void)nearDuplicateGroups(pictures); }));
}

PictureMeasures noise(std::size_t number, std::uint64_t hash)
{
    PictureMeasures measures{.contrast = 0.2f, .hash = hash};
    CounterRandom random(1, number);
    for (auto &level : measures.thumbnail)
        level = static_cast<std::uint8_t>(random.below(256));
    return measures;
}

void benchAllHashes(std::size_t count)
{
    benchHashes("hashes by chance", count, [](std::size_t i) { return noise(i, CounterRandom(2, i).next()); });
    benchHashes("all hashes equal, looks too", count, [](std::size_t) { return noise(0, 0x0123'4567'89AB'CDEF); });
    benchHashes("all hashes equal, looks not", count, [](std::size_t i) { return noise(i, 0x0123'4567'89AB'CDEF); });
    benchHashes("all hashes near, looks equal", count, [](std::size_t i) { return noise(0, CounterRandom(3, i).next() & 0x1111); });
    benchHashes("a film: near, looks equal", count, [](std::size_t i) {
        CounterRandom random(4, i);
        return noise(0, random.next() & random.next() & random.next());
    });
    benchHashes("one camera: near, looks not equal", count, [](std::size_t i) {
        CounterRandom random(4, i);
        return noise(i, random.next() & random.next() & random.next());
    });
}

} // namespace
} // namespace whisker

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "Usage: doctor_bench FOLDER [COUNT]\n");
        return 2;
    }
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(argv[1])) {
        if (entry.is_regular_file())
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    if (argc > 2)
        files.resize(std::min<std::size_t>(files.size(), std::strtoul(argv[2], nullptr, 10)));
    whisker::benchFiles(files);
    whisker::benchAllHashes(25'000);
    return 0;
}
