#include "tests/support/test_folder.h"
#include "ui/train/material_card.h"
#include "ui/train/run_history.h"
#include "ui/train/run_list.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;
using whisker::test::TestFolder;

namespace {

RunReceipt receiptOf(const std::string &started)
{
    RunReceipt receipt;
    receipt.started = started;
    receipt.finished = started;
    receipt.status = RunStatus::Completed;
    receipt.seconds = 2.84;
    receipt.testCorrect = 54;
    receipt.testTotal = 55;
    return receipt;
}

void writeRun(const TestFolder &folder, const std::string &name, bool model)
{
    folder.write("runs/" + name + "/receipt.json", toJson(receiptOf("2025-03-0" + name.substr(name.size() - 1) + "T12:00:00Z")));
    folder.write("runs/" + name + "/metrics.jsonl", "");
    if (model)
        folder.write("runs/" + name + "/model.safetensors", "weights");
}

} // namespace

class RunHistoryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatChangedSinceTheLastTraining()
    {
        QCOMPARE(changesText({}, "13:58 quick"), "");
        QCOMPARE(changesText({.added = 120, .relabelled = 14}, "13:58 quick"), "Since the run of 13:58 quick: 120 pictures added, 14 labels changed.");
        QCOMPARE(changesText({.removed = 1, .moved = 1}, "13:58 quick"), "Since the run of 13:58 quick: 1 picture removed, 1 picture in another split.");
    }

    void findsWhatChangedSinceTheNewestCompletedRun()
    {
        const TestFolder folder;
        folder.write("runs/one/receipt.json", toJson(receiptOf("2025-03-09T14:05:59Z")));
        Snapshot then{{"cat", "dog"}, {{"/a.jpg", 0, Split::Train, {1, 1}}, {"/b.jpg", 1, Split::Train, {2, 2}}}};
        sortEntries(then);
        QVERIFY(writeSnapshot(folder / "runs/one" / kSnapshotFile, then));
        Snapshot now = then;
        now.entries[0].label = 1 - now.entries[0].label;
        now.entries.push_back({"/c.jpg", 0, Split::Train, {3, 3}});
        sortEntries(now);
        RunHistory history;
        std::optional<SnapshotChanges> found;
        connect(&history, &RunHistory::changesFound, &history, [&](const SnapshotChanges &changes) { found = changes; });
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 1u);
        history.findChanges(std::make_shared<const Snapshot>(now));
        QTRY_VERIFY(found);
        QVERIFY((*found == SnapshotChanges{.added = 1, .relabelled = 1}));
    }

    void aRunThatLostItsSnapshotIsNotTheOneToContinueFrom()
    {
        const TestFolder folder;
        for (const char *name : {"run-1", "run-2", "run-3"})
            writeRun(folder, name, true);
        QVERIFY(writeSnapshot(folder / "runs/run-1" / kSnapshotFile, {}));
        QVERIFY(writeSnapshot(folder / "runs/run-2" / kSnapshotFile, {}));
        RunHistory history;
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 3u);
        QVERIFY(history.lastCompleted());
        QCOMPARE(history.lastCompleted()->folder, folder / "runs/run-2");
    }

    void whatWasToBeDeletedIsDeletedThoughAllIsClosedAtOnce()
    {
        const TestFolder folder;
        for (const char *name : {"run-1", "run-2", "run-3"})
            writeRun(folder, name, true);
        {
            RunHistory history;
            history.setRunsFolder(folder / "runs");
            history.remove({folder / "runs/run-1", folder / "runs/run-3"});
        }
        QVERIFY(!std::filesystem::exists(folder / "runs/run-1") && !std::filesystem::exists(folder / "runs/run-3"));
        QVERIFY(std::filesystem::exists(folder / "runs/run-2/receipt.json"));
    }

    void aDamagedSnapshotLeavesNothingToSay()
    {
        const TestFolder folder;
        folder.write("runs/one/receipt.json", toJson(receiptOf("2025-03-09T14:05:59Z")));
        folder.write("runs/one/snapshot.json", "{");
        RunHistory history;
        QSignalSpy changes(&history, &RunHistory::changesFound);
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 1u);
        history.findChanges(std::make_shared<const Snapshot>());
        QTRY_COMPARE(changes.count(), 1);
        QVERIFY(!qvariant_cast<SnapshotChanges>(changes[0][0]).any());
    }

    void withoutACompletedRunNothingHasChanged()
    {
        const TestFolder folder;
        RunReceipt stopped = receiptOf("2025-03-09T14:05:59Z");
        stopped.status = RunStatus::Stopped;
        folder.write("runs/one/receipt.json", toJson(stopped));
        RunHistory history;
        QSignalSpy changes(&history, &RunHistory::changesFound);
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 1u);
        QCOMPARE(history.lastCompleted(), nullptr);
        history.findChanges(std::make_shared<const Snapshot>(Snapshot{{"cat"}, {{"/a.jpg", 0, Split::Train, {1, 1}}}}));
        QCOMPARE(changes.count(), 1);
        QVERIFY(!qvariant_cast<SnapshotChanges>(changes[0][0]).any());
    }

    void readsTheRunsOfAFolder()
    {
        const TestFolder folder;
        writeRun(folder, "2025-03-01", true);
        writeRun(folder, "2025-03-02", true);
        writeRun(folder, "2025-03-03", false);
        RunHistory history;
        QSignalSpy changed(&history, &RunHistory::runsChanged);
        history.setRunsFolder(folder / "runs");
        QTRY_COMPARE(history.runs().size(), 3u);
        QCOMPARE(history.runs().front().folder.filename(), "2025-03-03");
    }

    void aFolderThatWasLeftIsForgotten()
    {
        const TestFolder folder;
        writeRun(folder, "2025-03-01", true);
        RunHistory history;
        history.setRunsFolder(folder / "runs");
        history.setRunsFolder(folder / "other");
        QSignalSpy changed(&history, &RunHistory::runsChanged);
        QVERIFY(changed.wait()); // of the other folder
        QVERIFY(history.runs().empty());
    }

    void aRunThatCannotBeReadTellsASentence()
    {
        const TestFolder folder;
        RunHistory history;
        history.setRunsFolder(folder.path());
        QSignalSpy failed(&history, &RunHistory::failed);
        history.readCurves(folder / "gone");
        QVERIFY(failed.wait());
        QVERIFY(!failed[0][0].toString().isEmpty());
    }

    void canBeDestroyedWhileItReads()
    {
        const TestFolder folder;
        writeRun(folder, "2025-03-01", true);
        RunHistory history;
        for (int i = 0; i < 20; ++i)
            history.readCurves(folder / "runs/2025-03-01");
    }

    void aLineSaysWhenHowLongAndHowGood()
    {
        RunSummary run;
        run.receipt = receiptOf("2025-03-09T12:00:00Z");
        const QDateTime now = QDateTime::fromString("2025-03-09T12:05:00Z", Qt::ISODate).toLocalTime();
        const RunLine line = runLine(run, now);
        QVERIFY(line.name.endsWith("quick"));
        QCOMPARE(line.state, "2.8 s");
        QCOMPARE(line.figure(), "98.2 % test");
        run.receipt.testTotal = 0;
        run.receipt.validationAccuracy = 0.973;
        QCOMPARE(runLine(run, now).figure(), "97.3 % val");
        QVERIFY(runLine(run, now).toolTip.endsWith("it was not tested"));
        run.receipt.validationAccuracy.reset();
        QCOMPARE(runLine(run, now).figure(), "");
    }

    void theListKeepsItsSelectionWhileTheRunningLineChanges()
    {
        RunList list;
        const QAbstractItemModelTester tester(list.model());
        RunSummary run;
        run.folder = "runs/a";
        run.receipt = receiptOf("2025-03-09T12:00:00Z");
        list.setRuns({run});
        RunLine running;
        running.name = "now quick";
        list.setRunning(running);
        list.setCurrentIndex(list.model()->index(1, 0));
        running.accuracy = "97.3 %";
        list.setRunning(running);
        QCOMPARE(list.currentIndex().row(), 1);
        list.setRunning(std::nullopt);
        QCOMPARE(list.lineCount(), 1);
    }
};

QTEST_MAIN(RunHistoryTest)
#include "run_history_test.moc"
