#include "tests/ui/active_window.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/told_runs.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/train_page.h"
#include "widgets/notice_bar.h"

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <latch>
#include <semaphore>

using namespace whisker;
using namespace whisker::test;

namespace {

TrainConfig teachingNet(int epochs)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.epochs = epochs;
    config.sizePx = 64;
    return config;
}

/// Leaves a run with a checkpoint, as the engine does where something goes wrong.
Result<TrainReport> failedRun(std::shared_ptr<const Snapshot>, const TrainConfig &config, const TrainOutput &output, const TrainEvents &events, std::stop_token)
{
    sayCurves(events);
    RunReceipt receipt;
    receipt.started = "2025-03-09T14:05:59Z";
    receipt.config = config;
    receipt.status = RunStatus::Failed;
    std::filesystem::create_directories(output.runFolder);
    std::ofstream(output.runFolder / kReceiptFile) << toJson(receipt);
    std::ofstream(output.runFolder / kCheckpointFile) << "weights";
    return fail(ErrorCode::NoSpace, "The disk is full: free some space.");
}

/// Trains till the run has failed and stands in the list.
bool fails(TrainPage &page, const TestFolder &folder)
{
    page.setMaterial(materialIn(folder));
    page.recipe()->setConfig(teachingNet(30));
    page.start();
    return QTest::qWaitFor([&] { return page.controller()->state() == TrainingController::State::Failed && page.history()->runs().size() == 1; });
}

Button *closing(const NoticeBar &notice)
{
    const auto buttons = notice.findChildren<Button *>();
    return *std::ranges::find_if(buttons, [](const Button *button) { return button->accessibleName() == "Close this message"; });
}

/// As a hand does, near the edge that buttons of any width have in common.
void doubleClickRightOf(const QWidget &window, const QWidget &target)
{
    const QPoint place = target.mapTo(&window, QPoint(target.width() - 12, target.height() / 2));
    QTest::mouseDClick(window.windowHandle(), Qt::LeftButton, {}, place);
}

} // namespace

/// What a person sees of a run that ends, and reads of it meanwhile.
class TrainPageEndTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsSaidOfARunGoesWithTheNextOne()
    {
        const TestFolder folder;
        TrainPage page([](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            auto report = goodRun(snapshot, config, output, events, stop);
            if (config.epochs == 1)
                note(events, *report, "There are no pictures to validate with.");
            return report;
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.recipe()->setConfig(teachingNet(1));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QTRY_VERIFY(page.notice()->isVisible());
        page.setUpNew();
        QVERIFY(!page.notice()->isVisible());
        page.recipe()->setConfig(teachingNet(2));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(!page.notice()->isVisible());
    }

    void aWarningThatTrainingGoesOnGoesWhenItEnds()
    {
        const TestFolder folder;
        TrainPage page([](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            TrainReport told;
            events.onNote("The disk is full. Training goes on; should it be interrupted, it can go on from the last checkpoint.");
            note(events, told, "The curves lack some points.");
            auto report = endlessRun(snapshot, config, output, events, stop);
            report->receipt.notes = told.receipt.notes;
            return report;
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_VERIFY(page.notice()->isVisible() && page.notice()->text().contains("some points"));
        QVERIFY(page.notice()->text().contains("The disk is full"));
        QCOMPARE(page.notice()->kind(), NoticeBar::Kind::Warning);
        page.stop();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QCOMPARE(page.notice()->text(), "The curves lack some points.");
        QCOMPARE(page.notice()->kind(), NoticeBar::Kind::Information);
    }

    void aWarningThatHoldsNoMoreGoes()
    {
        const TestFolder folder;
        std::counting_semaphore<> isBetter(0);
        TrainPage page([&](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            events.onNote("3 pictures can't be read.");
            isBetter.acquire();
            events.onWithdrawn("3 pictures can't be read.");
            return endlessRun(snapshot, config, output, events, stop);
        });
        const auto letGo = qScopeGuard([&] { isBetter.release(); }); // before the page waits for it
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_VERIFY(page.notice()->isVisible() && page.notice()->text().contains("can't be read"));
        isBetter.release();
        QTRY_VERIFY(!page.notice()->isVisible());
    }

    void whatIsNotedOfAFailedRunIsAsItsReceiptHasIt()
    {
        const TestFolder folder;
        TrainPage page([](auto snapshot, const auto &config, const TrainOutput &output, const TrainEvents &events, std::stop_token stop) {
            events.onNote("There is no room for a checkpoint: training goes on.");
            events.onNote("The curves lack some points.");
            auto failed = failedRun(snapshot, config, output, events, stop);
            RunReceipt receipt = readRunSummary(output.runFolder)->receipt;
            receipt.notes = {"The curves lack some points."};
            std::ofstream(output.runFolder / kReceiptFile) << toJson(receipt);
            return failed;
        });
        showActive(page);
        QVERIFY(fails(page, folder));
        QCOMPARE(page.notice()->text(), "The curves lack some points.\nThe disk is full: free some space.");
    }

    void aResultThatOneClassAloneWouldReachIsCalledUseless()
    {
        const TestFolder folder;
        TrainPage page([](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            auto report = goodRun(snapshot, config, output, events, stop);
            report->test = TestScore{5, 10}; // of which 5 are cats
            return report;
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(page.findChild<ResultCard *>()->sentence().endsWith("No better than always saying cat (50.0\u00A0%)."));
    }

    void aFailedRunShowsItsSentence()
    {
        const TestFolder folder;
        TrainPage page([](auto &&...) -> Result<TrainReport> { return fail(ErrorCode::NoSpace, "The disk is full: free some space."); });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Failed);
        auto *notice = page.findChild<NoticeBar *>();
        QTRY_VERIFY(notice->isVisible());
        QCOMPARE(notice->text(), "The disk is full: free some space.");
        QVERIFY(button(page, "Start")->isEnabled());
    }

    void aNoticeThatWasClosedDoesNotComeBackWithTheNext()
    {
        const TestFolder folder;
        std::latch closed(1);
        TrainPage page([&](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            TrainReport told;
            note(events, told, "The curves lack some points.");
            closed.wait();
            note(events, told, "There are no pictures to validate with.");
            auto report = endlessRun(snapshot, config, output, events, stop);
            report->receipt.notes = told.receipt.notes;
            return report;
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_VERIFY(page.notice()->isVisible());
        QTest::mouseClick(closing(*page.notice()), Qt::LeftButton);
        QVERIFY(!page.notice()->isVisible());
        closed.count_down();
        QTRY_VERIFY(page.notice()->isVisible());
        QCOMPARE(page.notice()->text(), "There are no pictures to validate with.");
        page.stop();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QCOMPARE(page.notice()->text(), "There are no pictures to validate with.");
    }

    void escapeClosesTheNoticeThatHasTheFocusAndOnlyThenStops()
    {
        const TestFolder folder;
        TrainPage page([](auto snapshot, const auto &config, const auto &output, const TrainEvents &events, std::stop_token stop) {
            events.onNote("There are no pictures to validate with.");
            return endlessRun(snapshot, config, output, events, stop);
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_VERIFY(page.notice()->isVisible());
        closing(*page.notice())->setFocus();
        QTest::keyClick(page.focusWidget(), Qt::Key_Escape);
        QVERIFY(!page.notice()->isVisible());
        QCOMPARE(page.controller()->state(), TrainingController::State::Training);
        QTest::keyClick(page.focusWidget(), Qt::Key_Escape);
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
    }

    void escapeClosesAMessageOfTheCurvesToo()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Training);
        page.curves()->notice()->showNotice(NoticeBar::Kind::Good, "The curves were saved.");
        closing(*page.curves()->notice())->setFocus();
        QTest::keyClick(page.focusWidget(), Qt::Key_Escape);
        QVERIFY(!page.curves()->notice()->isVisible());
        QCOMPARE(page.controller()->state(), TrainingController::State::Training);
    }

    void aDoubleClickOnStartDoesNotStopTheRun()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        page.resize(1180, 760);
        showActive(page);
        page.setMaterial(materialIn(folder));
        doubleClickRightOf(page, *button(page, "Start"));
        QVERIFY(button(page, "Stop"));
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Training);
    }

    void aDoubleClickOnNewTrainingStartsNothing()
    {
        const TestFolder folder;
        int begun = 0;
        TrainPage page([&](auto &&...arguments) {
            ++begun;
            return goodRun(arguments...);
        });
        page.resize(1180, 760);
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        doubleClickRightOf(page, *button(page, "New training"));
        QVERIFY(button(page, "Start")); // under the mouse now
        QVERIFY(!page.controller()->isRunning());
        QCOMPARE(begun, 1);
        doubleClickRightOf(page, *button(page, "Start")); // that is meant
        QTRY_COMPARE(begun, 2);
    }

    void aRunThatWasValidatedOnFewerPicturesIsNotComparedWithAll()
    { // one that continues a model which had learnt from the others
        const TestFolder folder;
        TrainPage page([](auto, const TrainConfig &config, const TrainOutput &output, const TrainEvents &events, std::stop_token) -> Result<TrainReport> {
            sayCurves(events);
            leaveRun(output.runFolder);
            RunReceipt receipt = readRunSummary(output.runFolder)->receipt;
            receipt.config = config;
            receipt.validationImages = 4; // of 10
            std::ofstream(output.runFolder / kReceiptFile) << toJson(receipt);
            TrainReport report;
            report.validationAccuracy = 0.5;
            report.model = output.runFolder / kModelFile;
            return report;
        });
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_COMPARE(page.controller()->state(), TrainingController::State::Finished);
        QCOMPARE(page.findChild<ResultCard *>()->sentence(), "right on its validation pictures");
    }

    void aFailedRunThatWasDeletedIsNotToGoOn()
    {
        const TestFolder folder;
        TrainPage page(&failedRun);
        showActive(page);
        QVERIFY(fails(page, folder));
        QVERIFY(button(page, "Go on"));
        page.history()->remove({page.history()->runs().front().folder});
        QTRY_VERIFY(page.history()->runs().empty());
        QVERIFY(!button(page, "Go on"));
        QVERIFY(button(page, "Start"));
    }

    void aRunRefusedWhileAllRunsAreOnShowLeavesTheSetUp()
    {
        const TestFolder folder;
        std::latch looked(1);
        TrainPage page([&](auto snapshot, const auto &config, const TrainOutput &output, const TrainEvents &events, std::stop_token stop) -> Result<TrainReport> {
            if (!output.resume)
                return failedRun(snapshot, config, output, events, stop);
            looked.wait();
            return fail(ErrorCode::BadFormat, "The checkpoint is damaged.");
        });
        showActive(page);
        QVERIFY(fails(page, folder));
        page.goOn();
        QVERIFY(page.controller()->isRunning());
        page.showAllRuns();
        looked.count_down();
        QTRY_VERIFY(!page.controller()->isRunning());
        QTRY_COMPARE(page.notice()->text(), "The checkpoint is damaged.");
        page.leaveAllRuns();
        QVERIFY(button(page, "Start"));
    }

    void theTableOfARunThatGoesOnNamesIt()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.start();
        QTRY_VERIFY(page.controller()->points().size() == 22u);
        QSignalSpy saved(page.curves(), &RunCurves::saved);
        page.curves()->saveTable(folder / "curves.csv");
        QVERIFY(saved.wait());
        const std::string table = fileBytes(folder / "curves.csv");
        QVERIFY(table.contains("\n" + page.controller()->runFolder().filename().string() + ",training_loss,1,"));
    }
};

QTEST_MAIN(TrainPageEndTest)
#include "train_page_end_test.moc"
