#include "engine/train/internal/pixel_cache.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <thread>

namespace whisker {

using internal::PixelCache;
using internal::PixelSegment;
using test::errorText;
using test::TestFolder;

namespace {

constexpr std::size_t kFileBytes = 1U << 20;
constexpr PixelCache::Limits kLimits{.cacheBytes = 3 * kFileBytes, .fileBytes = kFileBytes, .leaveFreeBytes = 0};

ContentHash hashOf(std::uint64_t number)
{
    return {number + 1, 7 * number};
}

/// A picture that is told by its number.
PlanarImage picture(std::uint64_t number, int edgePx = 30)
{
    auto image = PlanarImage::ofLayout({PlaneColours::YCbCr, {edgePx, edgePx + 1}, {edgePx / 2, edgePx}});
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
        image.pixels[i] = static_cast<std::uint8_t>(number * 31 + i);
    return image;
}

std::vector<ContentHash> hashes(std::uint64_t count)
{
    std::vector<ContentHash> all;
    for (std::uint64_t i = 0; i < count; ++i)
        all.push_back(hashOf(i));
    return all;
}

std::unique_ptr<PixelCache> opened(const TestFolder &folder, const std::string &key = "key", std::uint64_t wanted = 1000)
{
    return PixelCache::open(folder.path(), key, hashes(wanted), kLimits).value();
}

bool holds(PixelCache &cache, std::uint64_t number, int edgePx = 30)
{
    const auto found = cache.find(hashOf(number));
    const auto wanted = picture(number, edgePx);
    return found && found->layout == wanted.layout && std::equal(wanted.pixels.begin(), wanted.pixels.end(), found->pixels);
}

std::vector<std::filesystem::path> filesBelow(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().filename() != "lock")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// Another byte at `offset`.
void damage(const std::filesystem::path &file, std::streamoff offset)
{
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(offset);
    const auto byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(offset);
    stream.put(byte);
}

constexpr int kLargePx = 440; // 387,640 bytes: one fits into a file

} // namespace

class PixelCacheTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasKeptIsFoundAtOnceAndLater();
    void anotherKeyKnowsNothing();
    void anUnwantedPictureIsNotRead();
    void manyPicturesFillSeveralFiles();
    void aDamagedPictureIsNotGivenAndCanBeKeptAgain();
    void aTornEntryIsNotGiven();
    void aFileCutShortGivesWhatIsLeft();
    void aFileOfAnotherProgramIsLeftAlone();
    void whatAKilledProgramLeftIsMadeShort();
    void aFileTakesNoMoreRoomThanItsPictures();
    void theOldestGoFirstWhereThereIsNoMoreRoom();
    void whatIsInUseStaysAndTheErrorIsGivenOnce();
    void aPictureLargerThanAFileIsNotKept();
    void deletedWhileInUseItGoesOn();
    void aFullDiskIsSaidOnce();
    void aFolderThatCannotBeMadeIsAnError();
    void severalProgramsAddAtOnce();
    void manyThreadsKeepAndFind();
};

void PixelCacheTest::whatWasKeptIsFoundAtOnceAndLater()
{
    const TestFolder folder;
    {
        const auto cache = opened(folder);
        QVERIFY(!cache->find(hashOf(1)));
        for (const std::uint64_t number : {1, 2, 1}) {
            const auto kept = cache->keep(hashOf(number), picture(number));
            QVERIFY2(kept, errorText(kept));
        }
        QVERIFY(holds(*cache, 1) && holds(*cache, 2));
    }
    const auto cache = opened(folder);
    QCOMPARE(cache->size(), 2u);
    QVERIFY(holds(*cache, 1) && holds(*cache, 2) && !cache->find(hashOf(3)));
    QVERIFY(holds(*cache, 1));
}

void PixelCacheTest::anotherKeyKnowsNothing()
{
    const TestFolder folder;
    QVERIFY(opened(folder)->keep(hashOf(1), picture(1)));
    QVERIFY(!opened(folder, "other")->find(hashOf(1)));
}

void PixelCacheTest::anUnwantedPictureIsNotRead()
{
    const TestFolder folder;
    QVERIFY(opened(folder)->keep(hashOf(5), picture(5)));
    QCOMPARE(opened(folder, "key", 5)->size(), 0u);
    QCOMPARE(opened(folder, "key", 6)->size(), 1u);
}

void PixelCacheTest::manyPicturesFillSeveralFiles()
{
    const TestFolder folder;
    {
        const auto cache = opened(folder);
        for (std::uint64_t i = 0; i < 300; ++i)
            QVERIFY(cache->keep(hashOf(i), picture(i)));
    }
    QCOMPARE(filesBelow(folder.path()).size(), 2u);
    const auto cache = opened(folder);
    for (std::uint64_t i = 0; i < 300; ++i)
        QVERIFY(holds(*cache, i));
}

void PixelCacheTest::aDamagedPictureIsNotGivenAndCanBeKeptAgain()
{
    const TestFolder folder;
    QVERIFY(opened(folder)->keep(hashOf(1), picture(1)));
    const auto file = filesBelow(folder.path()).front();
    damage(file, static_cast<std::streamoff>(std::filesystem::file_size(file)) - 5);
    {
        const auto cache = opened(folder);
        QVERIFY(!cache->find(hashOf(1)) && !cache->find(hashOf(1)));
        QVERIFY(cache->keep(hashOf(1), picture(1)));
        QVERIFY(holds(*cache, 1));
    }
    const auto cache = opened(folder); // finds one or the other first
    if (!cache->find(hashOf(1)))
        QVERIFY(cache->keep(hashOf(1), picture(1)));
    QVERIFY(holds(*cache, 1));
}

void PixelCacheTest::aTornEntryIsNotGiven()
{
    const TestFolder folder;
    {
        const auto cache = opened(folder);
        QVERIFY(cache->keep(hashOf(1), picture(1)) && cache->keep(hashOf(2), picture(2)));
    }
    damage(filesBelow(folder.path()).front(), 64 + 24); // the width of the first
    const auto cache = opened(folder);
    QVERIFY(!cache->find(hashOf(1)) && holds(*cache, 2));
}

void PixelCacheTest::aFileCutShortGivesWhatIsLeft()
{
    const TestFolder folder;
    {
        const auto cache = opened(folder);
        QVERIFY(cache->keep(hashOf(1), picture(1)) && cache->keep(hashOf(2), picture(2)));
    }
    const auto file = filesBelow(folder.path()).front();
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    {
        const auto cache = opened(folder);
        QVERIFY(holds(*cache, 1) && !cache->find(hashOf(2)));
    }
    for (const std::uintmax_t length : {1000, 40, 0}) {
        std::filesystem::resize_file(file, length);
        QCOMPARE(opened(folder)->size(), 0u);
    }
}

void PixelCacheTest::aFileOfAnotherProgramIsLeftAlone()
{
    const TestFolder folder;
    const std::string text(kFileBytes, 'x');
    const auto ours = folder.write("key/pixels-1", text), other = folder.write("key/notes", text), pipe = folder / "key" / "pixels-2";
    std::filesystem::create_directory(pipe);
    const auto cache = opened(folder);
    QCOMPARE(cache->size(), 0u);
    for (std::uint64_t i = 0; i < 4; ++i)
        (void)cache->keep(hashOf(i), picture(i, kLargePx)); // makes room
    QVERIFY(std::filesystem::exists(other) && std::filesystem::exists(pipe));
}

void PixelCacheTest::whatAKilledProgramLeftIsMadeShort()
{
    const TestFolder folder;
    QVERIFY(opened(folder)->keep(hashOf(1), picture(1)));
    const auto file = filesBelow(folder.path()).front();
    const auto bytes = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, kFileBytes); // as it is while it is written
    QVERIFY(holds(*opened(folder), 1));
    QCOMPARE(std::filesystem::file_size(file), bytes);
}

void PixelCacheTest::aFileTakesNoMoreRoomThanItsPictures()
{
    const TestFolder folder;
    QVERIFY(opened(folder)->keep(hashOf(1), picture(1)));
    QCOMPARE(std::filesystem::file_size(filesBelow(folder.path()).front()), PixelSegment::overheadBytes() + picture(1).pixels.size());
}

void PixelCacheTest::theOldestGoFirstWhereThereIsNoMoreRoom()
{
    const TestFolder folder;
    QVERIFY(opened(folder, "first")->keep(hashOf(1), picture(1)));
    QVERIFY(opened(folder, "second")->keep(hashOf(2), picture(2, kLargePx - 100)));
    const auto hour = std::chrono::hours(1);
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(filesBelow(folder / "first").front(), now - 3 * hour);
    std::filesystem::last_write_time(filesBelow(folder / "second").front(), now - 5 * hour);
    QVERIFY(holds(*opened(folder, "first"), 1)); // the use of it counts
    const auto cache = opened(folder, "third");
    QVERIFY(cache->keep(hashOf(3), picture(3, kLargePx)) && cache->keep(hashOf(4), picture(4, kLargePx)));
    QVERIFY(!std::filesystem::exists(folder / "second")); // a key without files has no folder either
    QVERIFY(std::filesystem::exists(folder / "first"));
    QVERIFY(holds(*cache, 3, kLargePx) && holds(*cache, 4, kLargePx));
}

void PixelCacheTest::whatIsInUseStaysAndTheErrorIsGivenOnce()
{
    const TestFolder folder;
    const auto one = opened(folder);
    QVERIFY(one->keep(hashOf(1), picture(1, kLargePx)) && one->keep(hashOf(2), picture(2, kLargePx)));
    const auto other = opened(folder, "other");
    QVERIFY(other->keep(hashOf(3), picture(3, kLargePx)));
    const auto full = other->keep(hashOf(4), picture(4, kLargePx));
    QVERIFY(!full);
    QCOMPARE(full.error().code, ErrorCode::NoSpace);
    QVERIFY2(full.error().message.find(folder.path().native()) != std::string::npos, full.error().message.c_str());
    QVERIFY(other->keep(hashOf(4), picture(4, kLargePx)) && !other->find(hashOf(4)));
    QVERIFY(holds(*one, 1, kLargePx) && holds(*one, 2, kLargePx) && holds(*other, 3, kLargePx));
    QCOMPARE(filesBelow(folder.path()).size(), 3u);
}

void PixelCacheTest::aPictureLargerThanAFileIsNotKept()
{
    const TestFolder folder;
    const auto cache = opened(folder);
    QVERIFY(cache->keep(hashOf(1), picture(1, 600)) && !cache->find(hashOf(1)));
    QVERIFY(cache->keep(hashOf(2), picture(2)) && holds(*cache, 2));
}

void PixelCacheTest::deletedWhileInUseItGoesOn()
{
    const TestFolder folder;
    const auto cache = opened(folder);
    QVERIFY(cache->keep(hashOf(1), picture(1)));
    std::filesystem::remove_all(folder.path());
    QVERIFY(holds(*cache, 1));
    for (std::uint64_t i = 2; i < 300; ++i) {
        const auto kept = cache->keep(hashOf(i), picture(i));
        QVERIFY2(kept, errorText(kept));
    }
    QVERIFY(holds(*cache, 1) && holds(*cache, 299));
}

/// A limit on the size of files stands in for the disk: both make a write fail.
void PixelCacheTest::aFullDiskIsSaidOnce()
{
    const TestFolder folder;
    const auto cache = opened(folder);
    QVERIFY(cache->keep(hashOf(1), picture(1)));
    rlimit before{};
    QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{PixelSegment::overheadBytes() + 3000, before.rlim_max};
    QVERIFY(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto first = cache->keep(hashOf(2), picture(2)), second = cache->keep(hashOf(3), picture(3));
    QVERIFY(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, ignored);
    QVERIFY(!first && second);
    QVERIFY(holds(*cache, 1) && !cache->find(hashOf(2)) && !cache->find(hashOf(3)));
}

void PixelCacheTest::aFolderThatCannotBeMadeIsAnError()
{
    const TestFolder folder;
    const auto cache = PixelCache::open(folder.write("file", "in the way"), "key", {}, kLimits);
    QVERIFY(!cache);
    QVERIFY(cache.error().message.find("file") != std::string::npos);
}

void PixelCacheTest::severalProgramsAddAtOnce()
{
    const TestFolder folder;
    {
        const auto one = opened(folder), other = opened(folder); // locks belong to an open file, so two objects meet like two programs
        for (std::uint64_t i = 0; i < 40; ++i) {
            QVERIFY(one->keep(hashOf(2 * i), picture(2 * i)));
            QVERIFY(other->keep(hashOf(2 * i + 1), picture(2 * i + 1)));
        }
        const auto third = opened(folder);
        QCOMPARE(third->size(), 80u);
        QVERIFY(holds(*third, 79));
    }
    const auto cache = opened(folder);
    for (std::uint64_t i = 0; i < 80; ++i)
        QVERIFY(holds(*cache, i));
}

void PixelCacheTest::manyThreadsKeepAndFind()
{
    const TestFolder folder;
    for (const bool again : {false, true}) {
        const auto cache = opened(folder);
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&, t] {
                    for (std::uint64_t i = 0; i < 200; ++i) {
                        const std::uint64_t number = (i + static_cast<std::uint64_t>(t) * 7) % 200;
                        const auto found = cache->find(hashOf(number));
                        if (found ? !holds(*cache, number) : !cache->keep(hashOf(number), picture(number)).has_value())
                            ++wrong;
                    }
                });
        }
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(cache->size(), 200u);
        for (std::uint64_t i = 0; again && i < 200; ++i)
            QVERIFY(holds(*cache, i));
    }
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::PixelCacheTest)
#include "pixel_cache_test.moc"
