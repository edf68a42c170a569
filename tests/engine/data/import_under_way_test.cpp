// What happens while an import goes on: progress, cancelling, changes meanwhile, files and folders that go away.
#include "engine/data/import.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

using namespace whisker;
using namespace whisker::test;

class ImportUnderWayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void progressBringsEveryPictureAndTheEndState()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 300, 0);
        writePictures(folder, "dog", 300, 1000);
        folder.write("dog/text.jpg", "text");
        auto project = newProject(folder);
        ProjectState state = *project.state();
        std::size_t reports = 0, lastDone = 0;
        bool inOrder = true;
        const auto sink = [&](const ImportProgress &progress) {
            ++reports;
            inOrder = inOrder && progress.done >= lastDone && progress.found == 601 && applyChange(state, progress.change);
            lastDone = progress.done;
        };
        const std::vector paths = {folder / "cat", folder / "dog"};
        const auto report = importFolders(project, paths, {}, sink, {});
        QVERIFY2(report, errorText(report));
        QVERIFY(inOrder);
        QVERIFY(reports > 2);
        QCOMPARE(lastDone, 601u);
        QVERIFY(state == *project.state());
    }

    void cancelKeepsWhatIsInWithItsSplits()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 200, 0);
        writePictures(folder, "dog", 200, 1000);
        auto project = newProject(folder);
        std::stop_source stop;
        const auto sink = [&](const ImportProgress &) { stop.request_stop(); };
        const std::vector paths = {folder / "cat", folder / "dog"};
        const auto report = importFolders(project, paths, {}, sink, stop.get_token());
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        const auto state = project.state();
        QCOMPARE(state->images.size(), report->added);
        QVERIFY(report->added > 0 && report->added < 400);
        QVERIFY(std::ranges::all_of(state->images, [](const auto &image) { return image.split.has_value(); }));
        QCOMPARE(importFolders(project, paths, {}, {}, {})->known, report->added);
        QCOMPARE(project.state()->images.size(), 400u);
    }

    void undoingAnImportThatGoesOnEndsIt()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 300, 0);
        writePictures(folder, "dog", 300, 1000);
        auto project = newProject(folder);
        bool isFirst = true;
        const auto sink = [&](const ImportProgress &) {
            if (std::exchange(isFirst, false))
                QVERIFY(project.undo());
        };
        const auto report = importFolders(project, std::vector{folder / "cat", folder / "dog"}, {}, sink, {});
        QVERIFY2(report, errorText(report));
        QVERIFY(report->cancelled);
        QVERIFY(project.state()->images.empty());
    }

    void aWorkerThatImportsIsStoppedAndJoined()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 300, 0);
        writePictures(folder, "dog", 300, 1000);
        auto project = newProject(folder);
        std::size_t added = 0;
        {
            std::atomic<bool> hasBegun = false;
            const std::jthread worker([&](std::stop_token stop) {
                const auto sink = [&](const ImportProgress &) {
                    hasBegun = true;
                    hasBegun.notify_one();
                };
                added = importFolders(project, std::vector{folder / "cat", folder / "dog"}, {}, sink, stop).value().added;
            });
            hasBegun.wait(false);
        }
        QCOMPARE(project.state()->images.size(), added);
    }

    void labelsCanBeGivenWhileAnImportGoesOn()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 300, 0);
        writePictures(folder, "dog", 300, 1000);
        auto project = newProject(folder);
        std::optional<ImageId> relabelled;
        ClassId added = 0;
        const auto sink = [&](const ImportProgress &progress) {
            if (relabelled || progress.change.images.empty())
                return;
            added = project.addClass("fox").value().classes->back().id;
            relabelled = progress.change.images.front().id;
            QVERIFY(project.setLabel(std::array{*relabelled}, added));
        };
        const auto report = importFolders(project, std::vector{folder / "cat", folder / "dog"}, {}, sink, {});
        QVERIFY2(report, errorText(report));
        const auto state = project.state();
        QCOMPARE(state->images.size(), 600u);
        QCOMPARE(std::ranges::find(state->images, *relabelled, &ImageRecord::id)->label, std::optional(added));
        for (int i = 0; i < 3; ++i)
            QVERIFY(project.undo());
        QVERIFY(project.state()->images.empty());
    }

    void aFolderThatGoesAwayMeanwhileIsOneSentenceAndNothingIsLost()
    {
        const TestFolder folder;
        writePictures(folder, "net/cat", 200, 0);
        writePictures(folder, "net/dog", 300, 1000);
        auto project = newProject(folder);
        QVERIFY(importFolders(project, std::vector{folder / "net/cat"}, {}, {}, {}));
        for (int i = 0; i < 200; ++i) // changed, so that the second import reads them
            folder.write("net/cat/" + std::to_string(i) + ".ppm", picture(i) + " ");
        const auto sink = [&](const ImportProgress &) {
            std::error_code ignored;
            std::filesystem::rename(folder / "net", folder / "away", ignored);
        };
        const auto report = importFolders(project, std::vector{folder / "net"}, {}, sink, {});
        QVERIFY2(report, errorText(report));
        QVERIFY(!report->cancelled);
        QVERIFY(report->updated > 0 && report->updated < 200);
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(report->skipped[0].file, folder / "net");
        QVERIFY(report->skipped[0].reason.starts_with("It went away while it was read, and "));
        QCOMPARE(project.state()->skipped, report->skipped);
        QCOMPARE(project.state()->images.size(), 200u);
        QVERIFY(std::ranges::all_of(project.state()->images, [](const auto &image) { return image.state == ImageState::Ok; }));
        std::filesystem::rename(folder / "away", folder / "net");
        QCOMPARE(importAll(project, {folder / "net"})->added, 300u);
        QCOMPARE(countOf(*project.state(), "cat", std::nullopt), 0);
    }

    void aFileThatGoesAwayBeforeItIsReadIsMissing()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 40, 0);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "cat"}));
        for (int i = 0; i < 40; ++i)
            folder.write("cat/" + std::to_string(i) + ".ppm", picture(i) + " ");
        const auto sink = [&](const ImportProgress &) { std::filesystem::remove(folder / "cat/9.ppm"); };
        const auto report = importFolders(project, std::vector{folder / "cat"}, {}, sink, {});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(std::ranges::count(project.state()->images, ImageState::Missing, &ImageRecord::state), 1);
    }
};

QTEST_GUILESS_MAIN(ImportUnderWayTest)
#include "import_under_way_test.moc"
