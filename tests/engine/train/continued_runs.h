#pragma once

#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/stop_at.h"

#include <algorithm>
#include <string_view>

namespace whisker::test {

/// Drawn pictures whose labels mean nothing, so that a model is wrong on some of the validation pictures: there is something to gain.
inline Snapshot unlearnable(const TestFolder &folder, const Counts &counts = {8, 4, 4})
{
    Snapshot pictures = drawnSnapshot(folder, counts);
    for (std::size_t i = 0; i < pictures.entries.size(); ++i)
        pictures.entries[i].label = static_cast<int>(i / 2 % 2);
    return pictures;
}

inline TrainConfig configFor(TrainMode mode, int epochs = 2)
{
    TrainConfig config = scratchConfig(epochs);
    config.mode = mode;
    config.learningRate = 1e-3;
    return config;
}

inline bool says(const TrainReport &report, std::string_view words)
{
    return std::ranges::any_of(report.receipt.notes, [&](const std::string &note) { return note.find(words) != std::string::npos; });
}

/// Moves the first `count` pictures of `from` to `to`.
inline void move(Snapshot &pictures, Split from, Split to, int count)
{
    for (SnapshotEntry &entry : pictures.entries) {
        if (entry.split == from && count-- > 0)
            entry.split = to;
    }
    sortEntries(pictures);
}

/// A model of the small net for "red" and "blue", of a run of one epoch.
inline TrainReport firstRun(const TestFolder &folder, std::shared_ptr<const Snapshot> pictures)
{
    const auto report = train(std::move(pictures), configFor(TrainMode::Scratch, 1), outputIn(folder, "first"));
    return report ? *report : TrainReport();
}

inline TrainOutput continuing(const TestFolder &folder, const TrainReport &first, const std::string &run = "second")
{
    TrainOutput output = outputIn(folder, run);
    output.startModel = first.run / kModelFile;
    return output;
}

} // namespace whisker::test
