#include "engine/data/watched_folders.h"

#include "engine/base/path_text.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace whisker;
using namespace whisker::test;

class WatchedFoldersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void watchedFoldersAreKeptWithTheirMeaning()
    {
        const TestFolder folder;
        writePictures(folder, "in", 1, 0);
        writePictures(folder, "camera", 1, 10);
        {
            auto project = std::move(Project::create(folder / "project").value());
            QVERIFY(watchFolder(project, {folder / "in/", FolderMeaning::ClassFolders}));
            QVERIFY(watchFolder(project, {folder / "camera", FolderMeaning::ClassFolders}));
            QVERIFY(watchFolder(project, {folder / "camera", FolderMeaning::Unlabelled}));
        }
        auto project = std::move(Project::open(folder / "project").value());
        const std::vector<WatchedFolder> both = {{folder / "camera", FolderMeaning::Unlabelled}, {folder / "in", FolderMeaning::ClassFolders}};
        QCOMPARE(*watchedFolders(project), both);
        QVERIFY(unwatchFolder(project, folder / "in"));
        QVERIFY(unwatchFolder(project, folder / "never"));
        QCOMPARE(watchedFolders(project)->size(), 1u);
    }

    void aFolderInAWatchedOneAndOneThatIsNoneAreRefused()
    {
        const TestFolder folder;
        writePictures(folder, "in/cat", 1, 0);
        auto project = std::move(Project::create(folder / "project").value());
        QVERIFY(watchFolder(project, {folder / "in"}));
        for (const auto &wrong : {folder / "in/cat", folder.path(), folder / "nowhere", folder / "in/cat/0.ppm"}) {
            const auto result = watchFolder(project, {wrong});
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
        }
        QCOMPARE(watchedFolders(project)->size(), 1u);
    }

    void aFolderWhoseNameIsNoTextIsWatchedAllTheSame()
    {
        const TestFolder folder;
        const std::string name = "caf\xE9";
        writePictures(folder, name + "/\xFF", 2, 0);
        auto project = std::move(Project::create(folder / "project").value());
        QVERIFY(watchFolder(project, {folder / name, FolderMeaning::Unlabelled}));
        const auto watched = watchedFolders(project);
        QCOMPARE(watched->at(0).folder, folder / name);
        const auto look = lookInto(project, watched->at(0));
        QVERIFY2(look, errorText(look));
        QCOMPARE(look->files.size(), 2u);
        QVERIFY(importFolders(project, std::array{watched->at(0).folder}, {.meaning = FolderMeaning::Unlabelled}, {}, {}));
        QVERIFY(lookInto(project, watched->at(0))->files.empty());
        QVERIFY(unwatchFolder(project, folder / name));
        QVERIFY(watchedFolders(project)->empty());

        const auto shown = watchFolder(project, {folder / pathText(name)}); // as a window gets it from its dialog
        QVERIFY(!shown);
        QVERIFY2(shown.error().message.ends_with("rename it first."), errorText(shown));
    }

    void theMeaningDecidesWhatAnImportMakesOfIt()
    {
        const TestFolder folder;
        writePictures(folder, "in/cat", 2, 0);
        writePictures(folder, "in", 1, 10);
        for (const auto meaning : {FolderMeaning::ClassFolders, FolderMeaning::Unlabelled}) {
            auto project = std::move(Project::create(folder / ("project " + std::to_string(static_cast<int>(meaning)))).value());
            const auto report = importFolders(project, std::vector{folder / "in"}, {.meaning = meaning}, {}, {});
            QVERIFY2(report, errorText(report));
            const auto state = project.state();
            QCOMPARE(state->images.size(), 3u);
            const auto labelled = std::ranges::count_if(state->images, [](const auto &image) { return image.label.has_value(); });
            QCOMPARE(labelled, meaning == FolderMeaning::ClassFolders ? 2 : 0);
        }
    }
};

QTEST_GUILESS_MAIN(WatchedFoldersTest)
#include "watched_folders_test.moc"
