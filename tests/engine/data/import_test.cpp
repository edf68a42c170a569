#include "engine/data/import.h"

#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace whisker;
using namespace whisker::test;

class ImportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoDroppedFoldersAreTwoClasses()
    {
        const TestFolder folder;
        writePictures(folder, "dog", 10, 100);
        writePictures(folder, "cat", 10, 0);
        auto project = newProject(folder);
        const auto report = importAll(project, {folder / "dog/", folder / "cat"});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->added, 20u);
        const auto state = project.state();
        QCOMPARE(classNames(*state), (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(state->classes[1].key, "2");
        QCOMPARE(state->classes[1].colour, 1);
        QCOMPARE(countOf(*state, "cat", Split::Train), 6);
        QCOMPARE(countOf(*state, "cat", Split::Validation), 2);
        QCOMPARE(countOf(*state, "cat", Split::Test), 2);
        QCOMPARE(state->images[0].width, 3);
        QCOMPARE(state->images[0].height, 2);
    }

    void oneFolderOfClassFoldersIsRead()
    {
        const TestFolder folder;
        writePictures(folder, "pets/cat", 3, 0);
        writePictures(folder, "pets/dog/young", 3, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "pets"}));
        QCOMPARE(countOf(*project.state(), "dog", Split::Train), 1);
        QCOMPARE(classNames(*project.state()), (std::vector<std::string>{"cat", "dog"}));
    }

    void foldersThatComeSplitKeepTheirSplitAndGetValidation()
    {
        const TestFolder folder;
        writePictures(folder, "data/train/cat", 10, 0);
        writePictures(folder, "data/train/dog", 10, 20);
        writePictures(folder, "data/test/cat", 4, 40);
        for (const auto &dropped : {std::vector{folder / "data"}, std::vector{folder / "data/test", folder / "data/train"}}) {
            std::filesystem::remove_all(folder / "project");
            auto project = newProject(folder);
            const auto report = importAll(project, dropped);
            QVERIFY2(report, errorText(report));
            const auto state = project.state();
            QCOMPARE(countOf(*state, "cat", Split::Train), 8);
            QCOMPARE(countOf(*state, "cat", Split::Validation), 2);
            QCOMPARE(countOf(*state, "cat", Split::Test), 4);
            QCOMPARE(countOf(*state, "dog", Split::Train), 8);
        }
    }

    void looseFilesAndASoleFolderComeWithoutLabel()
    {
        const TestFolder folder;
        writePictures(folder, "photos", 3, 0);
        const auto loose = folder.write("x.ppm", picture(77));
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "photos"}));
        QVERIFY(importAll(project, {loose}));
        const auto state = project.state();
        QCOMPARE(state->images.size(), 4u);
        QVERIFY(std::ranges::none_of(state->images, [](const auto &image) { return image.label || image.split; }));
        QVERIFY(state->classes.empty());
    }

    void whatIsKnownIsRecognised()
    {
        const TestFolder folder;
        writePictures(folder, "pets/cat", 3, 0);
        writePictures(folder, "pets/dog", 3, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "pets"}));
        const auto before = project.state();
        writePictures(folder, "pets/dog", 1, 20);
        const auto report = importAll(project, {folder / "pets"});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->known, 6u);
        QCOMPARE(report->added, 1u);
        const auto after = project.state();
        QCOMPARE(after->images.size(), 7u);
        QVERIFY(std::equal(before->images.begin(), before->images.end(), after->images.begin()));
    }

    void aChangedFileIsReadAgainAndKeepsItsLabel()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        writePictures(folder, "dog", 3, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        const auto before = project.state()->images[0];
        folder.write("cat/0.ppm", picture(500) + " ");
        const auto report = importAll(project, {folder / "cat", folder / "dog"});
        QCOMPARE(report->updated, 1u);
        const auto after = project.state()->images[0];
        QCOMPARE(after.id, before.id);
        QVERIFY(after.hash != before.hash);
        QCOMPARE(after.label, before.label);
    }

    void ofManyCopiesOneTakesThePlaceOfAPictureThatIsGone()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        folder.write("a/cat/first.ppm", picture(1));
        QVERIFY(importAll(project, {folder / "a"}));
        std::filesystem::remove(folder / "a/cat/first.ppm");
        for (int i = 0; i < 50; ++i)
            folder.write("a/cat/copy " + std::to_string(i) + ".ppm", picture(1));
        const auto report = importAll(project, {folder / "a"});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->updated, 1u);
        QCOMPARE(report->added, 49u);
        QCOMPARE(project.state()->images.size(), 50u);
    }

    void aMovedFileIsFoundAgainByItsContent()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        writePictures(folder, "dog", 3, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        const auto before = project.state();
        std::filesystem::rename(folder / "cat", folder / "felines");
        const auto report = importAll(project, {folder / "felines"});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->updated, 3u);
        const auto after = project.state();
        QCOMPARE(after->images.size(), 6u);
        QCOMPARE(after->images[0].label, before->images[0].label);
        QCOMPARE(after->images[0].file(), folder / "felines/0.ppm");
    }

    void aLabelThatWasGivenIsKept()
    {
        const TestFolder folder;
        writePictures(folder, "pets/cat", 2, 0);
        writePictures(folder, "pets/dog", 2, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "pets"}));
        const auto state = project.state();
        QVERIFY(project.setLabel(std::array{state->images[0].id}, state->classes[1].id));
        QVERIFY(importAll(project, {folder / "pets"}));
        QCOMPARE(project.state()->images[0].label, std::optional(state->classes[1].id));
    }

    void skippedFilesAreKeptWithTheirReasonsUntilTheyCanBeRead()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        writePictures(folder, "dog", 3, 10);
        folder.write("dog/late.ppm", "no picture yet");
        auto project = newProject(folder);
        const auto report = importAll(project, {folder / "cat", folder / "dog"});
        QCOMPARE(report->skipped.size(), 1u);
        QCOMPARE(project.state()->skipped, report->skipped);
        folder.write("dog/late.ppm", picture(40));
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        QVERIFY(project.state()->skipped.empty());
        QCOMPARE(project.state()->images.size(), 7u);
    }

    void anImportOfNothingNewSaysWhatItSkipped()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "cat"}));
        QVERIFY(importAll(project, {folder / "cat", folder.write("plans.jpg", "no picture")}));
        QCOMPARE(project.state()->history.undo, std::optional<std::string>("Imported no new picture, skipped 1 file"));
    }

    void anImportIsUndoneAndRedoneAsOne()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 20, 0);
        writePictures(folder, "dog", 20, 100);
        folder.write("dog/text.jpg", "text");
        auto project = newProject(folder);
        ProjectState shown = *project.state();
        const auto before = shown;
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        auto after = *project.state();
        QCOMPARE(after.history.undo, std::optional<std::string>("Imported 40 pictures"));
        shown = after;
        const auto undone = project.undo();
        QCOMPARE(undone->removed.size(), 40u);
        QVERIFY(applyChange(shown, *undone));
        QVERIFY(shown == *project.state());
        QVERIFY(shown.images.empty() && shown.classes.empty() && shown.skipped.empty());
        QVERIFY(std::filesystem::exists(folder / "cat/0.ppm"));
        QVERIFY(applyChange(shown, *project.redo()));
        QVERIFY(shown == *project.state());
        after.history = shown.history;
        QVERIFY(shown == after);
    }

    void whatWasUndoneCanBeImportedAgain()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 20, 0);
        writePictures(folder, "dog", 20, 100);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "cat", folder / "dog"}));
        QVERIFY(project.undo());
        const auto report = importAll(project, {folder / "cat", folder / "dog"});
        QVERIFY2(report, errorText(report));
        QCOMPARE(report->added, 40u);
        const auto state = project.state();
        QCOMPARE(countOf(*state, "dog", Split::Train), 14);
        QCOMPARE(state->classes.size(), 2u);
    }

    void importingTheFolderOfTheProjectLeavesItsOwnFilesOut()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 3, 0);
        writePictures(folder, "dog", 3, 10);
        folder.write("runs/first/receipt.json", "{}");
        auto project = std::move(Project::create(folder.path()).value());
        const auto report = importAll(project, {folder.path()});
        QVERIFY2(report, errorText(report));
        QVERIFY(report->skipped.empty());
        QCOMPARE(report->added, 6u);
    }

    void nothingToImportIsExplained()
    {
        const TestFolder folder;
        std::filesystem::create_directories(folder / "empty");
        auto project = newProject(folder);
        const auto empty = importAll(project, {folder / "empty"});
        QVERIFY(!empty);
        QVERIFY2(QString::fromStdString(empty.error().message).contains("holds no pictures"), errorText(empty));
        const auto gone = importAll(project, {folder / "gone"});
        QVERIFY(!gone);
        QVERIFY2(QString::fromStdString(gone.error().message).contains("isn't there"), errorText(gone));
        QVERIFY(!project.state()->history.undo);
    }
};

QTEST_GUILESS_MAIN(ImportTest)
#include "import_test.moc"
