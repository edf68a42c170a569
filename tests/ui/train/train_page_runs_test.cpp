#include "ui/train/train_page.h"

#include "engine/base/atomic_file.h"
#include "tests/ui/train/trained_room.h"
#include "ui/train/pinned_card.h"
#include "ui/train/pinned_row.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_list.h"
#include "ui/train/run_texts.h"
#include "widgets/curve_plot.h"
#include "widgets/notice_bar.h"
#include "widgets/pill.h"

#include <QAction>
#include <QMenu>
#include <QTest>

using namespace whisker;
using namespace whisker::test;
using namespace std::chrono_literals;

namespace {

RunSummary onlyRun(const TestFolder &folder)
{
    const auto runs = listRuns(folder / "runs");
    return runs.size() == 1 ? runs.front() : RunSummary();
}

/// What is left where the program was killed while it trained.
void makeBroken(RunSummary run)
{
    run.receipt.status = RunStatus::Unfinished;
    QVERIFY(writeFileAtomically(run.folder / kReceiptFile, toJson(run.receipt)));
}

} // namespace

class TrainPageRunsTest : public QObject {
    Q_OBJECT
    TestFolder m_home;
private Q_SLOTS:
    void initTestCase() { useAsHome(m_home); }

    void aPausedRunGoesOnInItsOwnFolderAndKeepsItsCurves()
    {
        const TestFolder folder;
        Room room(folder);
        room.start(300);
        QVERIFY(room.learns());
        QTest::keyClick(&room.page, Qt::Key_P, Qt::ControlModifier);
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Stopping);
        QVERIFY(room.ends());
        QVERIFY(button(room.page, "Go on"));
        const std::size_t before = room.page.controller()->points().size();
        QVERIFY(before > 0);
        QTest::keyClick(&room.page, Qt::Key_P, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return room.page.controller()->points().size() > before; }, 20'000));
        std::int64_t step = 0;
        for (const MetricPoint &point : room.page.controller()->points()) {
            QVERIFY(point.step >= step); // goes on where it stood
            step = point.step;
        }
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(onlyRun(folder).receipt.status, RunStatus::Stopped);
    }

    void aRunGoesOnWithItsOwnPicturesWhereTheProjectHasChanged()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(room.pauses());
        auto changed = room.material();
        Snapshot fewer = *changed.snapshot;
        fewer.entries.pop_back();
        changed.snapshot = std::make_shared<const Snapshot>(fewer);
        room.page.setMaterial(changed);
        room.page.goOn();
        const int epoch = room.page.controller()->progress().epoch;
        QVERIFY(QTest::qWaitFor([&] { return room.page.controller()->progress().epoch > epoch; }, 20'000));
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Finished);
    }

    void aFinishedRunIsMadeLonger()
    {
        const TestFolder folder;
        Room room(folder);
        room.start(2);
        QVERIFY(room.ends());
        QVERIFY(!button(room.page, "Go on")); // there is nothing left of it
        auto *more = button(room.page, "More epochs");
        QVERIFY(more);
        QCOMPARE(more->menu()->actions().front()->text(), "5 more epochs, 7 in all");
        more->menu()->actions().front()->trigger();
        QVERIFY(room.page.controller()->isRunning());
        QVERIFY(room.ends());
        QCOMPARE(onlyRun(folder).receipt.config.epochs, 7);
        QCOMPARE(onlyRun(folder).receipt.epochs, 7);
    }

    void aPausedRunIsMadeLongerThanItWasToBe()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(room.pauses());
        auto *more = button(room.page, "More epochs");
        QVERIFY(more && button(room.page, "Go on"));
        QCOMPARE(more->menu()->actions().front()->text(), "5 more epochs, 305 in all");
        more->menu()->actions().front()->trigger();
        QVERIFY(room.learnsOn());
        QCOMPARE(room.page.controller()->progress().epochs, 305);
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(onlyRun(folder).receipt.config.epochs, 305);
        QCOMPARE(onlyRun(folder).receipt.status, RunStatus::Stopped);
    }

    void aRunThatACrashEndedIsOfferedWhenItsProjectIsOpened()
    {
        const TestFolder folder;
        {
            Room room(folder);
            QVERIFY(room.pauses());
        }
        makeBroken(onlyRun(folder));
        Room room(folder);
        QTRY_VERIFY(room.offer()->isVisible());
        QVERIFY(room.offer()->text().contains("broken off"));
        QTest::mouseClick(room.offer()->actionButton(), Qt::LeftButton);
        QVERIFY(!room.offer()->isVisible());
        QVERIFY(room.learns());
        QVERIFY(onlyRun(folder).underWay);
        QCOMPARE(room.page.findChild<RunList *>()->lineCount(), 1); // not once more as a past one
        room.page.stop();
        QVERIFY(room.ends());
        QVERIFY(!onlyRun(folder).underWay);
    }

    void aPausedRunIsCalledSoAndOfferedWhenItsProjectIsOpened()
    {
        const TestFolder folder;
        {
            Room room(folder);
            QVERIFY(room.pauses());
            QVERIFY(room.page.controller()->pauses());
            QCOMPARE(room.page.findChild<Pill *>()->text(), "paused");
            QTRY_COMPARE(room.page.history()->runs().size(), 1u);
            QCOMPARE(stateOf(room.page.history()->runs().front()).text, "paused");
            QVERIFY(!room.offer()->isVisible()); // its button stands in the head
            QVERIFY(room.page.findChild<ResultCard *>()->certainty().contains("Paused after epoch "));
        }
        QVERIFY(onlyRun(folder).receipt.paused);
        Room room(folder);
        QTRY_VERIFY(room.offer()->isVisible());
        QVERIFY2(room.offer()->text().contains(" was paused after "), qPrintable(room.offer()->text()));
        QTest::mouseClick(room.offer()->actionButton(), Qt::LeftButton);
        QVERIFY(room.learns());
        QVERIFY(!onlyRun(folder).receipt.paused);
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.findChild<Pill *>()->text(), "stopped");
        QVERIFY(!onlyRun(folder).receipt.paused);
    }

    void aRunThatGoesOnInAnotherWindowIsNotOfferedAndHasNoResult()
    {
        const TestFolder folder;
        Room first(folder);
        first.start(300);
        QVERIFY(first.learns());
        QTRY_VERIFY(onlyRun(folder).hasCheckpoint);
        Room second(folder);
        QTRY_VERIFY(!second.page.history()->runs().empty());
        QVERIFY(!second.offer()->isVisible());
        second.page.history()->readCurves(onlyRun(folder).folder);
        QTRY_VERIFY(second.page.curves()->loss()->pointCount("training") > 0);
        QVERIFY(!second.page.findChild<ResultCard *>()->isVisible()); // it has no result yet
        first.page.stop();
        QVERIFY(first.ends());
    }

    void whatPinnedPicturesWereAnsweredGoesOnWithTheRun()
    {
        const TestFolder folder;
        Room room(folder);
        room.page.pinned()->add({QString::fromStdString(loadData(folder / "pets")->snapshot.entries.front().file.string())});
        const PinnedRow &row = *room.page.pinned()->rows().front();
        room.start(300);
        QVERIFY(QTest::qWaitFor([&] { return room.page.controller()->progress().epoch >= 2 && row.answerCount() > 1; }, 60'000));
        room.page.pause();
        QVERIFY(room.ends());
        const int before = row.answerCount();
        room.page.goOn();
        QCOMPARE(row.answerCount(), before);
        QVERIFY(QTest::qWaitFor([&] { return row.answerCount() > before; }, 60'000));
        room.page.stop();
        QVERIFY(room.ends());
    }

    void aDamagedCheckpointIsSaidAndNothingElseHappens()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(room.pauses());
        const auto run = onlyRun(folder);
        std::filesystem::remove(run.folder / kPreviousCheckpointFile);
        std::filesystem::resize_file(run.folder / kCheckpointFile, 100);
        room.page.goOn();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Failed);
        auto *notice = room.page.notice();
        QVERIFY(notice->isVisible());
        QVERIFY(notice->text().contains("checkpoint"));
        QTRY_VERIFY(room.page.curves()->loss()->pointCount("training") > 0); // the run as it was, not the set-up
        QVERIFY(notice->isVisible());
    }

    void aRunIsDeletedOnlyAfterAskingAndTakesNothingElseWithIt()
    {
        const TestFolder folder;
        Room room(folder);
        room.start(1);
        QVERIFY(room.ends());
        QTRY_COMPARE(room.page.history()->runs().size(), 1u);
        const auto run = onlyRun(folder).folder;
        folder.write(std::filesystem::relative(run, folder.path()) / "my notes.txt", "mine");
        auto *list = room.page.findChild<RunList *>();
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(room.offer()->isVisible());
        QTest::mouseClick(room.offer()->secondButton(), Qt::LeftButton);
        QVERIFY(!room.offer()->isVisible());
        QVERIFY(std::filesystem::exists(run / kModelFile));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QTest::mouseClick(room.offer()->actionButton(), Qt::LeftButton);
        QTRY_VERIFY(room.page.history()->runs().empty());
        QVERIFY(!std::filesystem::exists(run / kModelFile));
        QVERIFY(std::filesystem::exists(run / "my notes.txt"));
        QVERIFY(button(room.page, "Start")); // its result is not on show any more
    }

    void aPastRunIsLaidOverTheCurvesAndTakenOffAgain()
    { // the one that was trained before the one on show
        const TestFolder folder;
        Room room(folder);
        room.start(2);
        QVERIFY(room.ends());
        QTest::keyClick(&room.page, Qt::Key_N, Qt::ControlModifier);
        room.start(1);
        QVERIFY(room.ends());
        QTRY_COMPARE(room.page.history()->runs().size(), 2u);
        auto *list = room.page.findChild<RunList *>();
        list->setFocus();
        list->setCurrentIndex(list->model()->index(1, 0));

        QTest::keyClick(list, Qt::Key_O, Qt::ControlModifier);
        QTRY_COMPARE(room.page.curves()->loss()->pointCount("overlay/0"), 2); // its validation
        QCOMPARE(list->overlayAction()->text(), "Take off the curves");
        QTest::keyClick(list, Qt::Key_O, Qt::ControlModifier);
        QTRY_COMPARE(room.page.curves()->loss()->pointCount("overlay/0"), 0);
    }

    void canBeDestroyedWhileAPausedRunGoesOn()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(room.pauses());
        room.page.goOn();
        QVERIFY(room.page.controller()->isRunning());
    }
};

QTEST_MAIN(TrainPageRunsTest)
#include "train_page_runs_test.moc"
