#pragma once

#include "engine/train/run_folder.h"
#include "tests/support/test_folder.h"
#include "tests/ui/train/endless_run.h"
#include "ui/train/material_card.h"

#include <fstream>

/// Runs that a test tells in place of the engine.
namespace whisker::test {

inline Snapshot pets(int perClass)
{
    Snapshot snapshot{{"cat", "dog"}, {}};
    for (int i = 0; i < 2 * perClass; ++i) {
        const Split split = i % 7 == 5 ? Split::Validation : i % 7 == 6 ? Split::Test : Split::Train;
        snapshot.entries.push_back({"pet.jpg", i % 2, split, {std::uint64_t(i), 0}});
    }
    return snapshot;
}

inline TrainingMaterial materialIn(const TestFolder &folder, const QString &obstacle = {})
{
    TrainingMaterial material;
    material.runsFolder = folder / "runs";
    material.snapshot = std::make_shared<const Snapshot>(pets(35));
    material.obstacle = obstacle;
    return material;
}

inline void sayCurves(const TrainEvents &events)
{
    events.onStage({TrainStage::Training, "learning"});
    for (int step = 1; step <= 20; ++step)
        events.onMetric({MetricSeries::TrainingLoss, step, double(step), 1.0 / step});
    events.onMetric({MetricSeries::ValidationLoss, 20, 20.0, 0.131});
    events.onMetric({MetricSeries::ValidationAccuracy, 20, 20.0, 0.973});
    TrainProgress progress;
    progress.stage = TrainStage::Training;
    progress.epoch = 20;
    progress.epochs = 100;
    progress.bestEpoch = 12;
    progress.imagesPerSecond = 410;
    progress.left = TimeLeft{100, 110, 120};
    progress.memory = MemoryUse{1'900'000'000, 24'000'000'000};
    progress.loaderWait = LoaderWait{200, 7, 0.021};
    progress.device = "CPU, 2 threads, bf16";
    events.onProgress(progress);
}

/// What a run leaves on the disk, as far as the list of runs looks: the page reads it again when the run has ended.
inline void leaveRun(const std::filesystem::path &runFolder, RunStatus status = RunStatus::Completed)
{
    RunReceipt receipt;
    receipt.started = "2025-03-09T14:05:59Z";
    receipt.status = status;
    std::filesystem::create_directories(runFolder);
    std::ofstream(runFolder / kReceiptFile) << toJson(receipt);
    std::ofstream(runFolder / kModelFile) << "weights";
}

inline Result<TrainReport> goodRun(std::shared_ptr<const Snapshot>, const TrainConfig &, const TrainOutput &output, const TrainEvents &events,
                            std::stop_token)
{
    sayCurves(events);
    TrainReport report;
    report.test = TestScore{54, 55};
    report.validationAccuracy = 0.973;
    report.seconds = 2.84;
    report.model = output.runFolder / kModelFile;
    leaveRun(output.runFolder);
    return report;
}

inline Result<TrainReport> endlessRun(std::shared_ptr<const Snapshot>, const TrainConfig &, const TrainOutput &, const TrainEvents &events,
                               std::stop_token stop)
{
    sayCurves(events);
    return waitUntilStopped(std::move(stop));
}

/// Tells it and keeps it, as what holds also when the run has ended.
inline void note(const TrainEvents &events, TrainReport &report, const std::string &sentence)
{
    events.onNote(sentence);
    report.receipt.notes.push_back(sentence);
}

/// Stopped at once, with a model all the same.
inline Result<TrainReport> stoppedRun(std::shared_ptr<const Snapshot>, const TrainConfig &, const TrainOutput &output, const TrainEvents &events,
                               std::stop_token)
{
    sayCurves(events);
    TrainReport report;
    report.outcome = TrainOutcome::Stopped;
    report.model = output.runFolder / kModelFile;
    leaveRun(output.runFolder, RunStatus::Stopped);
    return report;
}

} // namespace whisker::test
