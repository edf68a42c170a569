#pragma once

#include "engine/base/counter_random.h"
#include "engine/data/snapshot.h"
#include "engine/train/train.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace whisker::test {

/// A noisy PPM of `edgePx`: reddish for label 0, bluish for label 1.
inline std::string drawnPicture(int label, std::uint64_t number, int edgePx = 40)
{
    CounterRandom random(7, number, static_cast<std::uint64_t>(label));
    std::string text = "P6\n" + std::to_string(edgePx) + " " + std::to_string(edgePx) + "\n255\n";
    for (int i = 0; i < edgePx * edgePx; ++i) {
        const auto bright = static_cast<char>(140 + random.below(100));
        const auto dark = static_cast<char>(random.below(100));
        const auto green = static_cast<char>(random.below(200));
        text += label == 0 ? bright : dark;
        text += green;
        text += label == 0 ? dark : bright;
    }
    return text;
}

inline void addPicture(Snapshot &snapshot, const std::filesystem::path &file, int label, Split split)
{
    const std::string bytes = fileBytes(file);
    snapshot.entries.push_back({file, label, split, hashBytes(std::as_bytes(std::span(bytes)))});
}

struct Counts {
    int train = 8, validation = 4, test = 4;
};

/// Two classes of drawn pictures below `folder`.
inline Snapshot drawnSnapshot(const TestFolder &folder, const Counts &counts = {})
{
    Snapshot snapshot;
    snapshot.classes = {"red", "blue"};
    for (int label = 0; label < 2; ++label) {
        for (int i = 0; i < counts.train + counts.validation + counts.test; ++i) {
            const Split split = i < counts.train ? Split::Train : i < counts.train + counts.validation ? Split::Validation : Split::Test;
            const auto name = std::filesystem::path(snapshot.classes[static_cast<std::size_t>(label)]) / (std::to_string(i) + ".ppm");
            addPicture(snapshot, folder.write(name, drawnPicture(label, static_cast<std::uint64_t>(i))), label, split);
        }
    }
    sortEntries(snapshot);
    return snapshot;
}

/// A few of the cats and dogs that come with the program.
inline Snapshot photographSnapshot(const Counts &counts)
{
    Snapshot snapshot;
    snapshot.classes = {"cat", "dog"};
    for (int label = 0; label < 2; ++label) {
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(demonstrationPictures() / snapshot.classes[static_cast<std::size_t>(label)]))
            files.push_back(entry.path());
        std::ranges::sort(files);
        const std::size_t wanted = static_cast<std::size_t>(counts.train + counts.validation + counts.test);
        for (std::size_t i = 0; i < wanted; ++i) {
            const auto place = static_cast<int>(i * 7 % wanted); // every split has breeds from A to Z; 7 divides no count in use
            const Split split = place < counts.train                        ? Split::Train
                                : place < counts.train + counts.validation ? Split::Validation
                                                                           : Split::Test;
            addPicture(snapshot, files[i * files.size() / wanted], label, split); // spread over the breeds
        }
    }
    sortEntries(snapshot);
    return snapshot;
}

/// The same with labels that mean nothing, so that whatever is learnt gets some wrong, and there is something to gain.
inline Snapshot unlearnablePhotographs(const Counts &counts = {8, 4, 4})
{
    Snapshot snapshot = photographSnapshot(counts);
    for (std::size_t i = 0; i < snapshot.entries.size(); ++i)
        snapshot.entries[i].label = static_cast<int>(i / 2 % 2);
    return snapshot;
}

inline std::shared_ptr<const Snapshot> shared(Snapshot snapshot)
{
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

/// From scratch in a second: the small net on 32 px.
inline TrainConfig scratchConfig(int epochs = 3)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.sizePx = 32;
    config.batch = 4;
    config.epochs = epochs;
    config.device = "cpu";
    config.threads = 1; // tests may run beside others
    return config;
}

inline TrainConfig quickConfig()
{
    TrainConfig config;
    config.device = "cpu";
    return config;
}

/// Run, model and cache below `folder`.
inline TrainOutput outputIn(const TestFolder &folder, const std::string &run = "run")
{
    return {folder / run, folder / (run + ".safetensors"), folder / "cache"};
}

} // namespace whisker::test
