#include "tests/ui/active_window.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/shown_run.h"
#include "tests/ui/train/told_runs.h"
#include "tests/ui/train/written_runs.h"
#include "ui/project_session.h"
#include "ui/train/note_editor.h"
#include "ui/train/receipt_card.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/runs_table.h"
#include "ui/train/runs_view.h"
#include "ui/train/setup_sheet.h"
#include "ui/train/train_page.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr auto kReason = "This project is open for reading only";

TrainingMaterial readOnly(const TestFolder &folder)
{
    TrainingMaterial material = materialIn(folder, kReason);
    material.readOnly = true;
    return material;
}

/// The runs that a page finds where nothing can be written.
struct Runs {
    explicit Runs(RunStatus status)
    {
        RunReceipt receipt = receiptOfDay(9, 54);
        receipt.status = status;
        run = writeRun(folder, "run", receipt);
        folder.write("runs/run/checkpoint.safetensors", "weights");
        showActive(page);
        page.setMaterial(readOnly(folder));
    }
    bool shows() { return showsRun(page, run); }
    bool saysWhy() const { return page.notice()->isVisible() && page.notice()->text() == kReason; }

    const TestFolder folder;
    std::filesystem::path run;
    TrainPage page{&endlessRun};
};

} // namespace

/// A project that can't be written: nothing is trained in it, and the page says so before anybody tries.
class TrainPageReadOnlyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aProjectOpenInAnotherWindowStartsNothing()
    {
        const TestFolder folder;
        ProjectSession other, session;
        QVERIFY(openWith(other, folder, {drawPictures(folder, "cat", 20), drawPictures(folder, "dog", 20)}));
        TrainPage page(&endlessRun);
        showActive(page);
        page.followSession(session);
        session.openForReading(folder / "project");
        QTRY_VERIFY(button(page, "Start") && button(page, "Start")->toolTip().startsWith(kReason));
        QVERIFY(!button(page, "Start")->isEnabled());
        QVERIFY(!page.notice()->isVisible()); // the window has said so above the page
        QTest::keyClick(&page, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(page.notice()->isVisible()); // somebody tries all the same
        QCOMPARE(page.notice()->text(), button(page, "Start")->toolTip());
        page.start();
        QVERIFY(!page.controller()->isRunning());
        QVERIFY(!std::filesystem::exists(folder / "project" / "runs"));
    }

    void theOtherWindowMayTrainInIt()
    {
        const TestFolder folder;
        ProjectSession session;
        QVERIFY(openWith(session, folder, {drawPictures(folder, "cat", 20), drawPictures(folder, "dog", 20)}));
        TrainPage page(&endlessRun);
        showActive(page);
        page.followSession(session);
        QTRY_VERIFY(button(page, "Start") && button(page, "Start")->isEnabled());
        QVERIFY(!page.notice()->isVisible());
    }

    void whatTheNetworkSeesIsShownAllTheSame()
    {
        const TestFolder folder;
        TrainPage page(&endlessRun);
        showActive(page);
        TrainingMaterial material = readOnly(folder);
        Snapshot snapshot = *material.snapshot;
        drawPictures(folder, "cat", 1);
        for (SnapshotEntry &entry : snapshot.entries)
            entry.file = folder / "cat/cat0.png";
        material.snapshot = std::make_shared<const Snapshot>(snapshot);
        page.setMaterial(material);
        page.recipe()->setConfig(recommendedConfig(TrainMode::Scratch));
        QTRY_COMPARE_WITH_TIMEOUT(page.recipe()->sheet()->variants().size(), std::size_t(SheetMaker::kVariants), 20'000);
    }

    void aRunIsNotGoneOnWith_data()
    {
        QTest::addColumn<RunStatus>("status");
        QTest::addColumn<QString>("offered");
        QTest::newRow("stopped") << RunStatus::Stopped << "Go on";
        QTest::newRow("broken off") << RunStatus::Unfinished << "Go on";
        QTest::newRow("finished") << RunStatus::Completed << "More epochs";
    }
    void aRunIsNotGoneOnWith()
    {
        QFETCH(RunStatus, status);
        QFETCH(QString, offered);
        Runs runs(status);
        QVERIFY(runs.shows());
        QVERIFY(!runs.page.offer()->isVisible());
        QVERIFY(!button(runs.page, offered)->isEnabled());
        QCOMPARE(button(runs.page, offered)->toolTip(), kReason);
        QVERIFY(!runs.saysWhy()); // on the page of a run it is asked for first
        status == RunStatus::Completed ? runs.page.trainMore(5) : runs.page.goOn();
        QVERIFY(runs.saysWhy());
        QVERIFY(!runs.page.controller()->isRunning());
    }

    void aRunIsNotRepeated()
    {
        Runs runs(RunStatus::Completed);
        QVERIFY(runs.shows());
        QSignalSpy planned(runs.page.history(), &RunHistory::repeatPlanned);
        runs.page.repeat(runs.run);
        QVERIFY(runs.saysWhy());
        QVERIFY(runs.shows()); // the history answers in order
        QCOMPARE(planned.count(), 0);
        QVERIFY(!runs.page.controller()->isRunning());
    }

    void itsRunsCanBeReadButNotChanged()
    {
        Runs runs(RunStatus::Completed);
        QVERIFY(runs.shows());
        runs.page.showAllRuns();
        auto *table = runs.page.allRuns()->table();
        QTRY_COMPARE(table->order()->rowCount(), 1);
        for (const Qt::Key key : {Qt::Key_Delete, Qt::Key_R})
            QTest::keyClick(table, key);
        QVERIFY(!runs.page.offer()->isVisible());
        QVERIFY(!runs.page.controller()->isRunning());
        QPlainTextEdit *note = runs.page.allRuns()->receipt()->note()->field();
        QTest::keyClicks(note, "mine");
        QCOMPARE(note->toPlainText(), QString());
        runs.page.setMaterial(materialIn(runs.folder));
        QTest::keyClicks(note, "mine");
        QCOMPARE(note->toPlainText(), "mine");
    }

    void onceItCanBeWrittenTheRunIsOffered()
    {
        Runs runs(RunStatus::Completed);
        QVERIFY(runs.shows());
        RunReceipt left = receiptOfDay(9, 54); // by the window that had it open, and has been closed
        left.status = RunStatus::Unfinished;
        runs.folder.write(runs.run / kReceiptFile, toJson(left));
        runs.page.setMaterial(materialIn(runs.folder));
        QVERIFY(!runs.saysWhy());
        QTRY_VERIFY(runs.page.offer()->isVisible());
        QVERIFY(runs.page.offer()->text().contains("was broken off"));
    }
};

QTEST_MAIN(TrainPageReadOnlyTest)
#include "train_page_read_only_test.moc"
