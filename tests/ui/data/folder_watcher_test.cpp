#include "ui/data/folder_watcher.h"

#include "tests/ui/drawn_pictures.h"

#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;
using namespace std::chrono_literals;

namespace {

constexpr WatchTimes kQuick = {20ms, 60ms, 100ms};

/// A project that watches the folder in/, which is there.
struct Watched {
    TestFolder root{};
    ProjectSession session{};
    FolderWatcher watcher{session, kQuick};

    bool begin(FolderMeaning meaning)
    {
        std::filesystem::create_directories(root / "in/cat");
        if (!openWith(session, root, {}))
            return false;
        QSignalSpy changed(&watcher, &FolderWatcher::foldersChanged);
        watcher.watch(displayText(root / "in"), meaning);
        return changed.wait() && watcher.folders().size() == 1;
    }
    std::size_t pictures() const { return session.state().images.size(); }
};

} // namespace

class FolderWatcherTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNewPictureComesInByItselfWithItsClass()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::ClassFolders));
        manyPictures(watched.root, "in/cat", 2);
        QTRY_COMPARE(watched.pictures(), 2u);
        QCOMPARE(watched.session.classNames(), QStringList({QStringLiteral("cat")}));
        manyPictures(watched.root, "in/dog", 2); // a class folder that is new
        QTRY_COMPARE(watched.pictures(), 4u);
        QCOMPARE(watched.session.classNames(), QStringList({QStringLiteral("cat"), QStringLiteral("dog")}));
        QVERIFY(!watched.watcher.isPolling());
    }

    void aFolderOfUnlabelledPicturesGivesNoLabels()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        manyPictures(watched.root, "in/cat", 2);
        QTRY_COMPARE(watched.pictures(), 2u);
        QVERIFY(watched.session.state().classes.empty());
    }

    void aFileIsTakenWhenItHasBeenWritten()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        std::string text = "P2\n2 2\n65535\n1 1 2 3\n";
        QSignalSpy finished(&watched.session, &ProjectSession::importFinished);
        for (int k = 0; k < 10; ++k) { // never at rest
            watched.root.write("in/slow.pgm", text += "# and more\n");
            QVERIFY(!finished.wait(20));
        }
        QTRY_COMPARE(watched.pictures(), 1u);
        QCOMPARE(watched.session.state().images[0].bytes, static_cast<std::int64_t>(text.size()));
    }

    void aFileThatIsMadeEmptyAndWrittenLaterIsTaken()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        QSignalSpy finished(&watched.session, &ProjectSession::importFinished);
        watched.root.write("in/late.pgm", "");
        QVERIFY(!finished.wait(200));
        watched.root.write("in/late.pgm", "P2\n2 2\n65535\n1 1 2 3\n"); // the system tells nothing of it
        QTRY_COMPARE(watched.pictures(), 1u);
    }

    void whatIsNoPictureIsLeftAlone()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        watched.root.write("in/notes.txt", "Nothing to see.");
        manyPictures(watched.root, "in/cat", 1);
        QTRY_COMPARE(watched.pictures(), 1u);
        QVERIFY(watched.session.state().skipped.empty());
    }

    void anUndoneImportDoesNotComeAgain()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        manyPictures(watched.root, "in/cat", 2);
        QTRY_COMPARE(watched.pictures(), 2u);
        QTRY_VERIFY(watched.session.canUndo());
        watched.session.undo();
        QTRY_COMPARE(watched.pictures(), 0u);
        manyPictures(watched.root, "in/dog", 1);
        QTRY_COMPARE(watched.pictures(), 1u);
        QCOMPARE(displayText(watched.session.state().images[0].folder->filename()), QStringLiteral("dog"));
    }

    void aFolderThatGoesAwayAndComesBackIsSaidAndWatchedAgain()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::ClassFolders));
        QSignalSpy noticed(&watched.watcher, &FolderWatcher::noticed);
        std::filesystem::rename(watched.root / "in", watched.root / "away");
        QVERIFY(noticed.wait());
        QVERIFY(noticed[0][0].toString().contains(QStringLiteral("isn't there any more")));
        QTRY_VERIFY(watched.watcher.isPolling());
        manyPictures(watched.root, "away/cat", 1);
        std::filesystem::rename(watched.root / "away", watched.root / "in");
        QTRY_COMPARE(noticed.count(), 2);
        QVERIFY(noticed[1][0].toString().contains(QStringLiteral("is back")));
        QTRY_COMPARE(watched.pictures(), 1u);
        QTRY_VERIFY(!watched.watcher.isPolling());
    }

    void aFolderThatIsRenamedAtRestIsSaid_data()
    {
        QTest::addColumn<QString>("renamed");
        QTest::newRow("itself") << "deep/in";
        QTest::newRow("the folder it is in") << "deep";
    }

    void aFolderThatIsRenamedAtRestIsSaid()
    {
        QFETCH(QString, renamed);
        const TestFolder root;
        ProjectSession session;
        FolderWatcher watcher(session, kQuick);
        manyPictures(root, "deep/in/cat", 1);
        QVERIFY(openWith(session, root, {}));
        watcher.watch(displayText(root / "deep/in"), FolderMeaning::ClassFolders);
        QTRY_COMPARE(session.state().images.size(), 1u);
        QSignalSpy started(&session, &ProjectSession::importStarted), noticed(&watcher, &FolderWatcher::noticed);
        QVERIFY(!started.wait(300)); // all looks are over
        std::filesystem::rename(root / toPath(renamed), root / "away");
        QVERIFY(noticed.wait());
        QVERIFY(watcher.isAway(root / "deep/in"));
    }

    void whatCameWhileTheProjectWasClosedComesWhenItIsOpened()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::ClassFolders));
        watched.session.create(watched.root / "other");
        QTRY_VERIFY(watched.watcher.folders().empty());
        QTRY_COMPARE(watched.session.name(), QStringLiteral("other"));
        manyPictures(watched.root, "in/cat", 3);
        QSignalSpy opened(&watched.session, &ProjectSession::opened);
        watched.session.open(watched.root / "project");
        QVERIFY(opened.wait());
        QTRY_COMPARE(watched.pictures(), 3u);
    }

    void aFolderIsNoLongerWatchedWhenThatIsWanted()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        QSignalSpy changed(&watched.watcher, &FolderWatcher::foldersChanged);
        watched.watcher.unwatch(displayText(watched.root / "in"));
        QVERIFY(changed.wait());
        QVERIFY(watched.watcher.folders().empty());
        QSignalSpy started(&watched.session, &ProjectSession::importStarted);
        manyPictures(watched.root, "in/cat", 1);
        QVERIFY(!started.wait(300));
    }

    void aFolderThatCantBeWatchedIsSaid()
    {
        Watched watched;
        QVERIFY(watched.begin(FolderMeaning::Unlabelled));
        QSignalSpy failed(&watched.watcher, &FolderWatcher::failed);
        watched.watcher.watch(displayText(watched.root / "in/cat"), FolderMeaning::Unlabelled);
        QVERIFY(failed.wait());
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("is watched already")));
    }

    void destructionWhileLookingEndsSoon()
    {
        const TestFolder root;
        ProjectSession session;
        manyPictures(root, "in", 2000);
        QVERIFY(openWith(session, root, {}));
        FolderWatcher watcher(session, kQuick);
        watcher.watch(displayText(root / "in"), FolderMeaning::Unlabelled);
    }
};

QTEST_MAIN(FolderWatcherTest)
#include "folder_watcher_test.moc"
