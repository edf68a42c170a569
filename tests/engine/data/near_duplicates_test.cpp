#include "engine/data/near_duplicates.h"

#include "engine/base/counter_random.h"

#include <QTest>

#include <bit>
#include <set>

using namespace whisker;

namespace {

/// A picture with `hash` that looks like no other of another number.
PictureMeasures drawn(std::uint64_t hash, std::uint64_t looks)
{
    PictureMeasures measures{.contrast = 0.2f, .hash = hash};
    CounterRandom random(1, looks);
    for (auto &level : measures.thumbnail)
        level = static_cast<std::uint8_t>(random.below(256));
    return measures;
}

std::vector<std::vector<std::size_t>> groupsOf(const std::vector<PictureMeasures> &measures, const NearDuplicateOptions &options = {})
{
    std::vector<const PictureMeasures *> pictures;
    for (const auto &one : measures)
        pictures.push_back(&one);
    return nearDuplicateGroups(pictures, options);
}

using Groups = std::vector<std::vector<std::size_t>>;

} // namespace

class NearDuplicatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theIndexFindsWhatALookAtAllFinds_data()
    {
        QTest::addColumn<int>("distance");
        for (const int distance : {0, 1, 3, 4, 7, 10, 12, 15})
            QTest::addRow("%d bits", distance) << distance;
    }
    void theIndexFindsWhatALookAtAllFinds()
    {
        QFETCH(int, distance);
        CounterRandom random(5);
        std::vector<std::uint64_t> hashes;
        for (int i = 0; i < 600; ++i) // families of near hashes
            hashes.push_back(CounterRandom(6, static_cast<std::uint64_t>(i % 40)).next() ^ (random.next() & random.next() & random.next()));
        const HashIndex index(hashes);
        for (std::size_t i = 0; i < hashes.size(); i += 7) {
            std::multiset<std::size_t> expected, found;
            for (std::size_t j = 0; j < hashes.size(); ++j) {
                if (std::popcount(hashes[i] ^ hashes[j]) <= distance)
                    expected.insert(j);
            }
            index.visitNear(hashes[i], distance, [&](std::size_t place) {
                found.insert(place);
                return true;
            });
            QVERIFY(found == expected);
        }
    }

    void nearHashesThatLookAlikeAreAGroup()
    {
        const std::uint64_t hash = 0x1234'5678'9ABC'DEF0;
        const Groups expected = {{0, 2, 3}};
        QCOMPARE(groupsOf({drawn(hash, 1), drawn(~hash, 2), drawn(hash ^ 0xFFF, 1), drawn(hash, 1)}), expected);
    }

    void nearHashesThatLookDifferentAreNot()
    {
        QVERIFY(groupsOf({drawn(77, 1), drawn(77, 2), drawn(76, 3)}).empty());
    }

    void farHashesAreNotEvenIfTheyLookAlike()
    {
        QVERIFY(groupsOf({drawn(0, 1), drawn(0x1FFF, 1)}).empty());
    }

    void aMirroredPictureIsFound()
    {
        PictureMeasures straight = drawn(0x0F1E'2D3C'4B5A'6978, 1);
        PictureMeasures flipped = straight;
        flipped.hash = mirroredHash(straight.hash) ^ 1;
        for (auto row = flipped.thumbnail.begin(); row != flipped.thumbnail.end(); row += PictureMeasures::kThumbnailPx)
            std::reverse(row, row + PictureMeasures::kThumbnailPx);
        QCOMPARE(groupsOf({straight, flipped}), Groups({{0, 1}}));
    }

    void plainPicturesAndThoseLeftOutAreNobodysCopies()
    {
        PictureMeasures white = drawn(5, 1);
        white.contrast = 0.01f;
        QVERIFY(groupsOf({white, white}).empty());
        const auto shown = drawn(5, 1);
        const std::array<const PictureMeasures *, 3> pictures = {&shown, nullptr, &shown};
        QCOMPARE(nearDuplicateGroups(pictures), Groups({{0, 2}}));
        QVERIFY(nearDuplicateGroups({}).empty());
    }

    void manyEqualHashesTakeNoLongerThanOthers()
    {
        std::vector<PictureMeasures> measures;
        for (std::uint64_t i = 0; i < 25'000; ++i)
            measures.push_back(drawn(42, i % 2000 == 0 ? i : 1)); // 13 looks, one hash
        const auto groups = groupsOf(measures); // all pairs would take minutes: the time limit of the test
        QCOMPARE(groups.size(), 1u);
        QCOMPARE(groups[0].size(), 25'000u - 13u);
    }
};

QTEST_GUILESS_MAIN(NearDuplicatesTest)
#include "near_duplicates_test.moc"
