#include "engine/base/unicode.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Classes cat (key 1), dog (2) and fox (3), with two pictures each.
Project threeClasses(const TestFolder &folder)
{
    for (const auto &[name, first] : {std::pair("cat", 0), std::pair("dog", 10), std::pair("fox", 20)})
        writePictures(folder, name, 2, first);
    auto project = std::move(Project::create(folder / "project").value());
    importAll(project, {folder / "cat", folder / "dog", folder / "fox"}).value();
    return project;
}

ClassId classNamed(const Project &project, const std::string &name)
{
    const auto state = project.state().value();
    return std::ranges::find(state.classes, name, &ClassRecord::name)->id;
}

std::string order(const Project &project)
{
    std::string names;
    const auto state = project.state().value();
    for (const auto &record : state.classes)
        names += record.name + record.key + " ";
    return names;
}

} // namespace

class ProjectClassesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mergingGivesThePicturesToTheOtherClassAndCanBeUndone()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        const auto before = project.state().value();
        const auto change = project.mergeClasses(classNamed(project, "fox"), classNamed(project, "dog"));
        QVERIFY2(change, errorText(change));
        QCOMPARE(change->words, "Merged class fox into dog (2 pictures)");
        QCOMPARE(order(project), "cat1 dog2 ");
        QCOMPARE(std::ranges::count(project.state()->images, std::optional(classNamed(project, "dog")), &ImageRecord::label), 4);
        QVERIFY(project.undo());
        auto after = project.state().value();
        after.history = before.history;
        QVERIFY(after == before);
    }

    void aClassIsNotMergedIntoItselfOrIntoNothing()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        const auto cat = classNamed(project, "cat");
        QCOMPARE(project.mergeClasses(cat, cat).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(project.mergeClasses(cat, 99).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(project.mergeClasses(99, cat).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(order(project), "cat1 dog2 fox3 ");
    }

    void aKeyThatAnotherClassHasIsExchanged()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        const auto change = project.setClassKey(classNamed(project, "cat"), "3");
        QCOMPARE(change->words, "Gave class cat the key 3; fox has 1 now");
        QCOMPARE(order(project), "cat3 dog2 fox1 ");
        QVERIFY(project.setClassKey(classNamed(project, "dog"), "D"));
        QVERIFY(project.setClassKey(classNamed(project, "fox"), ""));
        QCOMPARE(order(project), "cat3 dogd fox ");
        QVERIFY(project.setClassKey(classNamed(project, "fox"), "d"));
        QCOMPARE(order(project), "cat3 dog foxd ");
        QVERIFY(project.undo() && project.undo() && project.undo() && project.undo());
        QCOMPARE(order(project), "cat1 dog2 fox3 ");
    }

    void keysThatTheWindowNeedsAreRefused()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        for (const char *key : {"x", "L", "12", "+", " ", "\u00e4"})
            QCOMPARE(project.setClassKey(classNamed(project, "cat"), key).error().code, ErrorCode::InvalidArgument);
    }

    void classesMoveInTheirList()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        QCOMPARE(project.moveClass(classNamed(project, "fox"), 0)->words, "Moved class fox to place 1");
        QCOMPARE(order(project), "fox3 cat1 dog2 ");
        QVERIFY(project.moveClass(classNamed(project, "fox"), 1));
        QCOMPARE(order(project), "cat1 fox3 dog2 ");
        QVERIFY(project.moveClass(classNamed(project, "cat"), 99));
        QCOMPARE(order(project), "fox3 dog2 cat1 ");
        QVERIFY(project.undo() && project.undo() && project.undo());
        QCOMPARE(order(project), "cat1 dog2 fox3 ");
    }

    void aColourChangesAndComesBack()
    {
        const TestFolder folder;
        auto project = threeClasses(folder);
        QVERIFY(project.recolourClass(classNamed(project, "dog"), 7));
        QCOMPARE(project.state()->classes[1].colour, 7);
        QVERIFY(!project.recolourClass(classNamed(project, "dog"), -1));
        QVERIFY(project.undo());
        QCOMPARE(project.state()->classes[1].colour, 1);
    }

    void namesKeepWhatPeopleWriteAndLoseWhatNobodySees_data()
    {
        QTest::addColumn<std::string>("typed");
        QTest::addColumn<std::string>("kept");
        QTest::newRow("slash") << std::string("a/b\\c") << std::string("a/b\\c");
        QTest::newRow("quotes") << std::string("the \"big\" 'one'; DROP TABLE class") << std::string("the \"big\" 'one'; DROP TABLE class");
        QTest::newRow("blanks") << std::string(" \u00a0\tspitz \u200b") << std::string("spitz");
        QTest::newRow("not UTF-8") << std::string("sp\xfftz") << std::string("sp\uFFFDtz");
        QTest::newRow("accents alone") << std::string("e\u0301tat") << std::string("\u00e9tat");
        QTest::newRow("many bytes") << std::string("\u72ac\u732b") << std::string("\u72ac\u732b");
    }

    void namesKeepWhatPeopleWriteAndLoseWhatNobodySees()
    {
        QFETCH(std::string, typed);
        QFETCH(std::string, kept);
        const TestFolder folder;
        auto project = std::move(Project::create(folder.path()).value());
        QVERIFY(project.addClass(typed));
        QCOMPARE(project.state()->classes[0].name, kept);
    }

    void namesThatCantBeShownAreRefused_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::newRow("nothing") << std::string();
        QTest::newRow("unseen") << std::string("\u200b\u3000");
        QTest::newRow("line break") << std::string("a\nb");
        QTest::newRow("escape") << std::string("a\x1b[31m");
        QTest::newRow("C1") << std::string("a\u0085z");
        QTest::newRow("line separator") << std::string("a\u2028z");
        QTest::newRow("case of other scripts") << std::string("\u00c9\u041a");
        QTest::newRow("accents written otherwise") << std::string("e\u0301\u043a");
    }

    void namesThatCantBeShownAreRefused()
    {
        QFETCH(std::string, name);
        const TestFolder folder;
        auto project = std::move(Project::create(folder.path()).value());
        QVERIFY(project.addClass("\u00e9\u043a"));
        const auto refused = project.addClass(name);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!project.renameClass(project.state()->classes[0].id, nameKey(name) == nameKey("\u00e9\u043a") ? "" : name));
    }
};

QTEST_GUILESS_MAIN(ProjectClassesTest)
#include "project_classes_test.moc"
