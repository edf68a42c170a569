#include "engine/data/snapshot_file.h"
#include "tests/ui/active_window.h"
#include "tests/ui/train/endless_run.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/shown_run.h"
#include "tests/ui/train/written_runs.h"
#include "ui/train/result_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_list.h"
#include "ui/train/train_page.h"
#include "widgets/curve_plot.h"
#include "widgets/figure_row.h"
#include "widgets/page_header.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QScopeGuard>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <semaphore>

using namespace whisker;
using namespace whisker::test;

namespace {

Result<TrainReport> untilStopped(std::shared_ptr<const Snapshot>, const TrainConfig &, const TrainOutput &, const TrainEvents &, std::stop_token stop)
{
    return waitUntilStopped(std::move(stop));
}

/// A page of a project that has the runs of `folder`.
class Past {
public:
    explicit Past(const TestFolder &folder, TrainFunction train = &untilStopped) : page(std::move(train))
    {
        showActive(page);
        TrainingMaterial material;
        material.runsFolder = folder / "runs";
        material.snapshot = std::make_shared<const Snapshot>(Snapshot{{"cat", "dog"}, {{"a.jpg", 0, Split::Train, {}}, {"b.jpg", 1, Split::Train, {}}}});
        page.setMaterial(material);
    }

    bool listed(std::size_t runs) { return QTest::qWaitFor([&] { return page.history()->runs().size() == runs; }, 20'000); }
    bool shows(const std::filesystem::path &run) { return showsRun(page, run); }
    bool isTitled(const QString &title) const
    {
        const auto labels = page.findChild<PageHeader *>()->findChildren<TextLabel *>();
        return std::ranges::any_of(labels, [&](const TextLabel *label) { return label->text() == title; });
    }
    ResultCard &result() { return *page.findChild<ResultCard *>(); }

    TrainPage page;
};

RunReceipt stoppedReceipt()
{
    RunReceipt receipt = receiptOfDay(9, 0);
    receipt.status = RunStatus::Stopped;
    receipt.epochs = 7;
    receipt.testCorrect.reset();
    receipt.testTotal.reset();
    return receipt;
}

RunReceipt fineTunedReceipt(RunStatus status)
{
    RunReceipt receipt = stoppedReceipt();
    receipt.status = status;
    receipt.config.mode = TrainMode::FineTune;
    receipt.config.architecture = "lite0";
    receipt.config.epochs = 5;
    receipt.epochs = receipt.bestEpoch = 0;
    return receipt;
}

} // namespace

/// What a person sees of a run that was trained earlier.
class TrainPagePastTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useAsHome(m_home); }

    void whatWasNotedStandsAboveTheRunAndGoesWithIt()
    {
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(9, 54);
        receipt.notes = {"Training ended after epoch 9.", "The curves lack some points."};
        const auto noted = writeRun(folder, "noted", receipt);
        const auto other = writeRun(folder, "other", receiptOfDay(8, 54));
        Past past(folder);
        QVERIFY(past.shows(noted));
        QVERIFY(past.page.notice()->isVisible());
        QCOMPARE(past.page.notice()->text(), "Training ended after epoch 9.\nThe curves lack some points.");
        past.page.showAllRuns();
        QVERIFY(!past.page.notice()->isVisible());
        past.page.leaveAllRuns();
        QVERIFY(past.page.notice()->isVisible());
        QVERIFY(past.shows(other));
        QVERIFY(!past.page.notice()->isVisible());
    }

    void aRunThatGoesOnIsDrawnAsItWasUntilItIsKnownWhereItGoesOn()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "one", stoppedReceipt());
        folder.write(run / kCheckpointFile, "weights");
        std::ofstream(run / kMetricsFile, std::ios::app) << "{\"series\":\"validation_loss\",\"step\":2,\"epoch\":2.0,\"value\":0.5}\n";
        std::counting_semaphore<> mayLearn(0);
        Past past(folder, [&](auto, const auto &, const auto &, const TrainEvents &events, std::stop_token stop) -> Result<TrainReport> {
            mayLearn.acquire();
            events.onMetric({MetricSeries::TrainingLoss, 2, 2.0, 0.45});
            events.onMetric({MetricSeries::ValidationLoss, 2, 2.0, 0.4});
            return waitUntilStopped(std::move(stop));
        });
        const auto letGo = qScopeGuard([&] { mayLearn.release(); });
        QVERIFY(past.listed(1));
        QVERIFY(past.shows(run));
        past.page.goOn();
        const RunCurves &curves = *past.page.curves();
        QTRY_COMPARE(curves.valueAt(MetricSeries::ValidationLoss, 2), std::optional(0.5));
        mayLearn.release();
        QTRY_COMPARE(curves.valueAt(MetricSeries::ValidationLoss, 2), std::optional(0.4)); // its checkpoint stood before that epoch's end
        QCOMPARE(curves.valueAt(MetricSeries::ValidationLoss, 1), std::optional(0.6));
        QCOMPARE(curves.loss()->pointCount("training"), 2);
        QCOMPARE(curves.loss()->pointCount("validation"), 2);
    }

    void aNoteThatWasClosedStaysClosed()
    {
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(9, 54);
        receipt.notes = {"Training all layers brought the validation pictures that are right from 90.0 % to 97.3 %."};
        const auto noted = writeRun(folder, "noted", receipt);
        Past past(folder);
        QVERIFY(past.shows(noted));
        QCOMPARE(past.page.notice()->findChild<SentenceLabel *>()->text().count("\u00A0%"), 2);
        QTest::keyClick(past.page.notice(), Qt::Key_Escape);
        QVERIFY(!past.page.notice()->isVisible());
    }

    void aRunWithoutCheckpointIsNotToGoOn()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "stopped", stoppedReceipt());
        Past past(folder);
        QVERIFY(past.shows(run));
        QVERIFY(!button(past.page, "Go on"));
        QVERIFY(!button(past.page, "More epochs"));
        QVERIFY(past.result().certainty().startsWith("Stopped after epoch 7 of 20."));
        QVERIFY(past.result().certainty().endsWith("It has no checkpoint to go on from."));
    }

    void aStoppedRunGoesOnOrIsMadeLongerAndACompletedOneIsMadeLonger()
    {
        const TestFolder folder;
        const auto stopped = writeRun(folder, "stopped", stoppedReceipt());
        const auto completed = writeRun(folder, "completed", receiptOfDay(8, 54));
        folder.write("runs/stopped/checkpoint.safetensors", "weights");
        folder.write("runs/completed/checkpoint.safetensors", "weights");
        Past past(folder);
        QVERIFY(past.shows(stopped));
        QVERIFY(button(past.page, "Go on"));
        QVERIFY(button(past.page, "Go on")->toolTip().contains("after epoch 7 of 20"));
        QCOMPARE(button(past.page, "More epochs")->menu()->actions().front()->text(), "5 more epochs, 25 in all"); // than it was to have
        QVERIFY(past.shows(completed));
        QVERIFY(!button(past.page, "Go on"));
        QVERIFY(button(past.page, "More epochs"));
    }

    void fineTuningThatKeptQuicksModelIsNotCalledFineTuned()
    {
        const TestFolder folder;
        const auto kept = writeRun(folder, "kept", fineTunedReceipt(RunStatus::Completed));
        folder.write("runs/kept/checkpoint.safetensors", "weights");
        const auto stopped = writeRun(folder, "stopped", fineTunedReceipt(RunStatus::Stopped));
        folder.write("runs/stopped/model.safetensors", "weights");
        Past past(folder);
        QVERIFY(past.shows(kept));
        QVERIFY(past.isTitled("EfficientNet-Lite0, quick (not fine-tuned)"));
        QVERIFY(!button(past.page, "More epochs")); // it has none, and would get none
        QVERIFY(past.shows(stopped));
        QVERIFY(past.result().certainty().contains("The best model so far is quick's"));
        QVERIFY(button(past.page, "Go on")); // it begins again
    }

    void theFiguresAreOfTheBestEpoch_data()
    {
        QTest::addColumn<RunStatus>("status");
        QTest::newRow("completed") << RunStatus::Completed;
        QTest::newRow("left by closing the window") << RunStatus::Unfinished;
        QTest::newRow("gone on with and failed") << RunStatus::Failed;
    }
    void theFiguresAreOfTheBestEpoch()
    {
        QFETCH(RunStatus, status);
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(9, 54);
        receipt.status = status;
        receipt.bestEpoch = 1;
        const auto run = writeRun(folder, "run", receipt);
        folder.write("runs/run/metrics.jsonl", "{\"series\":\"validation_loss\",\"step\":8,\"epoch\":1.0,\"value\":0.25}\n"
                                               "{\"series\":\"validation_loss\",\"step\":16,\"epoch\":2.0,\"value\":0.75}\n");
        Past past(folder);
        QVERIFY(past.shows(run));
        const FigureRow &figures = *past.page.findChild<FigureRow *>();
        QCOMPARE(figures.value("bestAccuracy"), "97.3 %");
        QCOMPARE(figures.value("bestLoss"), "0.250");
    }

    void theFiguresOfARunThatCameToNoModelAreTheLatest()
    {
        const TestFolder folder;
        RunReceipt receipt = fineTunedReceipt(RunStatus::Failed);
        receipt.validationAccuracy.reset();
        const auto run = writeRun(folder, "run", receipt);
        folder.write("runs/run/metrics.jsonl", "{\"series\":\"validation_loss\",\"step\":0,\"epoch\":0.0,\"value\":0.75}\n"
                                               "{\"series\":\"validation_accuracy\",\"step\":0,\"epoch\":0.0,\"value\":0.8}\n"
                                               "{\"series\":\"validation_loss\",\"step\":8,\"epoch\":1.0,\"value\":0.25}\n"
                                               "{\"series\":\"validation_accuracy\",\"step\":8,\"epoch\":1.0,\"value\":0.9}\n");
        Past past(folder);
        QVERIFY(past.shows(run));
        const FigureRow &figures = *past.page.findChild<FigureRow *>();
        QCOMPARE(figures.value("accuracy"), "90.0 %");
        QCOMPARE(figures.value("loss"), "0.250");
    }

    void aBrokenRunIsOfferedWithNoMoreThanIsKnownOfIt_data()
    {
        QTest::addColumn<bool>("hasCheckpoint");
        QTest::newRow("with checkpoint") << true;
        QTest::newRow("without") << false;
    }
    void aBrokenRunIsOfferedWithNoMoreThanIsKnownOfIt()
    {
        QFETCH(bool, hasCheckpoint);
        const TestFolder folder;
        RunReceipt receipt = fineTunedReceipt(RunStatus::Unfinished);
        receipt.epochs = 3; // as of an earlier part: it may have come further
        const auto run = writeRun(folder, "run", receipt);
        if (hasCheckpoint)
            folder.write("runs/run/checkpoint.safetensors", "weights");
        Past past(folder);
        QTRY_VERIFY(past.page.offer()->isVisible());
        QVERIFY2(past.page.offer()->text().contains("before its 5 epochs were done."), qPrintable(past.page.offer()->text()));
        QCOMPARE(past.page.offer()->text().contains("last checkpoint"), hasCheckpoint);
        QVERIFY(past.shows(run));
        QVERIFY(!button(past.page, "Go on")->toolTip().contains("epoch"));
        QCOMPARE(button(past.page, "Go on")->toolTip().contains("Goes on from the last checkpoint"), hasCheckpoint);
    }

    void aModelThatOneClassAloneWouldReachIsCalledUselessLaterToo()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "run", receiptOfDay(9, 30));
        Snapshot snapshot{{"cat", "dog"}, {}};
        for (int i = 0; i < 55; ++i)
            snapshot.entries.push_back({"pet.jpg", i < 22 ? 0 : 1, Split::Test, {std::uint64_t(i), 0}});
        QVERIFY(writeSnapshot(run / kSnapshotFile, snapshot));
        Past past(folder);
        QVERIFY(past.shows(run));
        QTRY_VERIFY(past.result().sentence().endsWith("No better than always saying dog (60.0\u00A0%)."));
    }

    void onlyWhatCanBeComparedIsLaidOver()
    {
        const TestFolder folder;
        const auto shown = writeRun(folder, "a", receiptOfDay(9, 54));
        const auto like = writeRun(folder, "b", receiptOfDay(8, 54));
        RunReceipt quick = receiptOfDay(7, 54);
        quick.config.mode = TrainMode::Quick;
        const auto unlike = writeRun(folder, "c", quick);
        Past past(folder);
        QVERIFY(past.listed(3));
        QVERIFY(past.shows(shown));
        RunList &list = *past.page.findChild<RunList *>();
        const auto offered = [&](int row) {
            list.setCurrentIndex(list.model()->index(row, 0));
            return list.overlayAction();
        };
        QVERIFY(!offered(0)->isEnabled());
        QCOMPARE(offered(0)->text(), "Lay over the curves (they are its own)");
        QVERIFY(!offered(2)->isEnabled());
        QVERIFY(offered(2)->text().contains("no axis in common"));
        offered(1)->trigger();
        QTRY_COMPARE(past.page.curves()->takeOffButtons().size(), 1u);
        QCOMPARE(offered(1)->text(), "Take off the curves");
        QVERIFY(past.shows(unlike)); // its iterations are no epochs
        QVERIFY(past.page.curves()->takeOffButtons().empty());
        QVERIFY(past.shows(shown));
        QCOMPARE(past.page.curves()->takeOffButtons().size(), 1u);
        past.page.curves()->takeOffButtons().front()->click();
        QVERIFY(past.page.curves()->takeOffButtons().empty());
        QCOMPARE(offered(1)->text(), "Lay over the curves");
    }

    void theQuestionWhetherToDeleteGoesWithTheView()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "run", receiptOfDay(9, 54));
        Past past(folder);
        QVERIFY(past.listed(1));
        QVERIFY(past.shows(run));
        RunList &list = *past.page.findChild<RunList *>();
        list.setFocus();
        list.setCurrentIndex(list.model()->index(0, 0));
        QTest::keyClick(&list, Qt::Key_Delete);
        QVERIFY(past.page.offer()->isVisible());
        past.page.setUpNew();
        QVERIFY(!past.page.offer()->isVisible());
    }

private:
    const TestFolder m_home;
};

QTEST_MAIN(TrainPagePastTest)
#include "train_page_past_test.moc"
