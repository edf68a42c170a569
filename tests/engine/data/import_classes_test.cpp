#include "engine/data/import.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>

using namespace whisker;
using namespace whisker::test;

/// Which class a folder is.
class ImportClassesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoleFolderJoinsTheClassOfItsName()
    {
        const TestFolder folder;
        writePictures(folder, "Cat", 3, 0);
        auto project = newProject(folder);
        QVERIFY(project.addClass("cat"));
        QVERIFY(importAll(project, {folder / "Cat"}));
        QCOMPARE(countOf(*project.state(), "cat", Split::Train), 1);
        QCOMPARE(project.state()->classes.size(), 1u);
    }

    void foldersEqualButForCaseStayTwoClasses()
    {
        const TestFolder folder;
        writePictures(folder, "letters/A", 2, 0);
        writePictures(folder, "letters/a", 2, 10);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "letters"}));
        QCOMPARE(classNames(*project.state()), (std::vector<std::string>{"A", "a (2)"}));
        writePictures(folder, "letters/a", 1, 20);
        QVERIFY(importAll(project, {folder / "letters"}));
        QCOMPARE(project.state()->classes.size(), 2u);
        QCOMPARE(project.state()->images.back().label, std::optional(project.state()->classes[1].id));
    }

    void foldersWhoseAccentsAreWrittenOtherwiseAreOneClass()
    {
        const TestFolder folder;
        writePictures(folder, "camera/\u00c9lan", 2, 0);
        writePictures(folder, "camera/E\u0301lan", 2, 10); // as some disks write it
        writePictures(folder, "camera/cerf", 2, 20);
        auto project = newProject(folder);
        QVERIFY(importAll(project, {folder / "camera"}));
        QCOMPARE(classNames(*project.state()), (std::vector<std::string>{"\u00c9lan", "cerf"}));
        QCOMPARE(project.state()->images.back().label, std::optional(project.state()->classes[0].id));
        writePictures(folder, "more/e\u0301LAN", 1, 30);
        writePictures(folder, "more/cerf", 1, 40);
        folder.write("list.csv", "file,label\nmore/cerf/40.ppm,CERF\nmore/e\u0301LAN/30.ppm,\u00e9lan\n");
        QVERIFY(importAll(project, {folder / "list.csv"}));
        QVERIFY(importAll(project, {folder / "more"}));
        QCOMPARE(project.state()->classes.size(), 2u);
        QCOMPARE(project.state()->images.size(), 8u);
    }

    void splitFoldersAreKnownByTheirNamesInAnyCase_data()
    {
        QTest::addColumn<std::string>("train");
        QTest::addColumn<std::string>("validation");
        QTest::addColumn<std::string>("test");
        QTest::newRow("val") << std::string("train") << std::string("val") << std::string("test");
        QTest::newRow("capitals") << std::string("TRAIN") << std::string("VAL") << std::string("TEST");
        QTest::newRow("first letters") << std::string("Train") << std::string("Validation") << std::string("Test");
        QTest::newRow("mixed") << std::string("tRain") << std::string("Valid") << std::string("TEst");
    }
    void splitFoldersAreKnownByTheirNamesInAnyCase()
    {
        QFETCH(std::string, train);
        QFETCH(std::string, validation);
        QFETCH(std::string, test);
        const TestFolder folder;
        writePictures(folder, "set/" + train + "/cat", 4, 0);
        writePictures(folder, "set/" + validation + "/Cat", 3, 10); // one class, whatever the case
        writePictures(folder, "set/" + test + "/cat", 2, 20);
        for (const bool isWhole : {true, false}) {
            auto project = std::move(Project::create(folder / (isWhole ? "whole" : "parts")).value());
            const auto paths = isWhole ? std::vector{folder / "set"} : std::vector{folder / "set" / train, folder / "set" / validation, folder / "set" / test};
            QVERIFY(importAll(project, paths));
            const auto state = project.state();
            QCOMPARE(state->images.size(), 9u);
            QCOMPARE(classNames(*state).size(), 1u);
            for (const auto &[split, count] : {std::pair(Split::Train, 4), std::pair(Split::Validation, 3), std::pair(Split::Test, 2)})
                QCOMPARE(std::ranges::count(state->images, std::optional(split), &ImageRecord::split), count);
            QVERIFY(std::ranges::all_of(state->images, &ImageRecord::splitFixed));
        }
    }
};

QTEST_GUILESS_MAIN(ImportClassesTest)
#include "import_classes_test.moc"
