#include "tests/engine/data/pictures.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

Project fourCats(const TestFolder &folder, ProjectOptions options = {})
{
    writePictures(folder, "cat", 4, 0);
    auto project = std::move(Project::create(folder / "project", std::move(options)).value());
    importAll(project, {folder / "cat"}).value();
    project.addClass("dog").value();
    return project;
}

std::vector<std::string> wordsOf(const std::vector<HistoryEntry> &entries)
{
    std::vector<std::string> words;
    for (const auto &entry : entries)
        words.push_back((entry.undone ? "-" : "+") + entry.words);
    return words;
}

using Words = std::vector<std::string>;

} // namespace

class ProjectHistoryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theHistorySaysEachChangeNewestFirst()
    {
        const TestFolder folder;
        auto project = fourCats(folder, {.clock = [] { return std::int64_t(1234); }});
        const auto ids = idsOf(project.state().value());
        QVERIFY(project.setUnsure(ids, true));
        QVERIFY(project.setGroup(std::array{ids[0], ids[1]}, " Rex "));
        QVERIFY(project.setGroup(std::array{ids[0]}, std::nullopt));
        QVERIFY(project.removeImages(std::array{ids[3], ids[3]}));
        QVERIFY(project.undo());
        const auto history = project.history(100).value();
        QCOMPARE(wordsOf(history), (Words{"-Removed 1 picture from the project", "+Took 1 picture out of its group", "+Put 2 pictures into group Rex",
                                          "+Marked 4 pictures as not sure", "+Added class dog", "+Imported 4 pictures"}));
        QCOMPARE(history[0].timeMs, 1234);
        QCOMPARE(wordsOf(project.history(2).value()).size(), 2u);
        QCOMPARE(project.history(0)->size(), 0u);
    }

    void marksAndGroupsAreKeptAndTakenBack()
    {
        const TestFolder folder;
        auto project = fourCats(folder);
        const auto ids = idsOf(project.state().value());
        QVERIFY(project.setUnsure(std::array{ids[1]}, true));
        QVERIFY(project.setGroup(std::array{ids[2]}, "Rex"));
        QVERIFY(project.state()->images[1].unsure);
        QCOMPARE(*project.state()->images[2].group, "Rex");
        QVERIFY(project.undo() && project.undo());
        QVERIFY(!project.state()->images[1].unsure);
        QVERIFY(!project.state()->images[2].group);
        QVERIFY(!project.setGroup(ids, "\n"));
        QCOMPARE(project.setUnsure(std::array{ImageId(99)}, true).error().code, ErrorCode::InvalidArgument);
    }

    void oneStepGoesBackOverManyChangesAndForthAgain()
    {
        const TestFolder folder;
        auto project = fourCats(folder);
        const auto ids = idsOf(project.state().value());
        const auto start = project.history(1)->front().id;
        const auto before = project.state().value();
        QVERIFY(project.setUnsure(ids, true) && project.setExcluded(ids, true) && project.setLabel(ids, before.classes[0].id));
        const auto after = project.state().value();
        const auto end = project.history(1)->front().id;

        auto copy = after;
        const auto back = project.undoTo(start);
        QVERIFY2(back, errorText(back));
        QCOMPARE(back->words, "Took back 3 changes");
        QVERIFY(applyChange(copy, *back));
        QVERIFY(copy == project.state().value());
        QVERIFY(copy.images == before.images);

        const auto forth = project.redoTo(end);
        QCOMPARE(forth->words, "Made 3 changes again");
        QVERIFY(applyChange(copy, *forth));
        QVERIFY(copy == after);
    }

    void aPlaceThatIsNotThereIsRefused()
    {
        const TestFolder folder;
        auto project = fourCats(folder);
        const auto last = project.history(1)->front().id;
        QCOMPARE(project.undoTo(99).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(project.redoTo(last).error().code, ErrorCode::InvalidArgument);
        QVERIFY(project.undoTo(last)->words.empty());
        QVERIFY(project.undoTo(0));
        QVERIFY(project.state()->images.empty());
        QCOMPARE(project.undoTo(last).error().code, ErrorCode::InvalidArgument);
        QVERIFY(project.redoTo(last));
        QCOMPARE(project.state()->images.size(), 4u);
    }

    void removedPicturesComeBackByImportAndByUndo()
    {
        const TestFolder folder;
        auto project = fourCats(folder);
        const auto ids = idsOf(project.state().value());
        QVERIFY(project.removeImages(ids));
        QVERIFY(std::filesystem::exists(folder / "cat/0.ppm"));
        QCOMPARE(importAll(project, {folder / "cat"})->added, 4u);
        QCOMPARE(idsOf(project.state().value()), ids);
        QVERIFY(project.undo() && project.undo());
        QCOMPARE(idsOf(project.state().value()), ids);
    }
};

QTEST_GUILESS_MAIN(ProjectHistoryTest)
#include "project_history_test.moc"
