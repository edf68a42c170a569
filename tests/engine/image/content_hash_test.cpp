#include "engine/image/content_hash.h"

#include "tests/engine/image/sample_pictures.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <set>
#include <unordered_set>

using namespace whisker;
using namespace whisker::test;

class ContentHashTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knownInputsHaveTheirPublishedHash();
    void aFileHashesLikeItsBytesWhateverItsSize();
    void hexGoesThereAndBack();
    void whatIsNoHexIsRefused();
    void hashesSortAndFitSets();
    void aMissingFileAFolderAndADeviceAreErrors();
};

void ContentHashTest::knownInputsHaveTheirPublishedHash()
{
    // From `printf '' | xxhsum -H2` and `printf abc | xxhsum -H2`.
    QCOMPARE(hashBytes({}).toHex(), "99aa06d3014798d86001c324468d497f");
    QCOMPARE(hashBytes(bytesOf("abc")).toHex(), "06b05ab6733a618578af5f94892f3950");
}

void ContentHashTest::aFileHashesLikeItsBytesWhateverItsSize()
{
    const TestFolder folder;
    for (const std::size_t size : {std::size_t(0), std::size_t(1), std::size_t(1) << 20, (std::size_t(3) << 20) + 17}) {
        std::string bytes(size, 'a');
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<char>(i * 31 >> 3);
        const auto hash = hashFile(folder.write("file", bytes));
        QVERIFY2(hash, errorText(hash));
        QCOMPARE(*hash, hashBytes(bytesOf(bytes)));
    }
}

void ContentHashTest::hexGoesThereAndBack()
{
    const ContentHash hash{0x00000000000000ffu, 0x1};
    QCOMPARE(hash.toHex(), "00000000000000ff0000000000000001");
    QVERIFY(ContentHash::fromHex(hash.toHex()) == hash);
}

void ContentHashTest::whatIsNoHexIsRefused()
{
    for (const char *text : {"", "12", "00000000000000ff000000000000000g", "00000000000000ff00000000000000011", "-0000000000000ff0000000000000001"})
        QVERIFY2(!ContentHash::fromHex(text), text);
}

void ContentHashTest::hashesSortAndFitSets()
{
    QVERIFY((ContentHash{1, 0} > ContentHash{0, 9}));
    QVERIFY((ContentHash{1, 2} < ContentHash{1, 3}));
    QCOMPARE((std::unordered_set<ContentHash>{{1, 2}, {1, 2}, {2, 1}}.size()), 2u);
}

void ContentHashTest::aMissingFileAFolderAndADeviceAreErrors()
{
    const TestFolder folder;
    QCOMPARE(hashFile(folder / "none").error().code, ErrorCode::NotFound);
    QCOMPARE(hashFile(folder.path()).error().code, ErrorCode::Unreadable);
    QCOMPARE(hashFile("/dev/zero").error().code, ErrorCode::Unreadable);
}

QTEST_GUILESS_MAIN(ContentHashTest)
#include "content_hash_test.moc"
