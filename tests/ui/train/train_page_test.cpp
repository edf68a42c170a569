#include "tests/ui/active_window.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/told_runs.h"
#include "ui/project_session.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/texts.h"
#include "ui/train/train_page.h"
#include "widgets/curve_plot.h"
#include "widgets/drop_zone.h"
#include "widgets/figure_row.h"
#include "widgets/notice_bar.h"
#include "widgets/share_bars.h"

#include <QSignalSpy>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Opens a project of 16 photographs; false where it took too long.
bool openPets(ProjectSession &session, const TestFolder &folder)
{
    for (const char *pet : {"cat", "dog"}) {
        int copied = 0;
        std::filesystem::create_directories(folder / "pets" / pet);
        for (const auto &file : std::filesystem::directory_iterator(demonstrationPictures() / pet))
            if (++copied <= 8)
                std::filesystem::copy(file, folder / "pets" / pet);
    }
    return openWith(session, folder, {fromUtf8((folder / "pets").string())}) && session.state().images.size() == 16;
}

TrainConfig scratch(const char *architecture, int epochs, int sizePx)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = architecture;
    config.epochs = epochs;
    config.sizePx = sizePx;
    return config;
}

/// A page that follows a project of pets.
struct OpenProject {
    explicit OpenProject(TrainFunction train) : page(std::move(train))
    {
        showActive(page);
        page.followSession(session);
    }
    bool opens() { return openPets(session, folder); }

    const TestFolder folder;
    ProjectSession session;
    TrainPage page;
};

} // namespace

class TrainPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatItWillLearnFrom()
    {
        QCOMPARE(materialText(pets(35)), "50 pictures to train on, 10 to validate with, 10 kept for the test; 2 classes");
    }

    void classesWithoutPicturesAreNamed()
    {
        TrainingMaterial material;
        material.snapshot = std::make_shared<const Snapshot>(pets(35));
        QCOMPARE(emptyClassesText(material), "");
        material.emptyClasses = {"bird"};
        QCOMPARE(emptyClassesText(material), "bird has no pictures and will not be learnt.");
        material.emptyClasses = {"bird", "cow", "fox"};
        QCOMPARE(emptyClassesText(material), "bird, cow and fox have no pictures and will not be learnt.");
        material.emptyClasses.clear();
        material.unusableClasses = {"bird"};
        QCOMPARE(emptyClassesText(material), "bird has no pictures that can be used and will not be learnt.");
        material.unusableClasses.clear();
        Snapshot untrained = pets(35);
        std::erase_if(untrained.entries, [](const SnapshotEntry &entry) { return entry.label == 1 && entry.split == Split::Train; });
        material.snapshot = std::make_shared<const Snapshot>(untrained);
        QCOMPARE(emptyClassesText(material), "dog has no pictures to train on.");
    }

    void aClassOfTheProjectWithoutPicturesIsNamedOnThePage()
    {
        OpenProject project(&goodRun);
        QVERIFY(project.opens());
        TrainPage &page = project.page;
        ProjectSession &session = project.session;
        session.addClass("bird");
        QTRY_COMPARE(page.findChild<MaterialCard *>()->emptyClasses(), "bird has no pictures and will not be learnt.");
    }

    void aClassWhosePicturesAreAllLeftOutIsNamedOnThePage()
    {
        OpenProject project(&goodRun);
        QVERIFY(project.opens());
        TrainPage &page = project.page;
        ProjectSession &session = project.session;
        std::vector<ImageId> cats;
        for (const ImageRecord &image : session.state().images) {
            if (image.label == session.state().classes.front().id)
                cats.push_back(image.id);
        }
        session.setExcluded(cats, true);
        QTRY_COMPARE(page.findChild<MaterialCard *>()->emptyClasses(), "cat has no pictures that can be used and will not be learnt.");
    }

    void pressingTheKeyOfStartTwiceStartsNoSecondRun()
    {
        const TestFolder folder;
        int begun = 0;
        TrainPage page([&](auto &&...arguments) {
            ++begun;
            return goodRun(arguments...);
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        QTest::keyClick(&page, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QTest::keyClick(&page, Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(&page, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!page.controller()->isRunning());
        QTest::keyClick(&page, Qt::Key_N, Qt::ControlModifier);
        QVERIFY(button(page, "Start"));
        QVERIFY(!page.controller()->isRunning());
        QCOMPARE(begun, 1);
    }

    void aClassThatTheSessionHasNotHeardOfYetIsShown()
    {
        const TestFolder folder;
        TrainPage page(&goodRun);
        showActive(page);
        TrainingMaterial material = materialIn(folder);
        material.classColours = {0, -1};
        page.setMaterial(material);
        const auto rows = page.findChild<MaterialCard *>()->findChild<ShareBars *>()->rows();
        QCOMPARE(rows.size(), 3u);
        QCOMPARE(rows[0].counts, (std::vector<int>{25, 25}));
    }

    void runsFromStartToResultByKeysAlone()
    {
        const TestFolder folder;
        TrainPage page(&goodRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        QSignalSpy models(&page, &TrainPage::modelFinished);
        QSignalSpy pages(&page, &Page::pageWanted);
        QTest::keyClick(&page, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);

        auto *result = page.findChild<ResultCard *>();
        QVERIFY(result->isVisible());
        QCOMPARE(result->headline(), "98.2 %");
        QVERIFY(result->sentence().contains("54 right, 1 wrong"));
        QVERIFY(result->certainty().contains("90\u00A0%"));
        QCOMPARE(page.curves()->loss()->pointCount("training"), 20);
        QCOMPARE(models.count(), 1);
        QTest::mouseClick(result->tryButton(), Qt::LeftButton);
        QCOMPARE(pages[0][0].toString(), "predict");
    }

    void showsFiguresAndStopsByEscape()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        QSignalSpy activity(&page, &Page::activityChanged);
        page.start();
        auto *figures = page.findChild<FigureRow *>();
        QTRY_COMPARE(figures->value("accuracy"), "97.3 %");
        QCOMPARE(figures->value("loss"), "0.131");
        QCOMPARE(figures->value("speed"), "410 img/s");
        QCOMPARE(figures->value("left"), "about 2 min");
        QCOMPARE(figures->value("memory"), QLocale().toString(1.9) + " GB");
        QCOMPARE(figures->value("waited"), "2 %");
        QVERIFY(activity.count() > 0);
        QTest::keyClick(&page, Qt::Key_Escape);
        QCOMPARE(page.controller()->state(), TrainingController::State::Stopping);
        QVERIFY(figures->value("left") != "about 2 min"); // it is over after a step
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(!page.findChild<ResultCard *>()->tryButton()->isVisible()); // it left no model
    }

    void oneClassOnlyDisablesStartWithTheReason()
    {
        const TestFolder folder;
        TrainPage page(&goodRun);
        showActive(page);
        page.setMaterial(materialIn(folder, "There is only one class, cat: add a second one."));
        QVERIFY(!button(page, "Start")->isEnabled());
        auto *notice = page.findChild<NoticeBar *>();
        QVERIFY(notice->isVisible());
        QVERIFY(notice->text().contains("only one class"));
        QSignalSpy pages(&page, &Page::pageWanted);
        QTest::mouseClick(notice->actionButton(), Qt::LeftButton);
        QCOMPARE(pages[0][0].toString(), "data");
        page.start();
        QVERIFY(!page.controller()->isRunning());
        page.setMaterial(materialIn(folder)); // a second class came
        QVERIFY(!notice->isVisible());
        QVERIFY(button(page, "Start")->isEnabled());
    }

    void aProjectWithoutPicturesLeadsToData()
    {
        const TestFolder folder;
        TrainPage page(&goodRun);
        showActive(page);
        TrainingMaterial nothing;
        nothing.runsFolder = folder / "runs";
        nothing.snapshot = std::make_shared<const Snapshot>();
        page.setMaterial(nothing);
        auto *empty = page.findChild<DropZone *>();
        QVERIFY(empty->isVisible());
        QSignalSpy pages(&page, &Page::pageWanted);
        QTest::mouseClick(empty->button(), Qt::LeftButton);
        QCOMPARE(pages[0][0].toString(), "data");
    }

    void anotherProjectForgetsTheRun()
    {
        const TestFolder folder;
        const TestFolder other;
        TrainPage page(&endlessRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Training);
        page.setMaterial(materialIn(other));
        QCOMPARE(page.controller()->state(), TrainingController::State::Idle);
        QVERIFY(button(page, "Start"));
    }

    void trainsOnTheOpenProjectAndAnnouncesItsModel()
    {
        OpenProject project(&goodRun);
        QVERIFY(project.opens());
        TrainPage &page = project.page;
        ProjectSession &session = project.session;
        QTRY_VERIFY(button(page, "Start") && button(page, "Start")->isEnabled());
        QSignalSpy models(&session, &ProjectSession::latestModelChanged);
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QTRY_VERIFY(models.count() >= 1);
        QVERIFY(!session.latestModel().empty());
        QCOMPARE(session.modelInUse(), session.latestModel());
    }

    void theModelOfAStoppedRunIsUsedOnlyWhereItIsTried()
    {
        OpenProject project(&stoppedRun);
        QVERIFY(project.opens());
        TrainPage &page = project.page;
        ProjectSession &session = project.session;
        QTRY_VERIFY(button(page, "Start") && button(page, "Start")->isEnabled());
        QSignalSpy listed(page.history(), &RunHistory::runsChanged);
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QTRY_VERIFY(!page.history()->runs().empty()); // the list is read again
        QVERIFY(session.latestModel().empty());
        QVERIFY(session.modelInUse().empty());
        auto *result = page.findChild<ResultCard *>();
        QVERIFY(result->tryButton()->isVisible());
        QTest::mouseClick(result->tryButton(), Qt::LeftButton);
        QVERIFY(session.latestModel().empty());
        QCOMPARE(session.modelInUse(), page.history()->runs().front().folder / kModelFile);
    }

    void theRecipeIsKeptWithTheProject()
    {
        const TestFolder folder;
        const TestFolder other;
        TrainConfig config = scratch("small", 7, 64);
        config.optimizer = OptimizerKind::Sgd;
        config.weightDecay = 0.001;
        config.averageDecay = 0.99;
        config.augmentation.flip = false;
        {
            ProjectSession session;
            TrainPage page(&goodRun);
            page.followSession(session);
            QVERIFY(openWith(session, folder, {}));
            QCOMPARE(page.recipe()->config(), recommendedConfig(TrainMode::Quick));
            page.recipe()->setConfig(config);
        }
        ProjectSession session;
        TrainPage page(&goodRun);
        page.followSession(session);
        QSignalSpy opened(&session, &ProjectSession::opened);
        session.open(folder / "project");
        QVERIFY(opened.wait());
        QCOMPARE(page.recipe()->config(), config);
        QVERIFY(openWith(session, other, {}));
        QCOMPARE(page.recipe()->config(), recommendedConfig(TrainMode::Quick)); // another project begins with what is right for a beginner
    }

    void aRecipeOfANewerWhiskerGivesTheDefaults()
    {
        const TestFolder folder;
        ProjectSession session;
        QVERIFY(openWith(session, folder, {}));
        session.setSetting("train/config", R"({"mode":"scratch","architecture":"vit","epochs":7})");
        TrainPage page(&goodRun);
        page.followSession(session);
        QCOMPARE(page.recipe()->config(), recommendedConfig(TrainMode::Quick));
    }

    void canBeDestroyedWhileARunGoesOn()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QVERIFY(page.controller()->isRunning());
    }

    void fromScratchTakesTheChosenOptions()
    {
        const TestFolder folder;
        TrainConfig used;
        TrainPage page([&](std::shared_ptr<const Snapshot>, const TrainConfig &config, auto &&...) -> Result<TrainReport> {
            used = config;
            return TrainReport{};
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.recipe()->setConfig(scratch("small", 7, 96));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QCOMPARE(used.mode, TrainMode::Scratch);
        QCOMPARE(QString::fromStdString(used.architecture), "small");
        QCOMPARE(used.epochs, 7);
        QCOMPARE(used.sizePx, 96);
    }
};

QTEST_MAIN(TrainPageTest)
#include "train_page_test.moc"
