#include "engine/base/held_room.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace whisker;
using whisker::test::errorText;
using whisker::test::TestFolder;

class HeldRoomTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roomThatIsHeldIsTakenFromTheDiskAndGivenBack()
    {
        const TestFolder folder;
        constexpr std::uint64_t kBytes = 64 << 20; // others use the disk meanwhile, but hardly so much at once
        const auto before = std::filesystem::space(folder.path()).available;
        {
            const auto room = HeldRoom::hold(folder.path(), kBytes);
            QVERIFY2(room, errorText(room));
            if (room->holds()) // not every file system makes promises
                QVERIFY(std::filesystem::space(folder.path()).available + kBytes / 2 < before);
            QVERIFY(std::filesystem::is_empty(folder.path())); // nothing is left behind, whatever becomes of the program
        }
        QVERIFY(std::filesystem::space(folder.path()).available + kBytes / 2 > before);
    }

    void moreThanThereIsIsRefused()
    {
        const TestFolder folder;
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &usual), 0);
        const rlimit little{1 << 20, usual.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
        const auto room = HeldRoom::hold(folder.path(), 2 << 20);
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &usual), 0);
        if (room) { // not every file system makes promises
            QVERIFY(!room->holds());
            return;
        }
        QCOMPARE(room.error().code, ErrorCode::NoSpace);
        QVERIFY2(room.error().message.find("Free some space") != std::string::npos, room.error().message.c_str());
    }

    void aFolderThatIsGoneHoldsNothingAndIsNoError()
    {
        const TestFolder folder;
        const auto room = HeldRoom::hold(folder / "gone", 1);
        QVERIFY2(room, errorText(room));
        QVERIFY(!room->holds());
    }
};

QTEST_GUILESS_MAIN(HeldRoomTest)
#include "held_room_test.moc"
