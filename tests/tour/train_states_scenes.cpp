#include "tests/tour/scenes.h"

#include "tests/tour/failing_memory.h"
#include "tests/tour/stage.h"
#include "tests/ui/train/trained_room.h"
#include "ui/main_window.h"
#include "ui/texts.h"
#include "ui/train/material_card.h"
#include "ui/train/run_list.h"
#include "widgets/page_header.h"
#ifdef WHISKER_FAILING_DISK
#include "tests/support/failing_disk.h"
#endif

#include <QDir>
#include <QFileInfo>
#include <cerrno>

namespace whisker::test {

namespace {

/// About `count` pictures, the first of them being number `first`, in folders of their classes.
void copyPictures(const Stage &stage, const char *folder, qsizetype first, qsizetype count)
{
    const QStringList files = stage.pictureFiles();
    const qsizetype step = files.size() / count;
    for (qsizetype i = first; i < files.size(); i += step) {
        const QFileInfo file(files[i]);
        const auto to = stage.home / folder / file.dir().dirName().toStdString();
        std::filesystem::create_directories(to);
        std::filesystem::copy_file(files[i].toStdString(), to / file.fileName().toStdString());
    }
}

void import(Stage &stage, const char *folder)
{
    const std::size_t before = stage.session.state().images.size();
    stage.session.importPaths({displayText(stage.home / folder)});
    Stage::waitFor("more pictures", [&] { return stage.session.state().images.size() > before && !stage.session.isImporting(); });
}

void newTraining(Stage &stage)
{
    QTest::keyClick(&stage.window, Qt::Key_N, Qt::ControlModifier);
}

bool offers(const Stage &stage, const char *text)
{
    const Button *offered = button(*stage.train, QLatin1String(text));
    return offered && offered->isEnabled();
}

void start(Stage &stage, const TrainConfig &config)
{
    newTraining(stage);
    stage.train->recipe()->setConfig(config);
    Stage::waitFor("what to train on", [&] { return offers(stage, "Start"); });
    bool begun = false; // it may be over at once
    const auto watch = QObject::connect(stage.train->controller(), &TrainingController::stateChanged, stage.train, [&begun] { begun = true; });
    stage.train->start();
    Stage::waitFor("the start", [&begun] { return begun; });
    QObject::disconnect(watch);
}

void waitForEnd(const Stage &stage)
{
    Stage::waitFor("the end of the run", [&] { return !stage.train->controller()->isRunning(); });
}

void waitForEpoch(const Stage &stage, int epoch)
{
    const TrainingController &controller = *stage.train->controller();
    Stage::waitFor("an epoch", [&] { return controller.progress().epoch >= epoch || !controller.isRunning(); });
    if (!controller.isRunning())
        Stage::giveUp("a run that goes on");
}

void expectStatus(const Stage &stage, RunStatus status)
{
    const auto run = readRunSummary(stage.train->controller()->runFolder());
    if (!run || run->receipt.status != status)
        Stage::giveUp(("a run that is " + std::string(runStatusName(status))).c_str());
}

void waitForWords(const Stage &stage, const char *words)
{
    Stage::waitFor(words, [&] { return isSaid(*stage.train, words); });
}

void takeBoth(Stage &stage, const char *name)
{
    for (const bool small : {true, false}) {
        stage.resize(small);
        stage.take(name);
    }
}

/// With a rate that makes no numbers: after some epochs, as weights double each step, and in the first one.
void divergedScenes(Stage &stage)
{
    TrainConfig config = tinyNet(30);
    config.schedule = ScheduleKind::Cosine;
    config.learningRate = 1e6;
    config.weightDecay = 3e-6;
    start(stage, config);
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Diverged);
    waitForWords(stage, "were kept: try a lower learning rate");
    stage.take("train-diverged");
    config.optimizer = OptimizerKind::Sgd;
    config.weightDecay.reset();
    start(stage, config);
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Diverged);
    waitForWords(stage, "so there is no model");
    stage.take("train-diverged-at-once");
}

#ifdef WHISKER_FAILING_DISK
/// Goes on with a run that was paused, whose next checkpoint is due at the end of the epoch, and fills the disk before that.
void learnOnFullDisk(Stage &stage, FailingDisk &disk)
{
    constexpr int kPlenty = 150; // of epochs: it must still go on when its pictures are taken
    TrainPage &train = *stage.train;
    start(stage, tinyNet(kPlenty));
    waitForEpoch(stage, 6);
    train.pause();
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Stopped);
    train.goOn();
    waitForEpoch(stage, 1);
    disk.failAt(1, FailingDisk::Failure::FromThenOn, ENOSPC);
    waitForWords(stage, "it can go on from the last checkpoint that was written");
    waitForWords(stage, "its curves lack some points");
}

/// With a disk that lets the last checkpoint wait, or the run would have ended before its second picture.
void stoppingScene(Stage &stage, FailingDisk &disk)
{
    const TrainingController &controller = *stage.train->controller();
    start(stage, tinyNet(150));
    waitForEpoch(stage, 3);
    {
        const auto waiting = disk.hold();
        stage.train->stop();
        stage.take("train-stopping");
        if (controller.state() != TrainingController::State::Stopping)
            Stage::giveUp("a run that waits for its checkpoint");
    }
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Stopped);
}

/// A checkpoint that finds no room, a run that fails for that, and one that does not even begin.
void diskScenes(Stage &stage)
{
    TrainPage &train = *stage.train;
    const TrainingController &controller = *train.controller();
    FailingDisk disk(stage.session.runsFolder());
    learnOnFullDisk(stage, disk);
    if (train.notice()->kind() != NoticeBar::Kind::Warning || !controller.isRunning())
        Stage::giveUp("a warning of the full disk");
    takeBoth(stage, "train-disk-full");
    train.stop();
    waitForEnd(stage);
    if (controller.state() != TrainingController::State::Failed || train.notice()->kind() != NoticeBar::Kind::Error || !offers(stage, "Go on"))
        Stage::giveUp("a run that failed and can go on");
    stage.take("train-failed");
    start(stage, tinyNet(30));
    waitForEnd(stage);
    if (controller.state() != TrainingController::State::Failed || train.notice()->kind() != NoticeBar::Kind::Error || !offers(stage, "Start"))
        Stage::giveUp("a run that did not begin");
    stage.take("train-failed-at-once");
    disk.repair();
    stoppingScene(stage, disk);
    bool read = false; // one after the other: no earlier reading is on that disk any more
    const auto watch = QObject::connect(train.history(), &RunHistory::runsChanged, &train, [&read] { read = true; });
    train.history()->reload();
    Stage::waitFor("the runs", [&read] { return read; });
    QObject::disconnect(watch);
}
#endif

/// A step that does not fit is taken again in halves.
void memoryScenes(Stage &stage)
{
    constexpr std::size_t kActivationBytes = 32UL * 32 * 16 * 16 * sizeof(float); // of the first layer: 32 maps of 16 x 16 for 32 pictures; no copy of weights has as many
    const TrainingController &controller = *stage.train->controller();
    TrainConfig config = tinyNet(40); // of which most are left when its pictures are taken
    config.batch = 32;
    config.precision = Precision::Float32;
    start(stage, config);
    waitForEpoch(stage, 3);
    failNextLearningTensor(kActivationBytes);
    Stage::waitFor("the mark", [&] { return !controller.marks().empty() || !controller.isRunning(); });
    const auto &marks = controller.marks();
    if (marks.empty() || marks.front().text != "16 pictures at once, for want of memory")
        Stage::giveUp("a step in halves");
    waitForWords(stage, "There was not enough memory for 32 pictures at once");
    takeBoth(stage, "train-memory-mark");
    if (!controller.isRunning())
        Stage::giveUp("a run that still goes on with its mark");
    stage.train->stop();
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Stopped);
    stage.take("train-memory-mark-stopped");
}

/// With pictures so small that quick's model is not right on all, and there is something to gain.
void fineTuneScenes(Stage &stage)
{
    TrainConfig config = recommendedConfig(TrainMode::FineTune);
    config.sizePx = 32;
    config.epochs = 4;
    config.batch = 16;
    start(stage, config);
    waitForEpoch(stage, 2);
    stage.take("train-finetune-running");
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Completed);
    waitForWords(stage, "Training all layers");
    stage.take("train-finetune-finished");
}

void changeMuch(Stage &stage)
{
    const auto &images = stage.session.state().images;
    const auto &classes = stage.session.state().classes;
    stage.session.setLabel({images[0].id, images[1].id, images[2].id}, classes.back().id);
    import(stage, "More");
}

void continuedScenes(Stage &stage)
{
    TrainPage &train = *stage.train;
    newTraining(stage);
    changeMuch(stage);
    const auto &card = *train.findChild<ChangesCard *>();
    Stage::waitFor("the changes", [&] { return card.changes().contains(QLatin1String("added")) && card.changes().contains(QLatin1String("labels changed")); });
    Stage::waitFor("the offer to continue", [&] { return card.continueButton()->isVisibleTo(&train); });
    takeBoth(stage, "train-changed");
    card.continueButton()->click();
    Stage::waitFor("the start", [&] { return train.controller()->isRunning(); });
    waitForEpoch(stage, 2);
    if (!train.findChild<PageHeader *>()->detail().contains(QLatin1String("continues the run of")))
        Stage::giveUp("a run that says what it continues");
    stage.take("train-continued-running");
    waitForEnd(stage);
    expectStatus(stage, RunStatus::Completed);
    stage.take("train-continued");
}

/// While another window has the project: the set-up, and a run that could else be made longer.
void readingRuns(Stage &stage)
{
    TrainPage &train = *stage.train;
    const std::filesystem::path project = stage.session.projectFile();
    stage.newProject("Between");
    ProjectSession other;
    QObject::connect(&other, &ProjectSession::inUse, &other, [&] { other.open(project); }); // its last jobs here still end
    other.open(project);
    Stage::waitFor("the other window's project", [&] { return other.isOpen(); });
    stage.session.open(project);
    Stage::waitFor("the notice", [&] { return stage.window.notice()->isVisible(); });
    stage.window.notice()->actionButton()->click();
    Stage::waitFor("reading", [&] { return stage.session.isReadOnly() && train.history()->lastCompleted(); });
    stage.window.showPage("train");
    Stage::waitFor("what can't be trained on", [&] { return button(train, "Start") && button(train, "Start")->toolTip().contains(QLatin1String("open for reading only")); });
    if (offers(stage, "Start") || train.notice()->isVisible())
        Stage::giveUp("a project that can't be trained in");
    takeBoth(stage, "train-reading-runs");
    auto &list = *train.findChild<RunList *>();
    QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, list.visualRect(list.model()->index(0, 0)).center());
    Stage::waitFor("a past run", [&] { return button(train, "More epochs") != nullptr; });
    if (offers(stage, "More epochs"))
        Stage::giveUp("a run that can't be made longer");
    stage.take("train-reading-past");
    stage.window.showPage("data");
}

} // namespace

void trainStatesScenes(Stage &stage)
{
    copyPictures(stage, "Few", 0, 100);
    copyPictures(stage, "More", 1, 20);
    stage.newProject("States");
    import(stage, "Few");
    stage.window.showPage("train");
    divergedScenes(stage);
#ifdef WHISKER_FAILING_DISK
    diskScenes(stage);
#endif
    memoryScenes(stage);
    fineTuneScenes(stage);
    continuedScenes(stage);
    readingRuns(stage);
}

} // namespace whisker::test
