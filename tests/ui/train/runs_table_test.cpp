#include "tests/ui/active_window.h"
#include "tests/ui/train/written_runs.h"
#include "ui/train/runs_table.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QMenu>
#include <QSignalSpy>

using namespace whisker;
using namespace whisker::test;

namespace {

RunSummary runOfDay(int day, std::size_t right = 50)
{
    RunSummary run;
    run.folder = "runs/" + std::to_string(day);
    run.receipt = receiptOfDay(day, right);
    return run;
}

QString cell(const RunsTable &table, int row, RunsTableModel::Column column, int role = Qt::DisplayRole)
{
    return table.order()->index(row, column).data(role).toString();
}

QStringList column(const RunsTable &table, RunsTableModel::Column column)
{
    QStringList texts;
    for (int row = 0; row < table.order()->rowCount(); ++row)
        texts.append(cell(table, row, column));
    return texts;
}

} // namespace

class RunsTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsWhatARunWas()
    {
        RunsTable table;
        RunSummary run = runOfDay(9, 54);
        run.note = "Brighter pictures\nand more";
        table.runs()->setRuns({run});
        QVERIFY(cell(table, 0, RunsTableModel::Started).contains("2025"));
        QCOMPARE(cell(table, 0, RunsTableModel::Way), "scratch");
        QCOMPARE(cell(table, 0, RunsTableModel::Pictures), "259");
        QCOMPARE(cell(table, 0, RunsTableModel::Epochs), "20");
        QCOMPARE(cell(table, 0, RunsTableModel::Validation), "97.3 %");
        QCOMPARE(cell(table, 0, RunsTableModel::Test), "98.2 %");
        QCOMPARE(cell(table, 0, RunsTableModel::Test, RunsTableModel::DetailRole), "54 / 55");
        QCOMPARE(cell(table, 0, RunsTableModel::Took), "42 s");
        QCOMPARE(cell(table, 0, RunsTableModel::Speed), "410 img/s");
        QCOMPARE(cell(table, 0, RunsTableModel::Device), "CPU, 2 threads, bf16");
        QCOMPARE(cell(table, 0, RunsTableModel::Note), "Brighter pictures");
        QVERIFY(cell(table, 0, RunsTableModel::Note, Qt::ToolTipRole).contains("and more"));
    }

    void aRunWithoutTestSaysWhy()
    {
        RunsTable table;
        RunSummary stopped = runOfDay(1), failed = runOfDay(2);
        for (RunSummary *run : {&stopped, &failed})
            run->receipt.testTotal.reset();
        stopped.receipt.status = RunStatus::Stopped;
        failed.receipt.status = RunStatus::Failed;
        failed.receipt.message = "The disk is full.";
        table.runs()->setRuns({failed, stopped});
        QCOMPARE(column(table, RunsTableModel::Test), QStringList({"failed", "stopped"}));
        QVERIFY(cell(table, 0, RunsTableModel::Test, Qt::ToolTipRole).contains("The disk is full."));
    }

    void isSortedByNumbersAndWhatHasNoneStandsLast()
    {
        RunsTable table;
        RunSummary none = runOfDay(3);
        none.receipt.testTotal.reset();
        table.runs()->setRuns({runOfDay(4, 9), none, runOfDay(2, 54), runOfDay(1, 30)});
        QCOMPARE(table.order()->at(0).folder, "runs/4"); // the newest
        table.sortByColumn(RunsTableModel::Test, Qt::DescendingOrder);
        QCOMPARE(column(table, RunsTableModel::Test), QStringList({"98.2 %", "54.5 %", "16.4 %", ""}));
        table.sortByColumn(RunsTableModel::Test, Qt::AscendingOrder);
        QCOMPARE(column(table, RunsTableModel::Test), QStringList({"16.4 %", "54.5 %", "98.2 %", ""}));
    }

    void theRunThatGoesOnStandsOnTopInAnyOrder()
    {
        RunsTable table;
        table.runs()->setRuns({runOfDay(3, 55), runOfDay(2)});
        RunSummary running = runOfDay(1);
        running.receipt.testTotal.reset();
        running.underWay = true;
        running.receipt.epochs = 3;
        table.runs()->setRunning(running);
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            table.sortByColumn(RunsTableModel::Test, order);
            QCOMPARE(cell(table, 0, RunsTableModel::Test), "running");
            QCOMPARE(cell(table, 0, RunsTableModel::Epochs), "3 / 20");
        }
        table.runs()->setRuns({runOfDay(3), runOfDay(2), running}); // the list knows it too
        QCOMPARE(table.order()->rowCount(), 3);
        table.runs()->setRunning(std::nullopt);
        QCOMPARE(table.order()->rowCount(), 3);
    }

    void whatIsChosenStaysChosenWhileRunsComeAndGo()
    {
        RunsTable table;
        const QAbstractItemModelTester tester(table.runs());
        table.runs()->setRuns({runOfDay(3), runOfDay(2), runOfDay(1)});
        table.choose("runs/2");
        table.runs()->setRuns({runOfDay(5), runOfDay(4), runOfDay(2), runOfDay(1)});
        QCOMPARE(table.selectedRuns(), std::vector<std::filesystem::path>{"runs/2"});
        RunSummary running = runOfDay(6);
        running.underWay = true;
        table.runs()->setRunning(running);
        QCOMPARE(table.currentRun()->folder, "runs/2");
        table.runs()->setRuns({runOfDay(1), runOfDay(2)}); // turned round
        QCOMPARE(table.selectedRuns(), std::vector<std::filesystem::path>{"runs/2"});
        table.runs()->setRuns({});
        table.runs()->setRunning(std::nullopt);
        QCOMPARE(table.currentRun(), nullptr);
    }

    void theKeyboardMovesSelectsSeveralAndSorts()
    {
        RunsTable table;
        table.resize(1100, 300);
        table.runs()->setRuns({runOfDay(3, 10), runOfDay(2, 30), runOfDay(1, 20)});
        showActive(table);
        table.setFocus();
        table.choose("runs/3");
        QTest::keyClick(&table, Qt::Key_Down);
        QCOMPARE(table.currentRun()->folder, "runs/2");
        QTest::keyClick(&table, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(table.selectedRuns().size(), 2u);
        const auto *menu = table.makeSortMenu();
        QSignalSpy sorted(&table, &RunsTable::sortChanged);
        menu->actions()[RunsTableModel::Test]->trigger();
        QCOMPARE(table.sortText(), "Test");
        QCOMPARE(sorted.count(), 1);
        QCOMPARE(table.order()->at(0).folder, "runs/2"); // the best first
        menu->actions()[RunsTableModel::Test]->trigger();
        QCOMPARE(table.order()->at(0).folder, "runs/3");
    }

    void whereThereIsLittleRoomTheNoteStaysAndOthersGo()
    {
        RunsTable table;
        table.runs()->setRuns({runOfDay(1)});
        table.show();
        table.resize(1200, 200);
        QVERIFY(!table.isColumnHidden(RunsTableModel::Device));
        table.resize(760, 200);
        QVERIFY(table.isColumnHidden(RunsTableModel::Device));
        for (const auto column : {RunsTableModel::Started, RunsTableModel::Test, RunsTableModel::Note})
            QVERIFY(!table.isColumnHidden(column));
        QVERIFY(table.columnWidth(RunsTableModel::Note) >= 100);
        table.resize(1200, 200);
        QVERIFY(!table.isColumnHidden(RunsTableModel::Device));
    }

    void aThousandRunsComeAndGoOneByOne()
    {
        RunsTable table;
        std::vector<RunSummary> runs;
        for (int i = 0; i < 1000; ++i) {
            runs.push_back(runOfDay(1 + i % 28, std::size_t(i % 56)));
            runs.back().folder = "runs/" + std::to_string(i);
        }
        table.resize(1100, 400);
        table.show();
        table.runs()->setRuns(runs);
        table.choose("runs/500");
        QCOMPARE(table.currentRun()->folder, "runs/500");
        QCOMPARE(table.selectedRuns().size(), 1u);
        table.sortByColumn(RunsTableModel::Test, Qt::DescendingOrder);
        QCOMPARE(table.selectedRuns().size(), 1u);
        for (int i = 0; i < 20; ++i) {
            runs.erase(runs.begin());
            table.runs()->setRuns(runs);
            QCOMPARE(table.selectedRuns().size(), 1u);
        }
        QCOMPARE(table.order()->rowCount(), 980);
        QCOMPARE(table.selectedRuns(), std::vector<std::filesystem::path>{"runs/500"});
        table.grab();
    }
};

QTEST_MAIN(RunsTableTest)
#include "runs_table_test.moc"
