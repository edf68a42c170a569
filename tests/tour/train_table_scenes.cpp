#include "tests/tour/scenes.h"

#include "engine/base/atomic_file.h"
#include "engine/train/run_folder.h"
#include "tests/tour/stage.h"
#include "ui/main_window.h"
#include "ui/train/note_editor.h"
#include "ui/train/receipt_card.h"
#include "ui/train/runs_table.h"
#include "ui/train/runs_view.h"
#include "ui/train/train_page.h"
#include "widgets/notice_bar.h"

#include <QPlainTextEdit>
#include <QTest>
#include <algorithm>

namespace whisker::test {

namespace {

void openTable(Stage &stage)
{
    stage.window.showPage("train");
    stage.train->showAllRuns();
    Stage::waitFor("the runs", [&] { return stage.train->history()->isRead(); });
}

std::filesystem::path runOf(Stage &stage, TrainMode mode)
{
    const auto &runs = stage.train->history()->runs();
    const auto run = std::ranges::find_if(runs, [mode](const RunSummary &candidate) { return candidate.receipt.config.mode == mode && candidate.hasModel; });
    if (run == runs.end())
        Stage::giveUp("there is no such run");
    return run->folder;
}

/// What the scenes before have broken off.
void mendRuns(const std::filesystem::path &runsFolder)
{
    for (RunSummary run : listRuns(runsFolder)) {
        run.receipt.status = run.receipt.status == RunStatus::Unfinished ? RunStatus::Completed : run.receipt.status;
        if (!writeFileAtomically(run.folder / kReceiptFile, toJson(run.receipt)))
            Stage::giveUp("a run can't be mended");
    }
}

void showNoRuns(Stage &stage)
{
    const std::filesystem::path project = stage.session.projectFile();
    mendRuns(stage.session.runsFolder());
    stage.newProject("Untrained");
    Stage::waitFor("the project without runs", [&] { return stage.train->history()->isRead() && stage.train->history()->runs().empty(); });
    openTable(stage);
    stage.take("train-runs-empty");
    stage.train->leaveAllRuns();
    stage.session.open(project);
    Stage::waitFor("the project with its runs", [&] { return stage.session.projectFile() == project && stage.train->history()->runs().size() > 1; });
    stage.train->offer()->dismiss();
}

void writeNotes(Stage &stage)
{
    RunsView &view = *stage.train->allRuns();
    NoteEditor &note = *view.receipt()->note();
    view.table()->choose(runOf(stage, TrainMode::Quick));
    note.field()->setPlainText("The first one, on all pictures as they came.\nTo be held against the net from scratch.");
    view.table()->choose(runOf(stage, TrainMode::Scratch));
    note.field()->setPlainText("Three epochs, then made longer.");
    note.keepNow();
    Stage::waitFor("the note", [&] { return !note.message().isEmpty(); });
}

void lookAtTable(Stage &stage)
{
    RunsView &view = *stage.train->allRuns();
    openTable(stage);
    writeNotes(stage);
    view.table()->setFocus();
    stage.take("train-runs-table");
    view.table()->choose(runOf(stage, TrainMode::Quick));
    stage.take("train-runs-receipt");
    view.receipt()->note()->field()->setPlainText(QString("What one may say of a run can be long. ").repeated(150));
    stage.take("train-runs-note-too-long");
    view.receipt()->note()->field()->setPlainText("The first one, on all pictures as they came.");
    view.table()->selectAll();
    QTest::keyClick(view.table(), Qt::Key_Delete);
    stage.take("train-runs-delete");
    stage.train->offer()->dismiss();
    stage.resize(true);
    view.table()->choose(runOf(stage, TrainMode::Scratch));
    stage.take("train-runs-table");
    stage.resize(false);
}

void compare(Stage &stage, const std::filesystem::path &one, const std::filesystem::path &other, const char *picture)
{
    RunsView &view = *stage.train->allRuns();
    view.table()->clearSelection();
    for (const auto &run : {one, other})
        view.table()->selectionModel()->select(view.table()->order()->index(view.table()->order()->rowOf(run), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QTest::keyClick(view.table(), Qt::Key_C);
    Stage::waitFor("the comparison", [&] { return view.showsComparison(); });
    stage.take(picture);
}

void repeat(Stage &stage)
{
    TrainPage &train = *stage.train;
    const auto first = runOf(stage, TrainMode::Scratch);
    train.repeat(first);
    Stage::waitFor("the repeat", [&] { return train.controller()->isRunning() && train.controller()->progress().epoch >= 2; });
    stage.take("train-repeating");
    train.showAllRuns();
    stage.take("train-runs-running");
    train.leaveAllRuns();
    Stage::waitFor("the verdict", [&] { return !train.controller()->isRunning() && train.notice()->isVisible(); });
    stage.take("train-repeat-equal");
    const auto second = train.controller()->runFolder();
    Stage::waitFor("both runs", [&] { return train.history()->runs().front().folder == second; });
    train.notice()->dismiss();
    openTable(stage);
    compare(stage, first, second, "train-runs-equal");
    train.allRuns()->back();
    train.allRuns()->back();
}

} // namespace

void trainTableScenes(Stage &stage)
{
    showNoRuns(stage);
    lookAtTable(stage);
    compare(stage, runOf(stage, TrainMode::Quick), runOf(stage, TrainMode::Scratch), "train-runs-comparison");
    stage.resize(true);
    stage.take("train-runs-comparison");
    stage.resize(false);
    repeat(stage);
}

} // namespace whisker::test
