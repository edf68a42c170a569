#include "tests/tour/scenes.h"

#include "engine/base/atomic_file.h"
#include "engine/train/run_folder.h"
#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"

namespace whisker::test {

namespace {

/// What is left where the program was killed while it trained.
void breakNewestRun(Stage &stage)
{
    RunSummary run = listRuns(stage.session.runsFolder()).front();
    run.receipt.status = RunStatus::Unfinished;
    if (!writeFileAtomically(run.folder / kReceiptFile, toJson(run.receipt)))
        Stage::giveUp("a run can't be broken off");
}

/// As at the next start of the program.
void openAgain(Stage &stage, const std::filesystem::path &project, const char *meanwhile)
{
    stage.newProject(meanwhile);
    stage.session.open(project);
    Stage::waitFor("the offer to go on", [&] { return stage.train->offer()->isVisibleTo(stage.train); });
    stage.window.showPage("train");
}

} // namespace

void trainRunsScenes(Stage &stage)
{
    TrainPage &train = *stage.train;
    TrainingController &controller = *train.controller();
    const std::filesystem::path project = stage.session.projectFile();
    stage.window.showPage("train");
    train.goOn(); // with what the scenes before have stopped
    Stage::waitFor("a run that goes on", [&] { return controller.progress().epoch >= 2 || !controller.isRunning(); });
    train.pause();
    Stage::waitFor("the pause", [&] { return !controller.isRunning(); });
    stage.take("train-paused");
    openAgain(stage, project, "Elsewhere");
    stage.take("train-paused-offered");
    train.offer()->actionButton()->click();
    Stage::waitFor("the end of the run", [&] { return !controller.isRunning(); });
    stage.take("train-scratch-finished");
    train.trainMore(2);
    Stage::waitFor("more epochs", [&] { return !controller.isRunning(); });
    stage.take("train-longer");
    breakNewestRun(stage);
    openAgain(stage, project, "Elsewhere still");
    stage.take("train-broken-off");
    train.offer()->dismiss();
}

} // namespace whisker::test
