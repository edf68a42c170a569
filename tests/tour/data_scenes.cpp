#include "tests/tour/scenes.h"

#include "tests/support/camera_jpeg.h"
#include "tests/tour/stage.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/data/add_button.h"
#include "ui/data/classes_card.h"
#include "ui/data/class_row.h"
#include "ui/data/data_page.h"
#include "ui/data/history_panel.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/main_window.h"
#include "widgets/image_grid.h"
#include "widgets/picture_view.h"

#include <QContextMenuEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QDragLeaveEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QMimeData>
#include <QTest>

namespace whisker::test {

void emptyPages(Stage &stage)
{
    stage.newProject("Tour");
    stage.take("data-empty");
    stage.window.showPage("train");
    stage.take("train-empty");
    stage.window.showPage("predict");
    stage.take("predict-no-model");
    stage.window.showPage("data");
}

namespace {

/// What the button at the foot of the rail opens, and the one that brings pictures in.
void windowMenus(Stage &stage)
{
    QTest::keyClick(&stage.window, Qt::Key_F10);
    stage.takeMenu("projects-menu");
    QTest::mouseClick(stage.data->findChild<AddButton *>(), Qt::LeftButton);
    stage.takeMenu("data-add-menu");
}

} // namespace

void importScenes(Stage &stage)
{
    stage.heartbeat.start();
    QElapsedTimer clock;
    clock.start();
    Stage::drop(*stage.data, {stage.pictures()});
    Stage::waitFor("the first pictures", [&] { return stage.data->model()->rowCount() > 0; });
    stage.waitForThumbnails();
    stage.figures["first_thumbnails_ms"] = clock.elapsed();
    Stage::waitFor("the import", [&] { return !stage.session.isImporting(); });
    stage.figures["imported_ms"] = clock.elapsed();
    stage.figures["imported"] = stage.session.state().images.size();
    stage.figures["longest_silence_import_ms"] = stage.heartbeat.stop();
    stage.waitForThumbnails();
    stage.take("data");
    windowMenus(stage);
}

namespace {

void labelSelection(Stage &stage)
{
    const auto &session = stage.session;
    stage.select(1, 2);
    stage.data->grid()->selectionModel()->select(stage.data->model()->index(4, 0), QItemSelectionModel::Select);
    stage.take("data-selection");
    const auto before = session.state().images;
    QTest::keyClick(stage.data->grid(), Qt::Key_2);
    Stage::waitFor("labelling", [&] { return session.state().history.undo && session.state().images != before; });
    stage.take("data-labelled");
    stage.session.undo();
    Stage::waitFor("undo", [&] { return session.state().images == before; });
    stage.data->history()->toggle();
    Stage::waitFor("the history", [&] { return stage.data->history()->model()->rowCount() > 0; });
    stage.take("data-history");
    stage.data->history()->toggle();
    stage.data->grid()->clearSelection();
}

void bigPicture(Stage &stage)
{
    const auto taken = stage.home.write("camera/holiday.jpg", withExif(fileBytes(stage.pictureFiles().first().toStdString()) + " ", cameraBlock()));
    stage.import({QString::fromStdString(taken.string())});
    const int last = stage.data->model()->rowCount() - 1;
    stage.data->grid()->scrollToBottom();
    stage.waitForThumbnails();
    stage.select(last, last);
    QTest::keyClick(stage.data->grid(), Qt::Key_Space);
    auto *overlay = stage.data->findChild<PictureOverlay *>();
    Stage::waitFor("the big picture", [&] { return overlay->isReady(); });
    stage.take("data-big");
    QTest::keyClick(overlay, Qt::Key_I);
    QTest::keyClick(overlay, Qt::Key_Z);
    stage.take("data-big-zoom");
    QTest::keyClick(overlay, Qt::Key_I);
    QTest::keyClick(overlay, Qt::Key_Escape);
    stage.session.undo();
    Stage::waitFor("undo", [&] { return stage.data->model()->rowCount() == last; });
    stage.data->grid()->scrollToTop();
}

/// Three pictures: at the first, and behind the last.
void labelByKeyboard(Stage &stage)
{
    stage.select(0, 2);
    auto *view = stage.data->labelling();
    QTest::keyClick(stage.data->grid(), Qt::Key_L);
    Stage::waitFor("the first picture to label", [&] { return view->isReady(); });
    stage.take("data-labelling");
    QTest::keyClick(view, Qt::Key_Return);
    stage.take("data-labelling-name");
    QTest::keyClick(view->nameBar()->edit(), Qt::Key_Escape);
    for (int k = 0; k < 3; ++k)
        QTest::keyClick(view, Qt::Key_Space);
    stage.take("data-labelling-end");
    QTest::keyClick(view, Qt::Key_Escape);
}

void skippedFile(Stage &stage)
{
    const auto broken = stage.home.write("broken/holiday plans.jpg", "not a picture");
    Stage::drop(*stage.data, {QString::fromStdString(broken.string()), stage.pictureFiles().first()});
    Stage::waitFor("the broken file", [&] { return !stage.session.isImporting() && !stage.session.state().skipped.empty(); });
    stage.take("data-skipped");
}

} // namespace

void labelScenes(Stage &stage)
{
    labelSelection(stage);
    bigPicture(stage);
    labelByKeyboard(stage);
    skippedFile(stage);
}

void smallWindow(Stage &stage)
{
    stage.resize(true);
    for (const char *id : {"data", "train", "predict"}) {
        stage.window.showPage(QLatin1String(id));
        stage.take(id);
    }
    stage.window.showPage("data");
    labelSelection(stage);
    labelByKeyboard(stage);
    stage.resize(false);
}

void busyScenes(Stage &stage)
{
    stage.newProject("Many");
    const QString many = manyPictures(stage.home, "many", 12'000);
    for (int k = 0; k < 1'000; ++k)
        stage.home.write("many/torn " + std::to_string(k) + ".jpg", "\xFF\xD8\xFF torn");
    Stage::drop(*stage.data, {many});
    Stage::waitFor("the first of many", [&] { return stage.data->model()->rowCount() > 0; });
    stage.take("data-importing");
    Stage::waitFor("the import", [&] { return !stage.session.isImporting() && stage.session.state().skipped.size() == 1'000; });
    stage.waitForThumbnails();
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.take("data-skipped-many");
    }
    stage.resize(false);
}

void classScenes(Stage &stage)
{
    stage.newProject("Animals");
    const QStringList names{"cat", "dog", "owl / \"barn\" & co", "Fuchs, der in einem sehr langen Namen wohnt", "猫頭鷹"};
    for (int k = 0; k < 24; ++k)
        stage.session.addClass(k < names.size() ? names[k] : QStringLiteral("species %1").arg(k + 1));
    QDir().mkpath(QString::fromStdString((stage.home / "unlabelled").string()));
    for (const QString &file : stage.pictureFiles().mid(0, 40))
        QFile::copy(file, QString::fromStdString((stage.home / "unlabelled").string()) + '/' + QFileInfo(file).fileName());
    stage.import({QString::fromStdString((stage.home / "unlabelled").string())});
    auto *classes = stage.data->side()->classes();
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.waitForThumbnails();
        stage.select(3, 5);
        stage.take("data-many-classes");
        stage.data->grid()->clearSelection();
        auto *row = classes->rowOf(stage.session.classNamed("dog")->id);
        QContextMenuEvent asksForMenu(QContextMenuEvent::Keyboard, QPoint(), row->mapToGlobal(QPoint()));
        QCoreApplication::sendEvent(row, &asksForMenu);
        stage.takeMenu("data-class-menu");
        QMimeData carried;
        carried.setData(ImageGrid::selectionFormat(), {});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &carried, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(row, &enter);
        stage.take("data-drag");
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(row, &leave);
        labelByKeyboard(stage);
    }
    stage.resize(false);
}

} // namespace whisker::test
