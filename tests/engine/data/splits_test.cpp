#include "engine/data/snapshot.h"
#include "engine/data/splits.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <map>

using namespace whisker;

namespace {

std::vector<SplitItem> itemsOf(int classes, int each)
{
    std::vector<SplitItem> items;
    for (int label = 0; label < classes; ++label) {
        for (int i = 0; i < each; ++i)
            items.push_back({{static_cast<std::uint64_t>(label), static_cast<std::uint64_t>(i)}, label});
    }
    return items;
}

/// Pictures of a class by split.
std::array<int, 3> countsOf(const std::vector<SplitItem> &items, const std::vector<Split> &splits, int label)
{
    std::array<int, 3> counts = {};
    for (std::size_t i = 0; i < items.size(); ++i)
        counts[static_cast<std::size_t>(splits[i])] += items[i].label == label;
    return counts;
}

} // namespace

class SplitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachClassIsDividedByTheShares()
    {
        const auto items = itemsOf(3, 100);
        const auto splits = assignSplits(items, {}, 1);
        for (int label = 0; label < 3; ++label)
            QCOMPARE(countsOf(items, splits, label), (std::array{70, 15, 15}));
    }

    void smallClassesHaveOneOfEachWhereTheyCan_data()
    {
        QTest::addColumn<int>("pictures");
        QTest::addColumn<std::array<int, 3>>("expected");
        QTest::newRow("1") << 1 << std::array{1, 0, 0};
        QTest::newRow("2") << 2 << std::array{1, 1, 0};
        QTest::newRow("3") << 3 << std::array{1, 1, 1};
        QTest::newRow("4") << 4 << std::array{2, 1, 1};
        QTest::newRow("10") << 10 << std::array{6, 2, 2};
    }

    void smallClassesHaveOneOfEachWhereTheyCan()
    {
        QFETCH(int, pictures);
        using Counts = std::array<int, 3>;
        QFETCH(Counts, expected);
        const auto items = itemsOf(1, pictures);
        QCOMPARE(countsOf(items, assignSplits(items, {}, 7), 0), expected);
    }

    void theSameSeedGivesTheSameWhateverTheOrder()
    {
        auto items = itemsOf(2, 50);
        const auto splits = assignSplits(items, {}, 3);
        std::map<ContentHash, Split> expected;
        for (std::size_t i = 0; i < items.size(); ++i)
            expected[items[i].hash] = splits[i];
        std::ranges::reverse(items);
        const auto again = assignSplits(items, {}, 3);
        for (std::size_t i = 0; i < items.size(); ++i)
            QCOMPARE(again[i], expected[items[i].hash]);
    }

    void anotherSeedGivesAnotherDivision()
    {
        const auto items = itemsOf(1, 100);
        QVERIFY(assignSplits(items, {}, 1) != assignSplits(items, {}, 2));
    }

    void identicalFilesNeverStraddle()
    {
        auto items = itemsOf(2, 40);
        const auto copies = items;
        items.insert(items.end(), copies.begin(), copies.end());
        for (std::size_t i = copies.size(); i < items.size(); i += 3)
            items[i].label = 1 - items[i].label; // also where the labels contradict each other
        const auto splits = assignSplits(items, {}, 5);
        for (std::size_t i = 0; i < copies.size(); ++i)
            QCOMPARE(splits[i], splits[i + copies.size()]);
    }

    void whatIsFixedStaysAndNewOnesFillTheShares()
    {
        auto items = itemsOf(1, 100);
        for (std::size_t i = 0; i < 50; ++i)
            items[i].fixed = Split::Train;
        const auto splits = assignSplits(items, {}, 5);
        QVERIFY(std::all_of(splits.begin(), splits.begin() + 50, [](Split split) { return split == Split::Train; }));
        QCOMPARE(countsOf(items, splits, 0), (std::array{70, 15, 15}));
    }

    void aCopyOfAFixedFileGoesWithIt()
    {
        std::vector<SplitItem> items = itemsOf(1, 10);
        items.push_back({items[4].hash, 0, Split::Test});
        QCOMPARE(assignSplits(items, {}, 5)[4], Split::Test);
    }

    void validationIsCutOutOfTrainWithoutATest()
    {
        const auto items = itemsOf(2, 10);
        const auto splits = assignSplits(items, kValidationOfTrain, 5);
        QCOMPARE(countsOf(items, splits, 1), (std::array{8, 2, 0}));
    }

    void aShareOfNothingGetsNothing()
    {
        const auto items = itemsOf(1, 10);
        QCOMPARE(countsOf(items, assignSplits(items, {0, 0, 1}, 0), 0), (std::array{0, 0, 10}));
        QCOMPARE(countsOf(items, assignSplits(items, {1, 0, 0}, 0), 0), (std::array{10, 0, 0}));
    }

    void namesOfSplitsAreKnownInEveryUsualForm()
    {
        QCOMPARE(splitFromName("Valid"), std::optional(Split::Validation));
        QCOMPARE(splitFromName("val"), std::optional(Split::Validation));
        QCOMPARE(splitFromName(splitName(Split::Test)), std::optional(Split::Test));
        QVERIFY(!splitFromName("training"));
    }

    void aSnapshotsDigestDependsOnContentNotOnPlaces()
    {
        Snapshot one{{"cat", "dog"}, {{"/a/1.jpg", 0, Split::Train, {1, 1}}, {"/a/2.jpg", 1, Split::Test, {2, 2}}}};
        Snapshot moved{{"cat", "dog"}, {{"/z/2.jpg", 1, Split::Test, {2, 2}}, {"/b/1.jpg", 0, Split::Train, {1, 1}}}};
        sortEntries(one);
        sortEntries(moved);
        QCOMPARE(one.digest(), moved.digest());
        QCOMPARE(one.digest().size(), 32u);
        moved.entries[0].split = Split::Validation;
        QVERIFY(one.digest() != moved.digest());
    }

    void aSnapshotListsTheIndicesOfASplit()
    {
        const Snapshot snapshot{{"cat"}, {{"/1", 0, Split::Train, {1, 1}}, {"/2", 0, Split::Test, {2, 2}}, {"/3", 0, Split::Train, {3, 3}}}};
        QCOMPARE(snapshot.indicesOf(Split::Train), (std::vector<std::size_t>{0, 2}));
        QVERIFY(snapshot.indicesOf(Split::Validation).empty());
    }
};

QTEST_GUILESS_MAIN(SplitsTest)
#include "splits_test.moc"
