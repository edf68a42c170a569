#include "engine/data/snapshot_file.h"

#include "tests/support/test_folder.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

Snapshot pets()
{
    Snapshot snapshot{{"cat", "dog"}, {{"/pets/a 100 %.jpg", 0, Split::Train, {1, 2}}, {"/pets/\xFF\xFE.jpg", 1, Split::Test, {3, 4}}, {"/pets/T\xC3\xB6m.jpg", 0, Split::Validation, {5, 6}}}};
    sortEntries(snapshot);
    return snapshot;
}

} // namespace

class SnapshotFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsReadIsWhatWasWritten()
    {
        const TestFolder folder;
        QVERIFY(writeSnapshot(folder / "snapshot.json", pets()));
        const auto read = readSnapshot(folder / "snapshot.json");
        QVERIFY(read);
        QCOMPARE(read->digest(), pets().digest());
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(read->entries[i].file.native(), pets().entries[i].file.native());
    }

    void aFileThatIsNoSnapshotIsRefusedByItsName_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        QTest::newRow("cut off") << "{\"format\": 1, \"classes\": [\"cat\"], \"pic" << int(ErrorCode::BadFormat);
        QTest::newRow("something else") << "[1, 2]" << int(ErrorCode::BadFormat);
        QTest::newRow("a label without a class") << "{\"format\":1,\"classes\":[\"cat\"],\"pictures\":[[\"00000000000000010000000000000002\",1,\"train\",\"/a\"]]}" << int(ErrorCode::BadFormat);
        QTest::newRow("a torn name") << "{\"format\":1,\"classes\":[\"cat\"],\"pictures\":[[\"00000000000000010000000000000002\",0,\"train\",\"/a%4\"]]}" << int(ErrorCode::BadFormat);
        QTest::newRow("newer") << "{\"format\": 99}" << int(ErrorCode::NewerVersion);
    }

    void aFileThatIsNoSnapshotIsRefusedByItsName()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        const TestFolder folder;
        const auto read = readSnapshot(folder.write("snapshot.json", text.toStdString()));
        QVERIFY(!read);
        QCOMPARE(int(read.error().code), code);
        QVERIFY(read.error().message.find("snapshot.json") != std::string::npos);
    }

    void aFileThatIsNotThereIsSaidToBeMissing()
    {
        const TestFolder folder;
        QCOMPARE(readSnapshot(folder / "snapshot.json").error().code, ErrorCode::NotFound);
    }

    void changesAreCountedByContentAndNameOfTheLabel()
    {
        QVERIFY(!changesBetween(pets(), pets()).any());
        Snapshot now{{"dog", "cat"}, {{"/moved/a.jpg", 0, Split::Train, {1, 2}}, {"/pets/b.jpg", 0, Split::Train, {3, 4}}, {"/pets/new.jpg", 1, Split::Train, {7, 8}}, {"/pets/new2.jpg", 1, Split::Train, {7, 9}}}};
        sortEntries(now);
        QCOMPARE(changesBetween(pets(), now), (SnapshotChanges{.added = 2, .removed = 1, .relabelled = 1, .moved = 1}));
    }
};

QTEST_GUILESS_MAIN(SnapshotFileTest)
#include "snapshot_file_test.moc"
