#include "tests/tour/scenes.h"

#include "tests/tour/stage.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/data/data_page.h"
#include "ui/data/export_sheet.h"
#include "ui/data/files_controller.h"
#include "ui/data/image_list_model.h"
#include "ui/data/watch_panel.h"
#include "ui/data/work_bar.h"
#include "ui/main_window.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <filesystem>

namespace whisker::test {

namespace {

QString path(const Stage &stage, const char *name) { return displayText(stage.home / name); }

void choose(Stage &stage, const QString &answer)
{
    stage.data->files()->setPathChooser([answer](QWidget *, const PathQuestion &, const PathChosen &chosen) { chosen(answer); });
}

void copyPictures(const Stage &stage, const char *folder)
{
    int number = 0;
    std::filesystem::create_directories(stage.home / folder / "cat");
    std::filesystem::create_directories(stage.home / folder / "dog");
    for (const QString &file : stage.pictureFiles()) {
        if (number++ % 10 == 0)
            std::filesystem::copy_file(file.toStdString(), stage.home / folder / (number > 300 ? "dog" : "cat") / (std::to_string(number) + ".jpg"));
    }
}

/// The menu, and what it opens before anything is chosen.
void sheets(Stage &stage)
{
    auto *files = stage.data->files();
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.waitForThumbnails();
        files->openMenu();
        stage.takeMenu("files-menu");
        files->watchFolder();
        stage.take("files-watch");
        files->watchPanel()->hide();
        files->exportPictures();
        stage.take("files-export");
        files->exportSheet()->hide();
    }
    stage.resize(false);
}

void watching(Stage &stage)
{
    auto *files = stage.data->files();
    for (const char *folder : {"incoming", "camera card"}) {
        std::filesystem::create_directories(stage.home / folder);
        files->watcher()->watch(path(stage, folder), FolderMeaning::ClassFolders);
    }
    Stage::waitFor("watched folders", [&] { return files->watcher()->folders().size() == 2; });
    std::filesystem::remove(stage.home / "camera card");
    const auto *notice = files->bar()->notice();
    Stage::waitFor("the folder that went away", [&] { return notice->isVisible(); });
    stage.take("files-watch-gone");
    files->watchFolder();
    stage.take("files-watched");
    files->watchPanel()->hide();
    files->bar()->dismiss();
}

void exporting(Stage &stage)
{
    auto *files = stage.data->files();
    choose(stage, path(stage, "for a friend"));
    files->exportPictures();
    files->exportSheet()->chooseButton()->click();
    Stage::waitFor("an export", [&] { return files->bar()->notice()->isVisible(); });
    stage.take("files-exported");
    choose(stage, path(stage, "a file/labels.csv"));
    stage.home.write("a file", "in the way");
    files->exportLabels();
    Stage::waitFor("an export that can't be", [&] { return files->bar()->notice()->isVisible() && !files->transfer()->isBusy(); });
    stage.take("files-failed");
    files->bar()->dismiss();
}

void missing(Stage &stage)
{
    auto *notice = stage.data->files()->bar()->notice();
    std::filesystem::create_directories(stage.home / "far/away");
    std::filesystem::rename(stage.home / "files/cat", stage.home / "far/away/cat");
    const auto project = stage.session.projectFile();
    stage.newProject("In between");
    stage.session.open(project); // the files are looked at when a project is opened
    Stage::waitFor("missing pictures", [&] { return notice->isVisible() && stage.session.projectFile() == project; });
    stage.waitForThumbnails();
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.take("files-missing");
    }
    stage.resize(false);
    notice->secondButton()->click();
    stage.waitForThumbnails();
    stage.take("files-missing-shown");
    choose(stage, path(stage, "far"));
    notice->actionButton()->click();
    Stage::waitFor("pictures that are found again", [&] { return notice->text().contains(QStringLiteral("again")); });
    stage.data->setExtraFilter({});
    stage.waitForThumbnails();
    stage.take("files-found");
}

/// 12,000 pictures are copied: long enough for a picture of it.
void longExport(Stage &stage)
{
    stage.newProject("Many to export");
    stage.session.importPaths({manyPictures(stage.home, "class a", 12'000)});
    Stage::waitFor("the import", [&] { return !stage.session.isImporting() && stage.session.state().images.size() == 12'000; });
    stage.session.setLabel(idsOf(stage.session), QStringLiteral("class a"));
    Stage::waitFor("the labels", [&] { return stage.session.state().images.back().label.has_value(); });
    stage.waitForThumbnails();
    auto *files = stage.data->files();
    choose(stage, path(stage, "copies"));
    files->exportPictures();
    files->exportSheet()->chooseButton()->click();
    Stage::waitFor("an export under way", [&] { return files->bar()->work()->isVisible(); });
    stage.take("files-exporting");
    Stage::waitFor("the end of the export", [&] { return !files->transfer()->isBusy(); });
    choose(stage, path(stage, "more copies"));
    QObject::connect(files->transfer(), &TransferController::progressed, &stage.window, [files] { files->transfer()->cancel(); });
    files->exportPictures();
    files->exportSheet()->chooseButton()->click();
    Stage::waitFor("an export that was stopped", [&] { return files->bar()->notice()->isVisible(); });
    stage.take("files-export-stopped");
}

} // namespace

void filesScenes(Stage &stage)
{
    stage.window.showPage("data");
    copyPictures(stage, "files");
    stage.newProject("Files");
    stage.import({path(stage, "files")});
    sheets(stage);
    watching(stage);
    exporting(stage);
    missing(stage);
    longExport(stage);
}

} // namespace whisker::test
