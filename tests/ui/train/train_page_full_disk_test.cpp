#include "engine/nn/weights.h"
#include "tests/support/failing_disk.h"
#include "tests/ui/train/trained_room.h"
#include "ui/train/run_texts.h"
#include "widgets/notice_bar.h"
#include "widgets/pill.h"

#include <cerrno>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A page whose runs lie on a disk that becomes full when a test wants it to.
struct CrowdedRoom {
    CrowdedRoom()
    {
        std::filesystem::create_directories(folder / "runs");
        useAsHome(folder);
    }

    /// Trains until there is a checkpoint; gives its file.
    std::filesystem::path checkpointOf(Room &room) const
    {
        room.start(3000);
        const auto first = [&] { return listRuns(folder / "runs"); };
        const bool written = room.learns() && QTest::qWaitFor([&] { return !first().empty() && first().front().hasCheckpoint; }, 60'000);
        return written ? first().front().folder / kCheckpointFile : std::filesystem::path();
    }

    const TestFolder folder;
};

} // namespace

/// What a person sees on the Train page of a disk that is full.
class TrainPageFullDiskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCheckpointThatFindsNoRoomIsSaidTheLastOneStaysAndTrainingGoesOn()
    {
        const CrowdedRoom place;
        FailingDisk disk(place.folder / "runs");
        Room room(place.folder);
        const auto checkpoint = place.checkpointOf(room);
        QVERIFY(!checkpoint.empty());
        disk.failAt(1, FailingDisk::Failure::FromThenOn, ENOSPC);
        QVERIFY(room.says("Training goes on; should it be interrupted, it can go on from the last checkpoint that was written"));
        QVERIFY(isSaid(room.page, "the disk is full"));
        QVERIFY(room.says("its curves lack some points"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Warning);
        const std::string last = fileBytes(checkpoint);
        const auto readable = readSafetensors(checkpoint);
        QVERIFY2(readable, errorText(readable));
        QVERIFY(room.learnsOn());
        QVERIFY(fileBytes(checkpoint) == last);

        disk.repair();
        QTRY_VERIFY_WITH_TIMEOUT(fileBytes(checkpoint) != last, 60'000); // without that anybody does anything
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(isSaid(room.page, "its curves lack some points")); // that stays true
        QVERIFY(!isSaid(room.page, "Training goes on"));
        QCOMPARE(listRuns(place.folder / "runs").front().receipt.notes.size(), 1u);
    }

    void aDiskThatIsFullToTheEndIsSaidAndTheRunGoesOnOnceThereIsRoom()
    {
        const CrowdedRoom place;
        FailingDisk disk(place.folder / "runs");
        Room room(place.folder);
        QVERIFY(!place.checkpointOf(room).empty());
        disk.failAt(1, FailingDisk::Failure::FromThenOn, ENOSPC);
        QVERIFY(room.says("from the last checkpoint that was written"));
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Failed);
        QVERIFY(room.says("the disk is full"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Error);
        QVERIFY(button(room.page, "Go on"));
        QTRY_COMPARE(room.page.history()->runs().size(), 1u);
        QCOMPARE(room.page.findChild<Pill *>()->text(), stateOf(room.page.history()->runs().front()).text); // one word at the head and in the list
        disk.repair();
        room.page.goOn();
        QVERIFY(room.learnsOn());
        QVERIFY(!isSaid(room.page, "the disk is full"));
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Finished);
        QCOMPARE(listRuns(place.folder / "runs").front().receipt.status, RunStatus::Stopped);
    }
};

QTEST_MAIN(TrainPageFullDiskTest)
#include "train_page_full_disk_test.moc"
