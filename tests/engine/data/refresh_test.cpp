#include "engine/data/refresh.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// cat/0.ppm to cat/3.ppm and dog/10.ppm, labelled.
Project fivePictures(const TestFolder &folder)
{
    writePictures(folder, "cat", 4, 0);
    writePictures(folder, "dog", 1, 10);
    auto project = std::move(Project::create(folder / "project").value());
    importAll(project, {folder / "cat", folder / "dog"}).value();
    return project;
}

} // namespace

class RefreshTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsUnchangedIsLeftAlone()
    {
        const TestFolder folder;
        auto project = fivePictures(folder);
        const auto before = project.state().value();
        bool told = false;
        const auto report = refreshFiles(project, {}, [&](const RefreshProgress &) { told = true; }, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->changed + report->missing + report->back, 0u);
        QVERIFY(!told);
        QVERIFY(project.state().value() == before);
    }

    void changedGoneAndReturnedFilesAreSeenAndKeepTheirLabels()
    {
        const TestFolder folder;
        auto project = fivePictures(folder);
        auto shown = project.state().value();
        const auto before = shown;
        folder.write("cat/0.ppm", picture(99) + " ");
        std::filesystem::rename(folder / "cat/1.ppm", folder / "away.ppm");
        folder.write("cat/2.ppm", "no picture any more");
        const auto apply = [&](const RefreshProgress &progress) { QVERIFY(applyChange(shown, progress.change)); };
        const auto report = refreshFiles(project, {}, apply, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->changed, 2u);
        QCOMPARE(report->missing, 1u);
        QVERIFY(shown == project.state().value());
        QVERIFY(shown.images[0].hash != before.images[0].hash);
        QCOMPARE(shown.images[0].state, ImageState::Ok);
        QCOMPARE(shown.images[1].state, ImageState::Missing);
        QCOMPARE(shown.images[2].state, ImageState::Unreadable);
        for (std::size_t i = 0; i < shown.images.size(); ++i)
            QCOMPARE(shown.images[i].label, before.images[i].label);
        QVERIFY(shown.history == before.history);

        std::filesystem::rename(folder / "away.ppm", folder / "cat/1.ppm");
        const auto again = refreshFiles(project, {}, apply, {});
        QCOMPARE(again->back, 1u);
        QCOMPARE(again->changed + again->missing, 0u); // the broken one is not read again
        QCOMPARE(shown.images[1].state, ImageState::Ok);
        QVERIFY(!shown.images[1].reason);
    }

    void aWholeFolderThatGoesAwayIsMissing()
    {
        const TestFolder folder;
        auto project = fivePictures(folder);
        std::filesystem::rename(folder / "cat", folder / "elsewhere");
        QCOMPARE(refreshFiles(project, {.threads = 1}, {}, {})->missing, 4u);
        std::filesystem::rename(folder / "elsewhere", folder / "cat");
        QCOMPARE(refreshFiles(project, {}, {}, {})->back, 4u);
    }

    void aStopEndsItAndNothingIsHalfDone()
    {
        const TestFolder folder;
        auto project = fivePictures(folder);
        std::filesystem::remove_all(folder / "cat");
        std::stop_source stop;
        stop.request_stop();
        const auto report = refreshFiles(project, {}, {}, stop.get_token());
        QVERIFY(report->cancelled);
        QCOMPARE(report->missing, 0u);
        QCOMPARE(project.state()->images[0].state, ImageState::Ok);
    }

    void aProjectThatIsReadSaysThatItCantBeChanged()
    {
        const TestFolder folder;
        {
            auto project = fivePictures(folder);
        }
        auto project = Project::open(folder / "project", {.access = ProjectAccess::ReadOnly});
        QVERIFY(refreshFiles(*project, {}, {}, {}));
        std::filesystem::remove_all(folder / "cat");
        QCOMPARE(refreshFiles(*project, {}, {}, {}).error().code, ErrorCode::PermissionDenied);
    }
};

QTEST_GUILESS_MAIN(RefreshTest)
#include "refresh_test.moc"
