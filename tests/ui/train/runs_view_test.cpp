#include "engine/data/snapshot_file.h"
#include "engine/train/run_notes.h"
#include "tests/ui/active_window.h"
#include "tests/ui/train/written_runs.h"
#include "ui/train/comparison_view.h"
#include "ui/train/note_editor.h"
#include "ui/train/receipt_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_history.h"
#include "ui/train/runs_table.h"
#include "ui/train/runs_view.h"
#include "widgets/buttons.h"
#include "widgets/curve_plot.h"
#include "widgets/fact_sheet.h"
#include "widgets/selection_bar.h"

#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <fstream>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A view of the runs in a folder.
struct Room {
    explicit Room(const TestFolder &folder)
    {
        view.resize(1100, 700);
        showActive(view);
        history.setRunsFolder(folder / "runs");
        QVERIFY(QTest::qWaitFor([&] { return history.isRead(); }));
        view.enter({});
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(view.table(), key, modifiers); }
    QStringList buttons() const
    {
        QStringList texts;
        for (const Button *button : view.bar()->buttons())
            texts.append(button->text());
        return texts;
    }
    bool compares()
    {
        view.table()->selectAll();
        key(Qt::Key_C);
        return QTest::qWaitFor([&] { return view.showsComparison(); });
    }

    RunHistory history;
    RunsView view{history};
};

/// Two runs of the same settings on the same data.
void writeTwo(const TestFolder &folder, std::size_t right = 54, std::size_t rightLater = 54)
{
    writeRun(folder, "one", receiptOfDay(1, right));
    writeRun(folder, "two", receiptOfDay(2, rightLater));
}

} // namespace

class RunsViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutRunsItSaysWhatStandsHere()
    {
        const TestFolder folder;
        Room room(folder);
        QSignalSpy setup(&room.view, &RunsView::setupWanted);
        auto *button = qobject_cast<Button *>(room.view.focusTarget());
        QVERIFY(button);
        button->click();
        QCOMPARE(setup.count(), 1);
        QCOMPARE(room.view.detail(), "");
    }

    void theChosenRunShowsItsReceiptInWords()
    {
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(1, 54);
        receipt.notes = {"The disk is nearly full."};
        receipt.cycles = {{0, 10}, {170, 20}};
        writeRun(folder, "one", receipt);
        Room room(folder);
        const FactSheet &facts = *room.view.receipt()->facts();
        QCOMPARE(facts.value("Test"), "98.2 % (54 of 55)");
        QCOMPARE(facts.value("Training pictures"), "259");
        QCOMPARE(facts.value("Snapshot"), "0123456789ab");
        QCOMPARE(facts.value("Optimizer"), "AdamW");
        QCOMPARE(facts.value("Momentum"), ""); // plays no part
        QCOMPARE(facts.value("Device"), "CPU, 2 threads, bf16");
        QCOMPARE(facts.value("Made longer"), "from 10 to 20 epochs");
        QCOMPARE(room.view.receipt()->remarks(), "The disk is nearly full.");
        QCOMPARE(room.view.title(), "Runs");
        QCOMPARE(room.view.detail(), "1");
    }

    void theReceiptOfAnotherRunBeginsAtItsTop()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        room.view.resize(900, 480);
        QScrollBar *bar = room.view.receipt()->findChild<QScrollArea *>()->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0);
        const FactSheet &facts = *room.view.receipt()->facts();
        QVERIFY2(bar->maximum() < facts.heightForWidth(facts.width()), qPrintable(QString::number(bar->maximum()))); // no way into emptiness
        bar->setValue(bar->maximum());
        room.view.table()->choose(folder / "runs/one");
        QCOMPARE(bar->value(), 0);
    }

    void theTableIsAsHighAsItsRowsUpToHalfOfTheView()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        const int few = room.view.table()->height();
        QTRY_COMPARE(room.view.table()->height(), room.view.table()->sizeHint().height());
        for (int day = 3; day <= 20; ++day)
            writeRun(folder, std::to_string(day), receiptOfDay(day, 50));
        room.view.enter({});
        QTRY_VERIFY(room.view.table()->height() > few + 100);
        QVERIFY(room.view.receipt()->height() > room.view.height() / 3);
    }

    void whyARunFailedStandsOnItsReceipt()
    {
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(1, 54);
        receipt.status = RunStatus::Failed;
        receipt.testTotal.reset();
        receipt.message = "Nothing could be read.";
        writeRun(folder, "one", receipt);
        Room room(folder);
        QCOMPARE(room.view.receipt()->remarks(), "Nothing could be read.");
        QCOMPARE(room.view.receipt()->facts()->value("Status"), "failed");
    }

    void whatCanBeDoneFollowsTheSelection()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        QVERIFY(room.buttons().contains("Show curves") && room.buttons().contains("Compare with..."));
        QVERIFY(!room.view.bar()->buttons()[3]->isEnabled()); // there is no model to try
        room.key(Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(room.buttons(), QStringList({"Compare", "Delete"}));
        QSignalSpy removal(&room.view, &RunsView::removalWanted);
        room.key(Qt::Key_Delete);
        QCOMPARE(qvariant_cast<std::vector<std::filesystem::path>>(removal[0][0]).size(), 2u);
        room.view.table()->clearSelection();
        QVERIFY(!room.view.bar()->isVisible());
    }

    void keysInTheTableAskForWhatTheirButtonsDo()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "one", receiptOfDay(1, 54));
        folder.write("runs/one/model.safetensors", "weights");
        Room room(folder);
        QSignalSpy show(&room.view, &RunsView::showWanted), lay(&room.view, &RunsView::overlayWanted), again(&room.view, &RunsView::repeatWanted);
        QSignalSpy tries(&room.view, &RunsView::tryWanted), opens(&room.view, &RunsView::folderWanted);
        for (const Qt::Key key : {Qt::Key_Return, Qt::Key_O, Qt::Key_R, Qt::Key_T, Qt::Key_F})
            room.key(key);
        for (const QSignalSpy *spy : {&show, &lay, &again, &opens}) {
            QCOMPARE(spy->count(), 1);
            QCOMPARE(qvariant_cast<std::filesystem::path>(spy->at(0)[0]), run);
        }
        QCOMPARE(qvariant_cast<std::filesystem::path>(tries.at(0)[0]), run / kModelFile);
    }

    void nothingIsRepeatedOrDeletedWhileItRuns()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "one", receiptOfDay(1, 54));
        Room room(folder);
        RunSummary running = room.history.runs().front();
        running.folder = folder / "runs/now";
        running.underWay = true;
        room.view.setRunning(running);
        room.view.table()->choose(run);
        QSignalSpy again(&room.view, &RunsView::repeatWanted), removal(&room.view, &RunsView::removalWanted), show(&room.view, &RunsView::showWanted);
        room.key(Qt::Key_R);
        QCOMPARE(again.count(), 0); // one at a time
        room.view.table()->choose(running.folder);
        room.key(Qt::Key_Delete);
        QCOMPARE(removal.count(), 0);
        room.key(Qt::Key_Return);
        QVERIFY(qvariant_cast<std::filesystem::path>(show.at(0)[0]).empty()); // the one on show
    }

    void aNoteIsWrittenBesideItsRunAndInTheTable()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        const auto run = room.view.table()->currentRun()->folder;
        room.key(Qt::Key_N);
        auto *field = room.view.receipt()->note()->field();
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, "Rotated, Delete me"); // letters that are keys in the table
        room.view.back();
        QVERIFY(room.view.table()->hasFocus());
        const int row = room.view.table()->order()->rowOf(run);
        QCOMPARE(room.view.table()->order()->index(row, RunsTableModel::Note).data().toString(), "Rotated, Delete me");
        QTRY_COMPARE(readRunNote(run), "Rotated, Delete me");
        QTRY_COMPARE(room.view.receipt()->note()->message(), "Kept");
    }

    void notesAreKeptWhereRunsAreChosenQuickly()
    {
        const TestFolder folder;
        for (int day = 1; day <= 9; ++day)
            writeRun(folder, std::to_string(day), receiptOfDay(day, 50));
        {
            Room room(folder);
            for (int day = 9; day >= 1; --day) {
                room.view.receipt()->note()->field()->insertPlainText(QString("note %1").arg(day));
                room.key(Qt::Key_Down);
            }
        }
        for (int day = 1; day <= 9; ++day)
            QCOMPARE(readRunNote(folder / "runs" / std::to_string(day)), "note " + std::to_string(day));
    }

    void whatIsBeingTypedIsKeptWhenTheWindowCloses()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "one", receiptOfDay(1, 54));
        {
            Room room(folder);
            room.view.receipt()->note()->field()->insertPlainText("in the last moment");
            room.view.keepNotes();
        }
        QCOMPARE(readRunNote(run), "in the last moment");
    }

    void twoRunsAreComparedInWordsAndCurves()
    {
        const TestFolder folder;
        writeRun(folder, "one", receiptOfDay(1, 45));
        RunReceipt other = receiptOfDay(2, 54);
        other.config.epochs = 40;
        writeRun(folder, "two", other);
        Room room(folder);
        QVERIFY(room.compares());
        const ComparisonView &view = *room.view.comparison();
        QVERIFY2(view.sentences().contains("Settings that differ: Epochs"), qPrintable(view.sentences()));
        QVERIFY2(view.sentences().contains("hardly chance") || view.sentences().contains("probably not chance"), qPrintable(view.sentences()));
        QVERIFY(!view.sentences().contains("qual bit for bit")); // other settings
        QCOMPARE(view.facts()->value("Test", 0), "81.8 % (45 of 55)"); // the older one first
        QCOMPARE(view.facts()->value("Test", 1), "98.2 % (54 of 55)");
        QCOMPARE(view.curves()->loss()->pointCount("training"), 1);
        QCOMPARE(view.curves()->loss()->pointCount("overlay/0"), 1);
        QVERIFY(view.curves()->takeOffButtons().empty()); // there would be nothing to compare
        QCOMPARE(room.view.title(), "Two runs compared");
        room.view.back();
        QVERIFY(!room.view.showsComparison());
        QVERIFY(room.view.table()->hasFocus());
    }

    void oneRunIsComparedWithAnotherFromAMenu()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        room.key(Qt::Key_C);
        QTRY_VERIFY(room.view.compareMenu()->isVisible());
        QCOMPARE(room.view.compareMenu()->actions().size(), 1);
        room.view.compareMenu()->actions().front()->trigger();
        QTRY_VERIFY(room.view.showsComparison());
        room.view.compareMenu()->hide();
    }

    void runsOfTheSameSettingsAndDataAreHeldAgainstEachOther()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        QVERIFY(room.compares());
        const QString same = room.view.comparison()->sentences();
        QVERIFY2(same.startsWith("All points of the curves are the same"), qPrintable(same)); // they left no models
        room.view.back();
        std::ofstream(folder / "runs/two" / kMetricsFile) << "{\"series\":\"training_loss\",\"step\":1,\"epoch\":1.0,\"value\":0.8}\n";
        QVERIFY(room.compares());
        QVERIFY(room.view.comparison()->sentences().startsWith("Not equal"));
    }

    void runsOfTheSameMinuteHaveOtherNames()
    {
        const TestFolder folder;
        writeRun(folder, "one", receiptOfDay(1, 54));
        writeRun(folder, "two", receiptOfDay(1, 53));
        Room room(folder);
        QVERIFY(room.compares());
        QCOMPARE(room.view.comparison()->names(), "one and two");
    }

    void aRunThatIsGoneWhenItIsComparedIsToldInASentence()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        std::filesystem::remove_all(folder / "runs/one");
        QSignalSpy failed(&room.history, &RunHistory::failed);
        room.view.table()->selectAll();
        room.key(Qt::Key_C);
        QVERIFY(failed.wait());
        QVERIFY(!failed[0][0].toString().isEmpty());
        QVERIFY(!room.view.showsComparison());
    }

    void aRunThatIsDeletedWhileItIsShownGoesFromEverywhere()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        QVERIFY(room.compares());
        room.history.remove({folder / "runs/two"});
        QTRY_VERIFY(!room.view.showsComparison());
        QTRY_COMPARE(room.view.table()->order()->rowCount(), 1);
        QCOMPARE(room.view.table()->selectedRuns(), std::vector<std::filesystem::path>{folder / "runs/one"});
        room.history.remove({folder / "runs/one"});
        QTRY_COMPARE(room.view.table()->order()->rowCount(), 0);
        QVERIFY(qobject_cast<Button *>(room.view.focusTarget())); // of the empty state
    }

    void leavingWhileTwoAreReadShowsNothingLater()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        room.view.table()->selectAll();
        QSignalSpy compared(&room.history, &RunHistory::compared), left(&room.view, &RunsView::left);
        room.key(Qt::Key_C);
        room.view.back();
        QCOMPARE(left.count(), 1);
        QTRY_COMPARE(compared.count(), 1);
        QVERIFY(!room.view.showsComparison());
    }

    void canBeDestroyedWhileTwoAreRead()
    {
        const TestFolder folder;
        writeTwo(folder);
        Room room(folder);
        for (int i = 0; i < 20; ++i)
            room.history.compare(folder / "runs/one", folder / "runs/two");
    }
};

QTEST_MAIN(RunsViewTest)
#include "runs_view_test.moc"
