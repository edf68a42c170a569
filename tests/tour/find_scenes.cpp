#include "tests/tour/scenes.h"

#include "tests/support/altered_pictures.h"
#include "tests/tour/stage.h"
#include "ui/data/data_page.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/finding_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_menu.h"
#include "ui/data/side_column.h"
#include "ui/data/splits_card.h"
#include "ui/main_window.h"
#include "widgets/buttons.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QTest>

namespace whisker::test {

namespace {

void takeMenu(Stage &stage, const char *name, int key, Qt::KeyboardModifiers with)
{
    QTest::keyClick(stage.data->grid(), Qt::Key(key), with);
    stage.takeMenu(name);
}

/// A project in which much is wrong: blurred, dark, doubled and mislabelled pictures among good ones.
void makeMess(const TestFolder &home)
{
    for (const std::size_t k : {0, 1, 2, 3}) {
        const std::string number = std::to_string(k);
        home.write("Mess/cat/cat " + number + ".jpg", jpegOf(photograph("cat", k)));
        home.write("Mess/dog/dog " + number + ".jpg", jpegOf(photograph("dog", k)));
        home.write("Mess/cat/blurred " + number + ".jpg", jpegOf(blurred(photograph("cat", k + 5), 6)));
        home.write("Mess/dog/copy " + number + ".jpg", jpegOf(cropped(photograph("dog", k), 0.01), 60));
    }
    home.write("Mess/dog/dark.jpg", jpegOf(relit(photograph("dog", 5), 0.1)));
    home.write("Mess/dog/a cat.jpg", jpegOf(photograph("cat", 0), 70));
}

} // namespace

void findScenes(Stage &stage)
{
    constexpr auto kMenuKeys = Qt::ControlModifier | Qt::ShiftModifier;
    stage.select(3, 3);
    takeMenu(stage, "data-filter-menu", Qt::Key_F, kMenuKeys);
    takeMenu(stage, "data-order-menu", Qt::Key_S, kMenuKeys);
    takeMenu(stage, "data-group-menu", Qt::Key_G, Qt::NoModifier);
    stage.data->pictureMenu()->openAt(stage.data->grid()->mapToGlobal(QPoint(300, 120)));
    stage.takeMenu("data-picture-menu");
    ImageFilter filter;
    filter.split = ImageFilter::SplitChoice::Validation;
    filter.state = ImageState::Ok;
    stage.data->setExtraFilter(filter);
    stage.waitForThumbnails();
    stage.take("data-filtered");
    auto *search = stage.data->findChild<QLineEdit *>();
    search->setText(QStringLiteral("no picture has this name"));
    Stage::waitFor("an empty list", [&] { return stage.data->model()->rowCount() == 0; });
    stage.take("data-nothing-found");
    search->clear();
    stage.data->setExtraFilter({});
    Stage::waitFor("all pictures", [&] { return stage.data->model()->rowCount() > 100; });
    stage.waitForThumbnails();
    stage.select(3, 3);
    QTest::keyClick(stage.data->grid(), Qt::Key_A, kMenuKeys);
    Stage::waitFor("the most alike", [&] { return stage.data->model()->order() == ImageListModel::Order::Similar; });
    stage.waitForThumbnails();
    stage.take("data-most-alike");
    stage.data->model()->setOrder(ImageListModel::Order::Added);
}

void suggestionScenes(Stage &stage)
{
    stage.window.showPage("data");
    const auto folder = QString::fromStdString((stage.home / "new").string());
    QDir().mkpath(folder);
    const QStringList pets = Stage::picturesBelow(QString::fromStdString(demonstrationPictures().string()));
    for (int k = 0; k < 30; ++k)
        QFile::copy(pets[k * pets.size() / 30], QStringLiteral("%1/new %2.jpg").arg(folder).arg(k));
    stage.import({folder});
    auto *chips = stage.data->chips();
    Stage::waitFor("suggestions", [&] {
        const auto *chip = chips->chip(QStringLiteral("suggestions"));
        return chip && chip->count() == 30;
    });
    takeMenu(stage, "data-filter-menu-model", Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    stage.session.setLabel({stage.session.state().images.front().id}, QStringLiteral("dog"));
    Stage::waitFor("a doubt", [&] { return chips->chip(QStringLiteral("disagrees")); });
    for (const bool small : {false, true}) {
        stage.resize(small);
        chips->setCurrentId(QStringLiteral("suggestions"));
        stage.waitForThumbnails();
        stage.take("data-suggestions");
        takeMenu(stage, "data-suggestions-order", Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(stage.data->grid(), Qt::Key_L);
        Stage::waitFor("the picture to label", [&] { return stage.data->labelling()->isReady(); });
        stage.take("data-labelling-guess");
        QTest::keyClick(stage.data->labelling(), Qt::Key_Escape);
        chips->setCurrentId(QStringLiteral("disagrees"));
        stage.waitForThumbnails();
        stage.take("data-disagrees");
        chips->setCurrentId(QStringLiteral("all"));
    }
    stage.resize(false);
}

void doctorScenes(Stage &stage)
{
    stage.window.showPage("data");
    makeMess(stage.home);
    stage.newProject("Messy");
    stage.import({QString::fromStdString((stage.home / "Mess").string())});
    const auto *controller = stage.data->doctor();
    Stage::waitFor("the doctor", [&] { return !controller->isRunning() && controller->diagnosis() && controller->diagnosis()->unread == 0; });
    for (const bool small : {false, true}) {
        stage.resize(small);
        stage.waitForThumbnails();
        stage.take("data-doctor");
        stage.data->findings()->showFinding(FindingKind::NearDuplicate);
        stage.data->findings()->selectGroup(1);
        stage.waitForThumbnails();
        stage.take("data-finding");
        stage.data->findings()->showFinding(FindingKind::Imbalance);
        stage.data->grid()->clearSelection();
        stage.waitForThumbnails();
        stage.take("data-finding-classes");
        stage.data->findings()->leave();
        stage.data->side()->splitsCard()->toggleDivide();
        stage.take("data-divide");
        stage.data->side()->splitsCard()->toggleDivide();
        stage.data->showHealth(true);
        stage.take("data-health");
        stage.data->showHealth(false);
    }
    stage.resize(false);
}

void readingScenes(Stage &stage)
{
    const auto folder = stage.home / "Shared";
    ProjectSession other;
    other.create(folder);
    Stage::waitFor("the other window's project", [&] { return other.isOpen(); });
    other.importPaths({stage.pictures()});
    Stage::waitFor("the other window's import", [&] { return !other.isImporting() && !other.state().images.empty(); });
    stage.session.open(folder);
    Stage::waitFor("the notice", [&] { return stage.window.notice()->isVisible(); });
    stage.take("in-use");
    stage.window.notice()->actionButton()->click();
    Stage::waitFor("reading", [&] { return stage.session.isReadOnly(); });
    stage.waitForThumbnails();
    stage.select(2, 4);
    stage.take("data-reading");
    stage.window.showPage("train");
    stage.take("train-reading");
    stage.window.showPage("data");
}

} // namespace whisker::test
