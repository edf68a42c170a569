// What the order of suggestions is worth: a quick model of 20 labelled pictures, 40 more labelled in teachingOrder() or at random (or by uncertainty
// alone, or spread alone), and what each of the models then gets right of pictures that nobody learnt from; the mean of several draws.
// Usage: teaching_bench TRAIN TEST [DRAWS]. Both are folders of class folders.
#include "engine/base/counter_random.h"
#include "engine/data/load_data.h"
#include "engine/predict/predictor.h"
#include "engine/predict/teaching_order.h"
#include "engine/train/train.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <unistd.h>

namespace whisker {
namespace {

constexpr std::size_t kFirst = 20;
constexpr std::size_t kMore = 40;

struct Pool {
    Snapshot training;
    std::vector<SnapshotEntry> test;
};

/// A test accuracy, 0..1, of a quick model of these pictures; its file stands in `folder`.
double learn(const Pool &pool, const std::vector<std::size_t> &places, const std::filesystem::path &folder)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->classes = pool.training.classes;
    for (const std::size_t place : places) {
        snapshot->entries.push_back(pool.training.entries[place]);
        snapshot->entries.back().split = Split::Train;
    }
    snapshot->entries.insert(snapshot->entries.end(), pool.test.begin(), pool.test.end());
    sortEntries(*snapshot);
    const auto report = train(snapshot, {}, {folder / "run", folder / "model.safetensors", folder / "cache"});
    if (!report || !report->test) {
        std::fprintf(stderr, "%s\n", report ? "no test" : report.error().message.c_str());
        std::exit(EXIT_FAILURE);
    }
    return report->test->accuracy();
}

/// 20 pictures with at least one of each class.
std::vector<std::size_t> firstPictures(const Pool &pool, std::uint64_t draw)
{
    const auto shuffled = shuffledIndices(pool.training.entries.size(), CounterRandom(draw));
    std::vector<std::size_t> places;
    std::map<int, int> taken;
    const auto most = static_cast<int>((kFirst + pool.training.classes.size() - 1) / pool.training.classes.size());
    for (const std::size_t place : shuffled) {
        if (places.size() < kFirst && taken[pool.training.entries[place].label]++ < most)
            places.push_back(place);
    }
    return places;
}

class Draw {
public:
    Draw(const Pool &pool, std::uint64_t number, std::filesystem::path folder) : m_pool(pool), m_number(number), m_folder(std::move(folder)), m_first(firstPictures(pool, number))
    {
    }

    std::map<std::string, double> run()
    {
        std::map<std::string, double> accuracy;
        accuracy["a 20 labelled"] = learn(m_pool, m_first, m_folder);
        askModel();
        std::vector<std::size_t> random = shuffledIndices(m_rest.size(), CounterRandom(m_number, 1));
        accuracy["b 60: 40 at random"] = with(random);
        std::vector<TeachingCandidate> spread = m_candidates;
        for (auto &candidate : spread)
            candidate.uncertainty = 1.0;
        accuracy["c 60: by uncertainty alone"] = with(teachingOrder(m_candidates, {}, 0));
        accuracy["d 60: spread alone"] = with(teachingOrder(spread, m_known));
        accuracy["e 60: teachingOrder()"] = with(teachingOrder(m_candidates));
        accuracy["f 60: teachingOrder() beside the labelled"] = with(teachingOrder(m_candidates, m_known));
        return accuracy;
    }

private:
    void askModel()
    {
        PredictorOptions options;
        options.featuresToo = true;
        const auto predictor = Predictor::load(m_folder / "model.safetensors", options);
        std::vector<std::filesystem::path> files;
        for (const auto &entry : m_pool.training.entries)
            files.push_back(entry.file);
        const auto answers = predictor->predictFiles(files);
        for (std::size_t place = 0; place < files.size(); ++place) {
            if (!answers[place])
                continue;
            const std::vector<float> probabilities(answers[place]->probabilities.begin(), answers[place]->probabilities.end());
            const Sketch sketch = sketchOf(answers[place]->features);
            if (std::ranges::find(m_first, place) != m_first.end()) {
                m_known.push_back(sketch);
                continue;
            }
            m_rest.push_back(place);
            m_candidates.push_back({uncertainty(probabilities), sketch});
        }
    }

    double with(const std::vector<std::size_t> &order) const
    {
        std::vector<std::size_t> places = m_first;
        for (std::size_t i = 0; i < std::min(kMore, order.size()); ++i)
            places.push_back(m_rest[order[i]]);
        return learn(m_pool, places, m_folder);
    }

    const Pool &m_pool;
    const std::uint64_t m_number;
    const std::filesystem::path m_folder;
    const std::vector<std::size_t> m_first;
    std::vector<std::size_t> m_rest;
    std::vector<TeachingCandidate> m_candidates; // of m_rest
    std::vector<Sketch> m_known;                 // of m_first
};

int run(const std::filesystem::path &training, const std::filesystem::path &test, std::uint64_t draws)
{
    const auto learnt = loadData(training, {.purpose = DataPurpose::Measuring});
    const auto unseen = loadData(test, {.purpose = DataPurpose::Measuring});
    if (!learnt || !unseen) {
        std::fprintf(stderr, "%s\n", (learnt ? unseen : learnt).error().message.c_str());
        return EXIT_FAILURE;
    }
    Pool pool{learnt->snapshot, unseen->snapshot.entries};
    for (auto &entry : pool.test)
        entry.split = Split::Test;
    const auto folder = std::filesystem::temp_directory_path() / ("whisker-teaching-" + std::to_string(::getpid()));
    std::map<std::string, std::vector<double>> all;
    for (std::uint64_t draw = 1; draw <= draws; ++draw) {
        for (const auto &[what, accuracy] : Draw(pool, draw, folder).run())
            all[what].push_back(accuracy);
    }
    std::filesystem::remove_all(folder);
    std::printf("%zu classes, %zu pictures to choose from, %zu to test with, %zu draws\n", pool.training.classes.size(), pool.training.entries.size(), pool.test.size(),
                static_cast<std::size_t>(draws));
    for (const auto &[what, accuracies] : all) {
        double sum = 0.0, squares = 0.0;
        for (const double accuracy : accuracies) {
            sum += accuracy;
            squares += accuracy * accuracy;
        }
        const double count = static_cast<double>(accuracies.size()), mean = sum / count;
        std::printf("%-44s %6.2f %% (standard error %.2f)\n", what.c_str() + 2, 100 * mean, 100 * std::sqrt(std::max(0.0, squares / count - mean * mean) / count));
    }
    return EXIT_SUCCESS;
}

} // namespace
} // namespace whisker

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: teaching_bench TRAIN TEST [DRAWS]\n");
        return 2;
    }
    return whisker::run(argv[1], argv[2], argc > 3 ? static_cast<std::uint64_t>(std::atoi(argv[3])) : 10);
}
