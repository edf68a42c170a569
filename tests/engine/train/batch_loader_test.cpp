#include "engine/train/internal/batch_loader.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/refused_memory.h"

#include <QTest>

#include <limits>
#include <new>
#include <opencv2/core.hpp>
#include <stdexcept>

namespace whisker {

using internal::BatchLoader;
using internal::PixelCache;
using internal::TrainingBatch;
using test::drawnSnapshot;
using test::refuseDrawnPictures;
using test::TestFolder;

namespace {

constexpr int kEpochs = 3;
constexpr int kSteps = 4 * kEpochs; // 16 pictures in batches of 4

TrainConfig config(int threads = 2)
{
    TrainConfig config = test::scratchConfig(kEpochs);
    config.loaderThreads = threads;
    return config;
}

/// All batches from a step on.
std::vector<TrainingBatch> batches(const Snapshot &snapshot, const TrainConfig &config, const std::filesystem::path &cache, int first = 0,
                                   const PixelCache::Limits &limits = {.leaveFreeBytes = 0})
{
    BatchLoader loader(snapshot, config, imageNetPreprocessing(config.sizePx), cache, first, limits);
    std::vector<TrainingBatch> all;
    for (int step = first; step < kSteps; ++step)
        all.push_back(loader.next());
    return all;
}

bool sameWork(const std::vector<TrainingBatch> &one, const std::vector<TrainingBatch> &other)
{
    return std::ranges::equal(one, other, [](const TrainingBatch &a, const TrainingBatch &b) { return a.pixels == b.pixels && a.labels == b.labels; });
}

std::vector<std::string> notesOf(const std::vector<TrainingBatch> &all)
{
    std::vector<std::string> notes;
    for (const TrainingBatch &batch : all)
        notes.insert(notes.end(), batch.notes.begin(), batch.notes.end());
    return notes;
}

std::size_t leftOut(const std::vector<TrainingBatch> &all)
{
    std::size_t count = 0;
    for (const TrainingBatch &batch : all)
        count += batch.unreadable.size();
    return count;
}

} // namespace

class BatchLoaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pixelsAreTheSameFromFilesAndFromTheCacheWithAnyNumberOfThreads();
    void photographsAreTheSameFromFilesAndFromTheCache();
    void aRunTakenUpAgainGetsTheSameBatches();
    void aPictureThatVanishesIsServedFromTheCache();
    void aPictureThatVanishesBeforeItWasKeptIsNamed();
    void aPictureThatChangedIsNamedAndNotKept();
    void aPictureThatMemoryDidNotSufficeForComesAllTheSame();
    void whereMemoryIsLackingForLongPicturesAreLeftOutForThatTime();
    void wantOfMemoryIsToldFromAllElse();
    void withoutACacheItGoesOnAndSaysSoOnce();
    void aFullCacheIsSaidOnce();
    void aCacheDeletedMeanwhileChangesNothing();
    void droppedWhileItLoadsItEnds();
};

void BatchLoaderTest::pixelsAreTheSameFromFilesAndFromTheCacheWithAnyNumberOfThreads()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto fromFiles = batches(pictures, config(1), folder.write("in the way", "") / "pixels");
    for (const int threads : {1, 4}) {
        const auto cache = folder / std::to_string(threads);
        QVERIFY(sameWork(batches(pictures, config(threads), cache), fromFiles));
        const auto again = batches(pictures, config(threads), cache);
        QVERIFY(sameWork(again, fromFiles));
        QVERIFY(notesOf(again).empty());
    }
    QCOMPARE(leftOut(fromFiles), 0u);
}

void BatchLoaderTest::photographsAreTheSameFromFilesAndFromTheCache()
{
    const TestFolder folder;
    const Snapshot pictures = test::photographSnapshot({.train = 8, .validation = 0, .test = 0});
    TrainConfig photographs = config();
    photographs.sizePx = 96;
    const auto first = batches(pictures, photographs, folder / "cache");
    QVERIFY(sameWork(batches(pictures, photographs, folder / "cache"), first));
    QVERIFY(sameWork(batches(pictures, photographs, folder.write("in the way", "") / "pixels"), first));
}

void BatchLoaderTest::aRunTakenUpAgainGetsTheSameBatches()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    auto whole = batches(pictures, config(), folder / "cache");
    whole.erase(whole.begin(), whole.begin() + 6);
    QVERIFY(sameWork(batches(pictures, config(4), folder / "cache", 6), whole));
    QVERIFY(sameWork(batches(pictures, config(1), folder / "another", 6), whole));
}

void BatchLoaderTest::aPictureThatVanishesIsServedFromTheCache()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto before = batches(pictures, config(), folder / "cache");
    std::filesystem::remove_all(folder / "red");
    const auto after = batches(pictures, config(), folder / "cache");
    QVERIFY(sameWork(after, before));
    QCOMPARE(leftOut(after), 0u);
}

void BatchLoaderTest::aPictureThatVanishesBeforeItWasKeptIsNamed()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto entry = pictures.indicesOf(Split::Train).front();
    std::filesystem::remove(pictures.entries[entry].file);
    const auto all = batches(pictures, config(), folder / "cache");
    QCOMPARE(leftOut(all), std::size_t(kEpochs));
    for (const TrainingBatch &batch : all) {
        QCOMPARE(batch.size() + static_cast<int>(batch.unreadable.size()), 4);
        for (const auto &[number, error] : batch.unreadable) {
            QCOMPARE(number, entry);
            QCOMPARE(error.code, ErrorCode::NotFound);
            QVERIFY2(error.message.contains(pictures.entries[entry].file.native()), error.message.c_str());
        }
    }
}

void BatchLoaderTest::aPictureThatChangedIsNamedAndNotKept()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto &file = pictures.entries[pictures.indicesOf(Split::Train).front()].file;
    const std::string original = test::fileBytes(file);
    folder.write(file, test::drawnPicture(0, 99));
    const auto all = batches(pictures, config(), folder / "cache");
    QCOMPARE(leftOut(all), std::size_t(kEpochs));
    for (const TrainingBatch &batch : all)
        for (const auto &[number, error] : batch.unreadable)
            QVERIFY2(error.message.contains("has changed"), error.message.c_str());
    folder.write(file, original);
    const auto mended = batches(pictures, config(), folder / "cache");
    QCOMPARE(leftOut(mended), 0u);
    QVERIFY(sameWork(mended, batches(pictures, config(), folder / "another")));
}

void BatchLoaderTest::aPictureThatMemoryDidNotSufficeForComesAllTheSame()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto undisturbed = batches(pictures, config(), folder / "cache");
    refuseDrawnPictures(3);
    const auto all = batches(pictures, config(), folder / "another");
    QCOMPARE(test::refusedMemory.blocks.load(), 0);
    QVERIFY(sameWork(all, undisturbed));
}

void BatchLoaderTest::whereMemoryIsLackingForLongPicturesAreLeftOutForThatTime()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const TrainConfig two = config();
    refuseDrawnPictures(std::numeric_limits<int>::max());
    BatchLoader loader(pictures, two, imageNetPreprocessing(two.sizePx), {}, 0);
    const TrainingBatch lacking = loader.next();
    refuseDrawnPictures(0);
    QCOMPARE(lacking.unreadable.size(), 4u);
    for (const auto &[entry, error] : lacking.unreadable) {
        QCOMPARE(error.code, ErrorCode::Internal);
        QVERIFY2(error.message.contains("not enough memory") && error.message.contains(pictures.entries[entry].file.native()), error.message.c_str());
    }
    for (int step = 1; step < kSteps; ++step)
        QCOMPARE(loader.next().size(), 4);
}

void BatchLoaderTest::wantOfMemoryIsToldFromAllElse()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const std::vector<std::size_t> entries = pictures.indicesOf(Split::Train);
    const auto planes = [](auto, const auto &) { return Result<PlanarImage>(planarOf(RgbImage::ofSize(4, 4))); };
    internal::DecodedPictures decoded(pictures, entries, planes, {});
    const auto codeAfter = [&](const auto &thrown) {
        return decoded.picture(entries.front(), [&](const PlanarView &) -> RgbImage { throw thrown; }).error().code;
    };
    QCOMPARE(codeAfter(std::bad_alloc()), ErrorCode::Internal);
    QCOMPARE(codeAfter(cv::Exception(cv::Error::StsNoMem, "none left", "", "", 0)), ErrorCode::Internal);
    QCOMPARE(codeAfter(cv::Exception(cv::Error::StsBadSize, "no size", "", "", 0)), ErrorCode::BadFormat);
    QCOMPARE(codeAfter(std::runtime_error("no picture")), ErrorCode::BadFormat);
}

void BatchLoaderTest::withoutACacheItGoesOnAndSaysSoOnce()
{
    const TestFolder folder;
    const auto all = batches(drawnSnapshot(folder), config(), folder.write("in the way", "") / "pixels");
    QCOMPARE(notesOf(all).size(), 1u);
    QVERIFY2(notesOf(all).front().find("Training goes on") != std::string::npos, notesOf(all).front().c_str());
}

void BatchLoaderTest::aFullCacheIsSaidOnce()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const PixelCache::Limits noRoom{.cacheBytes = 1 << 20, .fileBytes = (1 << 20) + 1, .leaveFreeBytes = 0};
    const auto all = batches(pictures, config(4), folder / "cache", 0, noRoom);
    QCOMPARE(notesOf(all).size(), 1u);
    QVERIFY(sameWork(all, batches(pictures, config(), folder / "another")));
}

void BatchLoaderTest::aCacheDeletedMeanwhileChangesNothing()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const auto undisturbed = batches(pictures, config(), folder / "another");
    const TrainConfig two = config();
    BatchLoader loader(pictures, two, imageNetPreprocessing(two.sizePx), folder / "cache", 0, {.leaveFreeBytes = 0});
    std::vector<TrainingBatch> all;
    for (int step = 0; step < kSteps; ++step) {
        all.push_back(loader.next());
        std::error_code busy; // the loader may put something there while it is being emptied
        std::filesystem::remove_all(folder / "cache", busy);
    }
    QVERIFY(sameWork(all, undisturbed));
}

void BatchLoaderTest::droppedWhileItLoadsItEnds()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    const TrainConfig four = config(4);
    for (int taken = 0; taken < 3; ++taken) {
        BatchLoader loader(pictures, four, imageNetPreprocessing(four.sizePx), folder / "cache", 0, {.leaveFreeBytes = 0});
        for (int i = 0; i < taken; ++i)
            QCOMPARE(loader.next().size(), 4);
    }
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::BatchLoaderTest)
#include "batch_loader_test.moc"
