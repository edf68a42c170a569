// How long it takes to end a training that goes on: no pictures, figures for docs/benchmarks.md.
#include "tests/tour/scenes.h"

#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <iterator>

namespace whisker::test {

namespace {

struct Moment {
    const char *name;
    bool (*reached)(const TrainProgress &progress);
};

/// When one may want to end it: while weights and memory are looked at, in a step, while it is validated, while the checkpoint of an epoch is written.
constexpr Moment kMoments[] = {
    {"start", [](const TrainProgress &) { return true; }},
    {"step", [](const TrainProgress &progress) { return progress.step >= 4; }},
    {"validation", [](const TrainProgress &progress) { return progress.step > 0 && progress.step == progress.stepsPerEpoch; }},
    {"checkpoint", [](const TrainProgress &progress) { return progress.epoch == 2; }},
};

TrainConfig resnet18()
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "resnet18";
    config.epochs = 3;
    config.sizePx = 224;
    config.batch = 32;
    return config;
}

void prepare(Stage &stage)
{
    stage.newProject("Ending");
    stage.import({stage.pictures()});
    stage.window.showPage("train");
}

/// Starts, and comes back at that moment.
void trainUntil(Stage &stage, const Moment &moment)
{
    auto &controller = *stage.train->controller();
    stage.train->recipe()->setConfig(resnet18());
    stage.train->start();
    Stage::waitFor("the start", [&] { return controller.isRunning(); });
    bool reached = false;
    const auto look = QObject::connect(&controller, &TrainingController::progressed, &stage.window,
                                       [&](const TrainProgress &progress) { reached = reached || moment.reached(progress); });
    Stage::waitFor(moment.name, [&] { return reached || std::strcmp(moment.name, "start") == 0; });
    QObject::disconnect(look);
    if (!controller.isRunning())
        Stage::giveUp("the training ended by itself");
}

} // namespace

void measureStops(Stage &stage, int times)
{
    prepare(stage);
    auto &controller = *stage.train->controller();
    double imagesPerSecond = 0;
    QObject::connect(&controller, &TrainingController::finished, &stage.window,
                     [&](const TrainingEnd &end) { imagesPerSecond = end.result ? end.result->imagesPerSecond : 0; });
    for (int time = 0; time < times; ++time) {
        for (const Moment &moment : kMoments) {
            trainUntil(stage, moment);
            QElapsedTimer clock;
            clock.start();
            stage.train->stop();
            while (controller.isRunning())
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
            std::printf("%s: stop to stopped %.2f s", moment.name, seconds);
            if (imagesPerSecond > 0)
                std::printf(", a step takes %.2f s", resnet18().batch / imagesPerSecond);
            std::printf("\n");
            std::fflush(stdout);
            QTest::keyClick(&stage.window, Qt::Key_N, Qt::ControlModifier); // "New training"
        }
    }
}

void closeWhileTraining(Stage &stage, const char *name)
{
    const auto *const moment = std::ranges::find_if(kMoments, [&](const Moment &each) { return std::strcmp(each.name, name) == 0; });
    if (moment == std::end(kMoments))
        Stage::giveUp("there is no such moment");
    prepare(stage);
    trainUntil(stage, *moment);
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    std::printf("closed at %.6f\n", static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9);
    std::fflush(stdout);
    stage.window.close(); // the program ends as it does after QApplication::exec()
}

} // namespace whisker::test
