#include "engine/train/internal/prepared_pictures.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <fstream>
#include <thread>

namespace whisker {

using internal::PictureSource;
using internal::PixelCache;
using internal::PreparedPictures;
using internal::preparePicture;
using test::drawnSnapshot;
using test::TestFolder;

namespace {

constexpr PixelCache::Limits kLimits{.leaveFreeBytes = 0};

/// What is given for all validation pictures, and what is said of it.
struct Given {
    std::vector<Result<RgbImage>> pictures{};
    std::vector<std::string> notes{};

    std::size_t lacking() const { return static_cast<std::size_t>(std::ranges::count_if(pictures, [](const auto &picture) { return !picture; })); }
};

std::vector<Result<RgbImage>> all(const PictureSource &source, std::size_t count)
{
    std::vector<Result<RgbImage>> pictures;
    for (std::size_t i = 0; i < count; ++i) {
        auto picture = source(i);
        pictures.push_back(picture ? Result<RgbImage>(std::move(picture->rgb)) : std::unexpected(std::move(picture.error())));
    }
    return pictures;
}

Given given(const Snapshot &snapshot, const Preprocessing &preprocessing, const std::filesystem::path &cache, const PixelCache::Limits &limits = kLimits)
{
    const std::vector<std::size_t> entries = snapshot.indicesOf(Split::Validation);
    PreparedPictures pictures(snapshot, entries, preprocessing, cache, limits);
    Given given{all(pictures.source(entries), entries.size())};
    given.notes = pictures.takeNotes();
    return given;
}

/// As a finished model is asked about its files.
std::vector<Result<RgbImage>> asAsked(const Snapshot &snapshot, const Preprocessing &preprocessing)
{
    std::vector<Result<RgbImage>> pictures;
    for (const std::size_t entry : snapshot.indicesOf(Split::Validation))
        pictures.push_back(preparePicture(snapshot.entries[entry].file, preprocessing).value().rgb);
    return pictures;
}

bool same(const std::vector<Result<RgbImage>> &one, const std::vector<Result<RgbImage>> &other)
{
    return std::ranges::equal(one, other, [](const auto &a, const auto &b) { return a && b && *a == *b; });
}

const std::filesystem::path &firstFile(const Snapshot &snapshot)
{
    return snapshot.entries[snapshot.indicesOf(Split::Validation).front()].file;
}

std::filesystem::path onlyFileIn(const std::filesystem::path &cache)
{
    for (const auto &entry : std::filesystem::recursive_directory_iterator(cache)) {
        if (entry.is_regular_file() && entry.path().filename() != "lock")
            return entry.path();
    }
    return {};
}

} // namespace

class PreparedPicturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theyAreThoseThatAFinishedModelSeesWithAndWithoutACache_data();
    void theyAreThoseThatAFinishedModelSeesWithAndWithoutACache();
    void aPictureThatVanishesIsServedFromTheCache();
    void anotherPreprocessingFindsNothingInTheCache();
    void aPictureThatVanishesBeforeItWasKeptIsNamed();
    void aPictureThatChangedIsNamedAndNotKept();
    void aDamagedCacheIsMadeUpForFromFiles();
    void aFullCacheIsSaidOnceAndChangesNothing();
    void aCacheThatCannotBeMadeIsSaidOnceAndChangesNothing();
    void aCacheDeletedMeanwhileChangesNothing();
    void threadsMayAskForTheSamePictures();
};

void PreparedPicturesTest::theyAreThoseThatAFinishedModelSeesWithAndWithoutACache_data()
{
    QTest::addColumn<Fit>("fit");
    QTest::addColumn<Interpolation>("interpolation");
    QTest::newRow("crop") << Fit::CentreCrop << Interpolation::Bilinear;
    QTest::newRow("bicubic crop") << Fit::CentreCrop << Interpolation::Bicubic;
    QTest::newRow("letterbox") << Fit::Letterbox << Interpolation::Bilinear;
    QTest::newRow("squash") << Fit::Squash << Interpolation::Area;
}

void PreparedPicturesTest::theyAreThoseThatAFinishedModelSeesWithAndWithoutACache()
{
    QFETCH(Fit, fit);
    QFETCH(Interpolation, interpolation);
    const TestFolder folder;
    const Snapshot photographs = test::photographSnapshot({.train = 0, .validation = 4, .test = 0});
    Preprocessing preprocessing = imageNetPreprocessing(96);
    preprocessing.fit = fit;
    preprocessing.interpolation = interpolation;
    const auto asked = asAsked(photographs, preprocessing);
    QVERIFY(same(given(photographs, preprocessing, {}).pictures, asked));
    QVERIFY(same(given(photographs, preprocessing, folder / "cache").pictures, asked));
    const Given again = given(photographs, preprocessing, folder / "cache");
    QVERIFY(same(again.pictures, asked));
    QVERIFY(again.notes.empty());
}

void PreparedPicturesTest::aPictureThatVanishesIsServedFromTheCache()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const auto before = given(drawn, preprocessing, folder / "cache").pictures;
    std::filesystem::remove_all(folder / "red");
    folder.write(firstFile(drawn), "no picture any more");
    QVERIFY(same(given(drawn, preprocessing, folder / "cache").pictures, before));
}

void PreparedPicturesTest::anotherPreprocessingFindsNothingInTheCache()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    Preprocessing other = imageNetPreprocessing(32);
    given(drawn, other, folder / "cache");
    std::filesystem::remove(firstFile(drawn));
    QCOMPARE(given(drawn, other, folder / "cache").lacking(), 0u);
    other.cropShare = 1.0;
    QCOMPARE(given(drawn, other, folder / "cache").lacking(), 1u);
}

void PreparedPicturesTest::aPictureThatVanishesBeforeItWasKeptIsNamed()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    std::filesystem::remove(firstFile(drawn));
    const Given pictures = given(drawn, imageNetPreprocessing(32), folder / "cache");
    QCOMPARE(pictures.lacking(), 1u);
    QCOMPARE(pictures.pictures.front().error().code, ErrorCode::NotFound);
    QCOMPARE(pictures.pictures.front().error().file, firstFile(drawn));
}

void PreparedPicturesTest::aPictureThatChangedIsNamedAndNotKept()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const auto asked = asAsked(drawn, preprocessing);
    const std::string original = test::fileBytes(firstFile(drawn));
    folder.write(firstFile(drawn), test::drawnPicture(0, 99));
    const Given changed = given(drawn, preprocessing, folder / "cache");
    QCOMPARE(changed.lacking(), 1u);
    QVERIFY(changed.pictures.front().error().message.contains("has changed"));
    folder.write(firstFile(drawn), original);
    QVERIFY(same(given(drawn, preprocessing, folder / "cache").pictures, asked));
}

void PreparedPicturesTest::aDamagedCacheIsMadeUpForFromFiles()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const auto before = given(drawn, preprocessing, folder / "cache").pictures;
    const auto cache = onlyFileIn(folder / "cache");
    {
        std::fstream stream(cache, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(-10, std::ios::end);
        stream << "damaged";
    }
    QVERIFY(same(given(drawn, preprocessing, folder / "cache").pictures, before));
    std::filesystem::resize_file(cache, 100);
    QVERIFY(same(given(drawn, preprocessing, folder / "cache").pictures, before));
}

void PreparedPicturesTest::aFullCacheIsSaidOnceAndChangesNothing()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const PixelCache::Limits noRoom{.cacheBytes = 1 << 20, .fileBytes = (1 << 20) + 1, .leaveFreeBytes = 0};
    const Given pictures = given(drawn, preprocessing, folder / "cache", noRoom);
    QVERIFY(same(pictures.pictures, asAsked(drawn, preprocessing)));
    QCOMPARE(pictures.notes.size(), 1u);
    QVERIFY(onlyFileIn(folder / "cache").empty());
}

void PreparedPicturesTest::aCacheThatCannotBeMadeIsSaidOnceAndChangesNothing()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const Given pictures = given(drawn, preprocessing, folder.write("in the way", "") / "pixels");
    QVERIFY(same(pictures.pictures, asAsked(drawn, preprocessing)));
    QCOMPARE(pictures.notes.size(), 1u);
    QVERIFY2(pictures.notes[0].contains("Training goes on"), pictures.notes[0].c_str());
}

void PreparedPicturesTest::aCacheDeletedMeanwhileChangesNothing()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const std::vector<std::size_t> entries = drawn.indicesOf(Split::Validation);
    PreparedPictures pictures(drawn, entries, preprocessing, folder / "cache", kLimits);
    const auto asked = asAsked(drawn, preprocessing);
    QVERIFY(same(all(pictures.source(entries), entries.size()), asked));
    std::filesystem::remove_all(folder / "cache");
    std::filesystem::remove_all(folder / "red");
    QVERIFY(same(all(pictures.source(entries), entries.size()), asked));
}

void PreparedPicturesTest::threadsMayAskForTheSamePictures()
{
    const TestFolder folder;
    const Snapshot drawn = drawnSnapshot(folder);
    const Preprocessing preprocessing = imageNetPreprocessing(32);
    const std::vector<std::size_t> entries = drawn.indicesOf(Split::Validation);
    PreparedPictures pictures(drawn, entries, preprocessing, folder / "cache", kLimits);
    std::vector<std::vector<Result<RgbImage>>> seen(4);
    {
        std::vector<std::jthread> threads;
        for (auto &mine : seen)
            threads.emplace_back([&] { mine = all(pictures.source(entries), entries.size()); });
    }
    for (const auto &mine : seen)
        QVERIFY(same(mine, asAsked(drawn, preprocessing)));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::PreparedPicturesTest)
#include "prepared_pictures_test.moc"
