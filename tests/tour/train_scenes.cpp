#include "tests/tour/scenes.h"

#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/predict/predict_page.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"

#include <QElapsedTimer>
#include <QTest>

namespace whisker::test {

namespace {

constexpr int kPredictions = 50;

TrainConfig fromScratch(const char *architecture, int epochs, int sizePx)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = architecture;
    config.epochs = epochs;
    config.sizePx = sizePx;
    return config;
}

void trainQuick(Stage &stage)
{
    auto &train = *stage.train;
    stage.window.showPage("train");
    Stage::waitFor("what to train on", [&] { return stage.session.isOpen() && !stage.session.isImporting(); });
    stage.take("train");
    stage.heartbeat.start();
    train.start();
    Stage::waitFor("the start", [&] { return train.controller()->isRunning(); });
    Stage::waitFor("quick's features", [&] { return train.controller()->progress().step > 100 || !train.controller()->isRunning(); });
    stage.take("train-quick-running");
    Stage::waitFor("the quick run", [&] { return !train.controller()->isRunning(); });
    if (train.controller()->state() != TrainingController::State::Finished)
        Stage::giveUp("the quick run failed");
    stage.figures["longest_silence_quick_ms"] = stage.heartbeat.stop();
    stage.take("train-quick-finished");
}

void predict(Stage &stage)
{
    auto &page = *stage.predict;
    stage.window.showPage("predict");
    Stage::waitFor("the model", [&] { return !stage.session.latestModel().empty(); });
    stage.take("predict-empty");
    const QStringList files = stage.pictureFiles();
    QStringList chosen;
    for (int i = 0; i < kPredictions; ++i)
        chosen.append(files[i * files.size() / kPredictions]);
    const auto answered = [&](int count) {
        return page.pictures()->rowCount() == count && page.pictures()->answeredCount() == count;
    };
    Stage::drop(page, chosen.mid(0, 1));
    Stage::waitFor("one answer", [&] { return answered(1); });
    stage.take("predict-one");
    stage.heartbeat.start();
    Stage::drop(page, chosen);
    stage.take("predict-busy");
    Stage::waitFor("50 answers", [&] { return answered(kPredictions + 1); });
    stage.figures["longest_silence_predict_ms"] = stage.heartbeat.stop();
    for (const bool small : {true, false}) {
        stage.resize(small);
        stage.take("predict-many");
    }
    Stage::drop(page, {QString::fromStdString(stage.home.write("text.jpg", "words").string())});
    Stage::waitFor("the broken picture", [&] { return answered(kPredictions + 2); });
    page.setCurrentRow(kPredictions + 1);
    for (const bool small : {true, false}) {
        stage.resize(small);
        stage.take("predict-broken");
    }
}

void trainFromScratch(Stage &stage)
{
    auto &train = *stage.train;
    stage.window.showPage("train");
    QTest::keyClick(&stage.window, Qt::Key_N, Qt::ControlModifier); // "New training"
    train.recipe()->setConfig(fromScratch("small", 3, 96));
    stage.take("train-scratch-setup");
    stage.heartbeat.start();
    train.start();
    Stage::waitFor("the scratch run", [&] { return train.controller()->progress().epoch >= 2 || !train.controller()->isRunning(); });
    stage.take("train-scratch-running");
    stage.predict->addPaths(stage.pictureFiles().mid(0, 5)); // while the run goes on
    QElapsedTimer clock;
    clock.start();
    train.stop();
    if (train.controller()->state() != TrainingController::State::Stopping)
        Stage::giveUp("Stop was not answered");
    stage.figures["stopping_ms"] = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    Stage::waitFor("the stop", [&] { return !train.controller()->isRunning(); });
    stage.figures["stopped_ms"] = clock.elapsed();
    stage.figures["longest_silence_scratch_ms"] = stage.heartbeat.stop();
    stage.take("train-stopped");
}

/// A run with hours to go: all its figures, in a window with and without room for them.
void longTraining(Stage &stage)
{
    auto &train = *stage.train;
    stage.window.showPage("train");
    QTest::keyClick(&stage.window, Qt::Key_N, Qt::ControlModifier); // "New training"
    TrainConfig config = fromScratch("resnet18", 400, 224);
    config.batch = 8; // its first steps come soon
    train.recipe()->setConfig(config);
    train.start();
    Stage::waitFor("some steps", [&] { return train.controller()->progress().step >= 6 || !train.controller()->isRunning(); });
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.take("train-long");
    }
    stage.resize(false);
    train.stop();
    Stage::waitFor("the stop of the long run", [&] { return !train.controller()->isRunning(); });
}

} // namespace

void trainScenes(Stage &stage)
{
    trainQuick(stage);
    predict(stage);
    longTraining(stage);
    trainFromScratch(stage);
}

double scratchSpeed(Stage &stage, int epochs)
{
    stage.newProject("Speed");
    stage.import({stage.pictures()});
    stage.window.showPage("train");
    stage.train->recipe()->setConfig(fromScratch("resnet18", epochs, 224));
    stage.train->start();
    auto &controller = *stage.train->controller();
    Stage::waitFor("the start", [&] { return controller.isRunning(); });
    double imagesPerSecond = 0;
    QObject::connect(&controller, &TrainingController::finished, &stage.window,
                     [&](const TrainingEnd &end) { imagesPerSecond = end.result ? end.result->imagesPerSecond : 0; });
    while (controller.isRunning())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return imagesPerSecond;
}

} // namespace whisker::test
