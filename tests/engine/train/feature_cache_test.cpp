#include "engine/train/internal/feature_cache.h"
#include "engine/train/internal/ordered_loader.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <atomic>

namespace whisker {

using internal::FeatureCache;
using internal::OrderedLoader;
using test::errorText;
using test::TestFolder;

namespace {

using Entries = std::vector<FeatureCache::Entry>;

const ContentHash kFirst{1, 2};
const ContentHash kSecond{3, 4};
const std::vector<float> kFeatures = {0.25F, -1.0F, 6.0F};

FeatureCache opened(const TestFolder &folder)
{
    return *FeatureCache::open(folder.path(), "key", 3);
}

} // namespace

class FeatureCacheTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasAppendedIsFoundAgainLater();
    void anotherKeyKnowsNothing();
    void aTornTailIsIgnoredAndWrittenOver();
    void aRecordWithAWrongByteIsNotGiven();
    void twoWritersKeepBothTheirRecords();
    void aFolderThatCannotBeMadeIsAnError();
    void loadedItemsComeInOrderWhateverTheThreads();
    void aLoaderIsDroppedWhileItLoads();
};

void FeatureCacheTest::whatWasAppendedIsFoundAgainLater()
{
    const TestFolder folder;
    const auto appended = opened(folder).append(Entries{{kFirst, kFeatures}});
    QVERIFY2(appended, errorText(appended));
    const FeatureCache cache = opened(folder);
    QCOMPARE(cache.size(), 1u);
    QVERIFY(cache.find(kFirst) == kFeatures);
    QVERIFY(!cache.find(kSecond));
}

void FeatureCacheTest::anotherKeyKnowsNothing()
{
    const TestFolder folder;
    QVERIFY(opened(folder).append(Entries{{kFirst, kFeatures}}).has_value());
    QVERIFY(!FeatureCache::open(folder.path(), "other", 3)->contains(kFirst));
}

void FeatureCacheTest::aTornTailIsIgnoredAndWrittenOver()
{
    const TestFolder folder;
    QVERIFY(opened(folder).append(Entries{{kFirst, kFeatures}}).has_value());
    const std::string whole = test::fileBytes(folder / "key/features.bin");
    folder.write("key/features.bin", whole + whole.substr(0, whole.size() / 2));
    QCOMPARE(opened(folder).size(), 1u);
    QVERIFY(opened(folder).append(Entries{{kSecond, kFeatures}}).has_value());
    const FeatureCache cache = opened(folder);
    QVERIFY(cache.find(kFirst) == kFeatures && cache.find(kSecond) == kFeatures);
}

void FeatureCacheTest::aRecordWithAWrongByteIsNotGiven()
{
    const TestFolder folder;
    QVERIFY(opened(folder).append(Entries{{kFirst, kFeatures}, {kSecond, kFeatures}}).has_value());
    std::string bytes = test::fileBytes(folder / "key/features.bin");
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    folder.write("key/features.bin", bytes);
    const FeatureCache cache = opened(folder);
    QVERIFY(!cache.find(kFirst));
    QVERIFY(cache.find(kSecond).has_value());
}

void FeatureCacheTest::twoWritersKeepBothTheirRecords()
{
    const TestFolder folder;
    FeatureCache one = opened(folder);
    FeatureCache other = opened(folder);
    QVERIFY(one.append(Entries{{kFirst, kFeatures}}).has_value());
    QVERIFY(other.append(Entries{{kSecond, kFeatures}}).has_value());
    const FeatureCache cache = opened(folder);
    QVERIFY(cache.find(kFirst) && cache.find(kSecond));
}

void FeatureCacheTest::aFolderThatCannotBeMadeIsAnError()
{
    const TestFolder folder;
    const auto cache = FeatureCache::open(folder.write("file", "in the way"), "key", 3);
    QVERIFY(!cache);
    QVERIFY(cache.error().message.find("file") != std::string::npos);
}

void FeatureCacheTest::loadedItemsComeInOrderWhateverTheThreads()
{
    for (const std::size_t threads : {1u, 2u, 7u}) {
        OrderedLoader<std::size_t> loader(5, 205, threads, 4, [](std::size_t number) { return number * number; });
        for (std::size_t number = 5; number < 205; ++number)
            QCOMPARE(loader.next(), number * number);
    }
}

void FeatureCacheTest::aLoaderIsDroppedWhileItLoads()
{
    std::atomic<int> loaded = 0;
    {
        OrderedLoader<int> loader(0, 100000, 3, 8, [&](std::size_t) { return ++loaded; });
        loader.next();
    }
    QVERIFY(loaded <= 12); // 8 ahead, and what the three were at
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::FeatureCacheTest)
#include "feature_cache_test.moc"
