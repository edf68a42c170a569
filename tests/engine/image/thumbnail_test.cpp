#include "engine/image/thumbnail.h"

#include "engine/image/decode.h"
#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <thread>

using namespace whisker;
using namespace whisker::test;

namespace {

std::vector<std::filesystem::path> filesBelow(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    if (std::filesystem::exists(folder))
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
            if (entry.is_regular_file())
                files.push_back(entry.path());
    return files;
}

} // namespace

class ThumbnailTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPictureIsFittedIntoTheSquare_data();
    void aPictureIsFittedIntoTheSquare();
    void theSecondTimeItComesFromTheCache();
    void aChangedFileGetsANewThumbnail();
    void aBrokenCacheFileIsMadeAnew_data();
    void aBrokenCacheFileIsMadeAnew();
    void aCacheThatCantBeWrittenDoesNotMatter();
    void withoutACacheFolderNothingIsKept();
    void aTurnedPictureIsUpright();
    void aBrokenPictureIsAnErrorAndLeavesNothing();
    void manyThreadsMakeTheSameThumbnail();
};

void ThumbnailTest::aPictureIsFittedIntoTheSquare_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("fittedWidth");
    QTest::addColumn<int>("fittedHeight");
    QTest::newRow("wide") << 800 << 600 << 200 << 150;
    QTest::newRow("tall") << 600 << 800 << 150 << 200;
    QTest::newRow("small ones are not enlarged") << 80 << 60 << 80 << 60;
    QTest::newRow("line") << 30000 << 20 << 200 << 1;
    QTest::newRow("one pixel") << 1 << 1 << 1 << 1;
}

void ThumbnailTest::aPictureIsFittedIntoTheSquare()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, fittedWidth);
    QFETCH(int, fittedHeight);
    const TestFolder folder;
    for (const char *extension : {".jpg", ".png"}) {
        const auto file = folder.write(std::string("a") + extension, encoded(solid(width, height, kRed), extension));
        for (int round = 0; round < 2; ++round) { // made, then from the cache
            const auto image = thumbnail(file, 200, folder / "cache");
            QVERIFY2(image, errorText(image));
            QCOMPARE(image->width, fittedWidth);
            QCOMPARE(image->height, fittedHeight);
            QVERIFY(isNear(*image, fittedWidth / 2, fittedHeight / 2, kRed, 4));
        }
    }
}

void ThumbnailTest::theSecondTimeItComesFromTheCache()
{
    const TestFolder folder;
    const auto file = folder.write("a.png", encoded(fourColours(400, 300), ".png"));
    QVERIFY(thumbnail(file, 100, folder / "cache"));
    const auto kept = filesBelow(folder / "cache");
    QCOMPARE(kept.size(), 1u);
    // What lies in the cache is what is shown: another picture in its place proves it.
    folder.write(std::filesystem::relative(kept[0], folder.path()), encoded(solid(100, 75, kBlue), ".jpg"));
    const auto image = thumbnail(file, 100, folder / "cache");
    QVERIFY2(image, errorText(image));
    QCOMPARE(quarters(*image), "BBBB");
    QCOMPARE(thumbnail(file, 101, folder / "cache")->width, 101);
}

void ThumbnailTest::aChangedFileGetsANewThumbnail()
{
    const TestFolder folder;
    const auto file = folder.write("a.png", encoded(solid(64, 64, kRed), ".png"));
    QVERIFY(thumbnail(file, 32, folder / "cache"));
    const auto time = std::filesystem::last_write_time(file);
    folder.write("a.png", encoded(solid(64, 64, kGreen), ".png"));
    std::filesystem::last_write_time(file, time + std::chrono::milliseconds(1));
    const auto image = thumbnail(file, 32, folder / "cache");
    QVERIFY2(image, errorText(image));
    QCOMPARE(quarters(*image), "GGGG");
}

void ThumbnailTest::aBrokenCacheFileIsMadeAnew_data()
{
    QTest::addColumn<std::string>("bytes");
    const auto good = encoded(waves(100, 75), ".jpg");
    QTest::newRow("empty") << std::string();
    QTest::newRow("zeros") << std::string(2000, '\0');
    QTest::newRow("cut") << good.substr(0, good.size() * 4 / 5);
    QTest::newRow("too large") << encoded(solid(300, 300, kBlue), ".jpg");
}

void ThumbnailTest::aBrokenCacheFileIsMadeAnew()
{
    QFETCH(std::string, bytes);
    const TestFolder folder;
    const auto file = folder.write("a.png", encoded(fourColours(400, 300), ".png"));
    QVERIFY(thumbnail(file, 100, folder / "cache"));
    const auto kept = filesBelow(folder / "cache").at(0);
    folder.write(std::filesystem::relative(kept, folder.path()), bytes);
    const auto image = thumbnail(file, 100, folder / "cache");
    QVERIFY2(image, errorText(image));
    QCOMPARE(quarters(*image), "RGBW");
    const auto mended = decodeFile(kept);
    QVERIFY2(mended, errorText(mended));
    QCOMPARE(quarters(mended->rgb), "RGBW");
    QCOMPARE(filesBelow(folder / "cache").size(), 1u);
}

void ThumbnailTest::aCacheThatCantBeWrittenDoesNotMatter()
{
    const TestFolder folder;
    const auto file = folder.write("a.png", encoded(fourColours(400, 300), ".png"));
    const auto image = thumbnail(file, 100, file / "cache"); // below a file there is no folder, not even for root
    QVERIFY2(image, errorText(image));
    QCOMPARE(quarters(*image), "RGBW");
}

void ThumbnailTest::withoutACacheFolderNothingIsKept()
{
    const TestFolder folder;
    const auto file = folder.write("a.png", encoded(fourColours(400, 300), ".png"));
    QVERIFY(thumbnail(file, 100, {}));
    QCOMPARE(filesBelow(folder.path()).size(), 1u);
}

void ThumbnailTest::aTurnedPictureIsUpright()
{
    const TestFolder folder;
    const auto file = folder.write("a.jpg", withOrientation(encoded(fourColours(1600, 800), ".jpg"), 6, false));
    const auto image = thumbnail(file, 100, folder / "cache");
    QVERIFY2(image, errorText(image));
    QCOMPARE(image->width, 50);
    QCOMPARE(image->height, 100);
    QCOMPARE(quarters(*image), "BRWG");
}

void ThumbnailTest::aBrokenPictureIsAnErrorAndLeavesNothing()
{
    const TestFolder folder;
    const auto image = thumbnail(folder.write("a.jpg", "\xFF\xD8\xFF"), 100, folder / "cache");
    QVERIFY(!image);
    QCOMPARE(image.error().code, ErrorCode::Unreadable);
    QCOMPARE(thumbnail(folder / "none.jpg", 100, folder / "cache").error().code, ErrorCode::NotFound);
    QCOMPARE(filesBelow(folder / "cache").size(), 0u);
}

void ThumbnailTest::manyThreadsMakeTheSameThumbnail()
{
    const TestFolder folder;
    const auto file = folder.write("a.jpg", encoded(fourColours(800, 600), ".jpg"));
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int round = 0; round < 10; ++round) {
                    const auto image = thumbnail(file, 100, folder / "cache");
                    good += image && quarters(*image) == "RGBW";
                }
            });
    }
    QCOMPARE(good.load(), 40);
    QCOMPARE(filesBelow(folder / "cache").size(), 1u);
}

QTEST_GUILESS_MAIN(ThumbnailTest)
#include "thumbnail_test.moc"
