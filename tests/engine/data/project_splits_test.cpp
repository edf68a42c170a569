#include "engine/data/snapshot.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr SplitShares kHalf = {0.5, 0.25, 0.25};

/// 40 cats and 20 dogs.
Project sixty(const TestFolder &folder)
{
    writePictures(folder, "cat", 40, 0);
    writePictures(folder, "dog", 20, 100);
    auto project = std::move(Project::create(folder / "project").value());
    importAll(project, {folder / "cat", folder / "dog"}).value();
    return project;
}

std::set<ImageId> idsIn(const Project &project, Split split)
{
    std::set<ImageId> ids;
    const auto state = project.state().value();
    for (const auto &image : state.images) {
        if (image.split == split)
            ids.insert(image.id);
    }
    return ids;
}

const ImageRecord &imageOf(const ProjectState &state, ImageId id)
{
    return *std::ranges::find(state.images, id, &ImageRecord::id);
}

} // namespace

class ProjectSplitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dividingAnewIsOneChangeWithItsCounts()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const auto before = project.state().value();
        const auto change = project.assignSplits(kHalf, 7);
        QVERIFY2(change, errorText(change));
        QCOMPARE(change->words, "Divided 60 pictures: 30 train, 15 validation, 15 test");
        QCOMPARE(countOf(project.state().value(), "dog", Split::Test), 5);
        QVERIFY(project.undo());
        QVERIFY(project.state()->images == before.images);
    }

    void theSameSeedDividesInTheSameWay()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        QVERIFY(project.assignSplits(kHalf, 7));
        const auto first = idsIn(project, Split::Test);
        QVERIFY(project.assignSplits(kHalf, 8));
        QVERIFY(idsIn(project, Split::Test) != first);
        QVERIFY(project.assignSplits(kHalf, 7));
        QVERIFY(idsIn(project, Split::Test) == first);
    }

    void whatComesLaterFollowsTheProjectsShares()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        QVERIFY(project.assignSplits({1, 1, 0}, 3));
        const auto rules = splitRules(project.state()->settings);
        QCOMPARE(rules.shares.train, 1.0);
        QCOMPARE(rules.shares.test, 0.0);
        QCOMPARE(rules.seed, 3u);
        writePictures(folder, "fox", 20, 200);
        importAll(project, {folder / "fox", folder / "cat"}).value();
        QCOMPARE(countOf(project.state().value(), "fox", Split::Train), 10);
        QCOMPARE(countOf(project.state().value(), "fox", Split::Test), 0);
    }

    void groupsAndNearDuplicatesNeverStraddle()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const auto ids = idsOf(project.state().value());
        const std::vector<ImageId> rex(ids.begin(), ids.begin() + 6), near = {ids[5], ids[20], ids[45]};
        QVERIFY(project.setGroup(rex, "Rex"));
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            QVERIFY(project.assignSplits(kHalf, seed, std::array{near}));
            const auto state = project.state().value();
            for (const ImageId id : {ids[0], ids[3], ids[5], ids[20], ids[45]})
                QCOMPARE(imageOf(state, id).split, imageOf(state, ids[0]).split);
            QCOMPARE(countOf(state, "cat", Split::Train), 20);
        }
    }

    void aNewLabelFollowsItsGroup()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        folder.write("new/a.ppm", picture(300));
        importAll(project, {folder / "new/a.ppm"}).value();
        const auto state = project.state().value();
        const ImageId test = *idsIn(project, Split::Test).begin(), fresh = state.images.back().id;
        QVERIFY(project.setGroup(std::array{test, fresh}, "Rex"));
        QVERIFY(project.setLabel(std::array{fresh}, state.classes[0].id));
        QCOMPARE(imageOf(project.state().value(), fresh).split, Split::Test);
    }

    void groupsDoNotStraddleWhereValidationIsCutOutOfTrain()
    {
        const TestFolder folder;
        writePictures(folder, "set/train/cat", 30, 0);
        writePictures(folder, "set/test/cat", 5, 100);
        std::string list = "file,label,split,group\n";
        for (int i = 0; i < 30; ++i)
            list += "set/train/cat/" + std::to_string(i) + ".ppm,cat,train,camera " + std::to_string(i / 6) + "\n";
        for (int i = 100; i < 105; ++i)
            list += "set/test/cat/" + std::to_string(i) + ".ppm,cat,test,\n";
        folder.write("list.csv", list);
        auto project = std::move(Project::create(folder / "project").value());
        QVERIFY(importAll(project, {folder / "list.csv"}));
        const auto state = project.state().value();
        QVERIFY(countOf(state, "cat", Split::Validation) > 0);
        for (std::size_t i = 0; i < 30; ++i)
            QCOMPARE(state.images[i].split, state.images[i / 6 * 6].split);
    }

    void whatCameSplitStays()
    {
        const TestFolder folder;
        for (const auto &[name, first] : {std::pair("set/train/cat", 0), std::pair("set/val/cat", 20), std::pair("set/test/cat", 40)})
            writePictures(folder, name, 10, first);
        auto project = std::move(Project::create(folder / "project").value());
        importAll(project, {folder / "set"}).value();
        QCOMPARE(project.assignSplits(kHalf, 1).error().code, ErrorCode::InvalidArgument);
        writePictures(folder, "more/cat", 10, 60);
        writePictures(folder, "more/dog", 10, 80);
        importAll(project, {folder / "more"}).value();
        const auto change = project.assignSplits({0, 1, 0}, 1);
        QCOMPARE(change->words, "Divided 20 pictures: 0 train, 20 validation, 0 test; 30 stay as they are");
        QCOMPARE(countOf(project.state().value(), "cat", Split::Train), 10);
        QCOMPARE(countOf(project.state().value(), "cat", Split::Test), 10);
    }

    void aLockedTestSetStaysAsItIs()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const auto test = idsIn(project, Split::Test);
        const auto locked = project.setTestLocked(true);
        QCOMPARE(locked->words, "Locked the test set");
        QVERIFY(splitRules(project.state()->settings).testLocked && !locked->settings.empty());
        QVERIFY(project.assignSplits(kHalf, 5));
        QVERIFY(idsIn(project, Split::Test) == test);

        const auto leaving = project.setSplit(std::array{*test.begin()}, Split::Train);
        QVERIFY2(!leaving && QString::fromStdString(leaving.error().message).contains("unlock"), errorText(leaving));
        QVERIFY(!project.setSplit(std::array{*idsIn(project, Split::Train).begin()}, Split::Test));
        QVERIFY(project.setSplit(std::array{*idsIn(project, Split::Train).begin()}, Split::Validation));

        writePictures(folder, "fox", 20, 200);
        importAll(project, {folder / "fox", folder / "cat"}).value();
        QCOMPARE(countOf(project.state().value(), "fox", Split::Test), 0);
        QVERIFY(idsIn(project, Split::Test) == test);
        QVERIFY(project.setTestLocked(false));
        QVERIFY(project.setSplit(std::array{*test.begin()}, Split::Train));
    }

    void aLockHoldsAgainstUndoRedoAndRemoving()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const ImageId train = *idsIn(project, Split::Train).begin();
        QVERIFY(project.setSplit(std::array{train}, Split::Test));
        QVERIFY(project.setExcluded(std::array{train}, true));
        const auto test = idsIn(project, Split::Test);
        QVERIFY(project.setTestLocked(true));

        const auto removed = project.removeImages(std::array{*test.begin(), *idsIn(project, Split::Train).begin()});
        QVERIFY(!removed);
        QCOMPARE(removed.error().message, "The test set is locked, and this would take 1 picture out of it: unlock it first.");
        QVERIFY(project.removeImages(std::array{*idsIn(project, Split::Train).begin()}));
        QVERIFY(project.setLabel(std::array{*test.begin()}, project.state()->classes[1].id)); // a label may be set right

        const auto before = project.state().value();
        const auto far = project.undoTo(0);
        QVERIFY(!far);
        QCOMPARE(far.error().code, ErrorCode::InvalidArgument);
        QVERIFY(project.state().value() == before); // not a part of it was taken back
        for (const char *words : {"Labelled 1 picture dog", "Removed 1 picture from the project", "Excluded 1 picture"})
            QCOMPARE(project.undo()->words, words);
        const auto stopped = project.undo();
        QVERIFY(!stopped);
        QVERIFY2(stopped.error().message.contains("locked"), errorText(stopped));
        QVERIFY(idsIn(project, Split::Test) == test);
        QVERIFY(splitRules(project.state()->settings).testLocked);
        QCOMPARE(project.state()->history.undo, std::optional<std::string>("Moved 1 picture to test"));

        QVERIFY(project.setTestLocked(false));
        QVERIFY(project.undo());
        QVERIFY(!idsIn(project, Split::Test).contains(train));
        QVERIFY(project.setTestLocked(true));
        const auto again = project.redo();
        QVERIFY(!again && again.error().message.contains("bring 1 picture into it"));
        QVERIFY(!project.redoTo(project.history(1)->front().id));
        QVERIFY(project.setTestLocked(false));
        QVERIFY(project.redoTo(project.history(1)->front().id));
        QVERIFY(idsIn(project, Split::Test) == test);
    }

    void whatBelongsWithALockedTestSetIsLeftOut()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const ImageId test = *idsIn(project, Split::Test).begin(), train = *idsIn(project, Split::Train).begin();
        QVERIFY(project.setTestLocked(true));
        const auto change = project.assignSplits(SplitShares(), 0, std::array{std::vector{test, train}});
        QVERIFY2(QString::fromStdString(change->words).endsWith("; 1 is left out: it belongs with the locked test set"), change->words.c_str());
        QVERIFY(imageOf(project.state().value(), train).excluded);
        QVERIFY(!imageOf(project.state().value(), test).excluded);
        QVERIFY(project.undo());
        QVERIFY(!imageOf(project.state().value(), train).excluded);

        const auto state = project.state().value();
        std::filesystem::copy_file(imageOf(state, test).file(), folder / "twin.ppm");
        importAll(project, {folder / "twin.ppm"}).value();
        const ImageId twin = project.state()->images.back().id;
        QVERIFY(project.setLabel(std::array{twin}, state.classes[0].id));
        QVERIFY(imageOf(project.state().value(), twin).excluded);
        QVERIFY(imageOf(project.state().value(), twin).split != Split::Test);
    }

    void aTestFolderDoesNotEnterALockedTestSet()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        const auto test = idsIn(project, Split::Test);
        QVERIFY(project.setTestLocked(true));
        writePictures(folder, "new/train/cat", 3, 300);
        writePictures(folder, "new/test/cat", 2, 400);
        const auto report = importAll(project, {folder / "new"});
        QVERIFY2(report, errorText(report));
        QVERIFY(idsIn(project, Split::Test) == test);
        const auto state = project.state().value();
        QCOMPARE(state.images.size(), 65u);
        QCOMPARE(std::ranges::count(state.images, true, &ImageRecord::excluded), 2);
        QCOMPARE(project.history(1)->front().words, "Imported 5 pictures; 2 are left out: they belong with the locked test set");
    }

    void picturesLabelledTogetherStayWithTheirGroup()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        writePictures(folder, "loose", 30, 500);
        importFolders(project, std::array{folder / "loose"}, {.meaning = FolderMeaning::Unlabelled}, {}, {}).value();
        const auto state = project.state().value();
        std::vector<ImageId> loose;
        for (const auto &image : state.images) {
            if (!image.label)
                loose.push_back(image.id);
        }
        QCOMPARE(loose.size(), 30u);
        const ImageId validation = *idsIn(project, Split::Validation).begin();
        const std::span ids(loose);
        QVERIFY(project.setGroup(ids.first(20), "new group"));
        QVERIFY(project.setGroup(ids.subspan(20, 5), "with an old one"));
        QVERIFY(project.setGroup(std::array{validation}, "with an old one"));
        QVERIFY(project.setLabel(ids, state.classes[0].id));
        const auto after = project.state().value();
        for (const ImageId id : ids.first(20))
            QCOMPARE(imageOf(after, id).split, imageOf(after, ids[0]).split);
        for (const ImageId id : ids.subspan(20, 5))
            QCOMPARE(imageOf(after, id).split, std::optional(Split::Validation));
        QVERIFY(std::ranges::all_of(ids.last(5), [&](ImageId id) { return imageOf(after, id).split.has_value(); }));
    }

    void aSnapshotFollowsTheRules()
    {
        const TestFolder folder;
        auto project = sixty(folder);
        QVERIFY(project.assignSplits(kHalf, 2));
        const auto snapshot = snapshotOf(project).value();
        QCOMPARE(snapshot.indicesOf(Split::Test).size(), 15u);
        QCOMPARE(snapshot.indicesOf(Split::Validation).size(), 15u);
    }

    void sharesWithoutSenseAndNothingToDivideAreRefused()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder / "project").value());
        QCOMPARE(project.assignSplits(SplitShares(), 0).error().code, ErrorCode::InvalidArgument);
        for (const SplitShares &shares : {SplitShares{0, 0, 0}, SplitShares{-1, 1, 1}, SplitShares{1, 1, std::nan("")}})
            QCOMPARE(project.assignSplits(shares, 0).error().code, ErrorCode::InvalidArgument);
        QVERIFY(splitRules(project.state()->settings) == SplitRules());
        QVERIFY(splitRules({{"split.shares", "1 2"}, {"split.seed", "many"}}) == SplitRules());
    }
};

QTEST_GUILESS_MAIN(ProjectSplitsTest)
#include "project_splits_test.moc"
