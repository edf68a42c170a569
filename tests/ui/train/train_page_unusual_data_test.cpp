#include "engine/train/model_file.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/train/trained_room.h"
#include "ui/train/pinned_card.h"
#include "ui/train/pinned_row.h"
#include "widgets/notice_bar.h"

using namespace whisker;
using namespace whisker::test;

namespace {

/// A page that follows a project, and trains with the real engine.
struct OpenProject {
    OpenProject()
    {
        useAsHome(folder);
        showActive(page);
        page.followSession(session);
    }
    bool has(const QStringList &paths) { return openWith(session, folder, paths); }
    bool says(const QString &words)
    {
        return QTest::qWaitFor([&] { return isSaid(page, words); }, 20'000);
    }
    /// False where it can't be begun, or doesn't end.
    bool trains(const TrainConfig &config)
    {
        if (!QTest::qWaitFor([&] { return button(page, "Start") && button(page, "Start")->isEnabled(); }, 20'000))
            return false;
        page.recipe()->setConfig(config);
        page.start();
        return QTest::qWaitFor([&] { return page.controller()->isRunning(); }, 20'000) && QTest::qWaitFor([&] { return !page.controller()->isRunning(); }, 200'000);
    }

    const TestFolder folder;
    ProjectSession session;
    TrainPage page;
};

} // namespace

/// Data that hardly anybody has, on the Train page of a project.
class TrainPageUnusualDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneClassIsSaidBeforeAnythingBegins()
    {
        OpenProject project;
        drawPictures(project.folder, "cat", 8);
        std::filesystem::create_directory(project.folder / "pets");
        std::filesystem::rename(project.folder / "cat", project.folder / "pets/cat");
        QVERIFY(project.has({displayText(project.folder / "pets")}));
        QVERIFY(project.says("has pictures of one class only (cat): add a second class to tell it from."));
        QVERIFY(!button(project.page, "Start")->isEnabled());
        QTest::keyClick(&project.page, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!project.page.controller()->isRunning());
        QSignalSpy pages(&project.page, &Page::pageWanted);
        QTest::mouseClick(project.page.notice()->actionButton(), Qt::LeftButton);
        QCOMPARE(pages[0][0].toString(), "data");
        drawPictures(project.folder, "dog", 8);
        std::filesystem::rename(project.folder / "dog", project.folder / "pets/dog");
        project.session.importPaths({displayText(project.folder / "pets")});
        QTRY_VERIFY_WITH_TIMEOUT(button(project.page, "Start")->isEnabled(), 20'000);
        QVERIFY(!project.page.notice()->isVisible());
    }

    void threePicturesAreSaidToBeTooFew()
    {
        OpenProject project;
        QVERIFY(project.has({drawPictures(project.folder, "cat", 2), drawPictures(project.folder, "dog", 1)}));
        QVERIFY(project.says("has too few pictures of dog to learn from (1 different picture outside test): add some, at least 2."));
        QVERIFY(!button(project.page, "Start")->isEnabled());
        project.page.start();
        QVERIFY(!project.page.controller()->isRunning());
    }

    void aBatchLargerThanTheDataIsMadeSmaller()
    {
        OpenProject project;
        QVERIFY(project.has({drawPictures(project.folder, "cat", 8), drawPictures(project.folder, "dog", 8)}));
        TrainConfig config = tinyNet(3);
        config.batch = 4096;
        QVERIFY(project.trains(config));
        QCOMPARE(project.page.controller()->state(), TrainingController::State::Finished);
        const auto run = readRun(project.page.controller()->runFolder());
        QVERIFY2(run, errorText(run));
        QCOMPARE(run->summary.receipt.config.batch, 4096); // as wished
        QCOMPARE(std::ranges::count(run->metrics, MetricSeries::TrainingLoss, &MetricPoint::series), 3); // a step an epoch
        QVERIFY(canStart(project.page));
    }

    void aThousandClassesAreTrainedOn()
    {
        OpenProject project;
        for (int label = 0; label < 1000; ++label) {
            for (int i = 0; i < 2; ++i) {
                const std::string pixel = {static_cast<char>(label % 256), static_cast<char>(label / 4), static_cast<char>(i)};
                project.folder.write("many/" + std::to_string(10000 + label) + "/" + std::to_string(i) + ".ppm", "P6 1 1 255\n" + pixel);
            }
        }
        QVERIFY(project.has({displayText(project.folder / "many")}));
        QTRY_COMPARE_WITH_TIMEOUT(project.session.state().images.size(), 2000u, 20'000);
        project.page.pinned()->add({displayText(project.folder / "many/10999/0.ppm")});
        TrainConfig config = tinyNet(2);
        config.batch = 250;
        QVERIFY(project.trains(config));
        QCOMPARE(project.page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(project.page.pinned()->rows().front()->answerCount() > 0);
        const auto model = readModel(project.page.controller()->runFolder() / kModelFile);
        QVERIFY2(model, errorText(model));
        QCOMPARE(model->classes.size(), 1000u);
        QVERIFY(canStart(project.page));
    }
};

QTEST_MAIN(TrainPageUnusualDataTest)
#include "train_page_unusual_data_test.moc"
