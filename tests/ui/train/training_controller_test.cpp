#include "ui/train/training_controller.h"

#include "engine/train/run_folder.h"
#include "tests/support/test_folder.h"
#include "tests/ui/train/endless_run.h"

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <semaphore>

using namespace whisker;
using namespace whisker::test;

namespace {

std::shared_ptr<const Snapshot> someSnapshot()
{
    return std::make_shared<const Snapshot>(Snapshot{{"cat", "dog"}, {}});
}

MetricPoint lossAt(int step)
{
    return {MetricSeries::TrainingLoss, step, double(step), 1.0 / step};
}

/// A run that says `points` things as fast as it can and ends.
TrainFunction quickRun(int points)
{
    return [points](auto, const TrainConfig &, const TrainOutput &, const TrainEvents &events, std::stop_token) -> Result<TrainReport> {
        events.onStage({TrainStage::Training, "learning"});
        for (int step = 1; step <= points; ++step) {
            events.onMetric(lossAt(step));
            TrainProgress progress;
            progress.stage = TrainStage::Training;
            progress.step = step;
            events.onProgress(progress);
        }
        return TrainReport{};
    };
}

/// A run that goes on until it is asked to stop.
TrainFunction endlessRun()
{
    return [](auto, const TrainConfig &, const TrainOutput &, const TrainEvents &events, std::stop_token stop) -> Result<TrainReport> {
        events.onStage({TrainStage::Training, "learning"});
        return waitUntilStopped(std::move(stop));
    };
}

} // namespace

class TrainingControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPointArrivesOnceAndInOrder()
    {
        TrainingController controller(quickRun(20'000));
        std::vector<MetricPoint> heard;
        connect(&controller, &TrainingController::pointsAdded, this,
                [&](const std::vector<MetricPoint> &points) { heard.insert(heard.end(), points.begin(), points.end()); });
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(finished.wait());
        QCOMPARE(heard.size(), 20'000u);
        for (int step = 1; step <= 20'000; ++step)
            QCOMPARE(heard[std::size_t(step) - 1].step, step);
        QCOMPARE(controller.points().size(), 20'000u);
    }

    void aFastRunDoesNotFloodTheWindow()
    {
        TrainingController controller(quickRun(200'000));
        QSignalSpy progressed(&controller, &TrainingController::progressed);
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(finished.wait(20'000));
        QVERIFY2(progressed.count() < 20'000, qPrintable(QString::number(progressed.count())));
        QCOMPARE(controller.progress().step, 200'000);
    }

    void saysExactlyOnceThatItFinished()
    {
        TrainingController controller(quickRun(10));
        QSignalSpy finished(&controller, &TrainingController::finished);
        QSignalSpy states(&controller, &TrainingController::stateChanged);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(controller.isRunning());
        QTRY_COMPARE(controller.state(), TrainingController::State::Finished);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(finished.count(), 1);
        QCOMPARE(states.count(), 3); // preparing, training, finished
    }

    void cancelSaysStoppingAtOnceAndThenFinishes()
    {
        TrainingController controller(endlessRun());
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QTRY_COMPARE(controller.state(), TrainingController::State::Training);
        QElapsedTimer timer;
        timer.start();
        controller.cancel();
        QCOMPARE(controller.state(), TrainingController::State::Stopping);
        QVERIFY2(timer.elapsed() < 50, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(finished.wait());
        QCOMPARE(finished.count(), 1);
        QCOMPARE(qvariant_cast<TrainingEnd>(finished[0][0]).result->outcome, TrainOutcome::Stopped);
        QCOMPARE(controller.state(), TrainingController::State::Finished);
    }

    void aFailedRunTellsItsSentence()
    {
        TrainingController controller([](auto &&...) -> Result<TrainReport> {
            return fail(ErrorCode::NotFound, "weights/lite0.safetensors is missing: run packaging/setup.sh");
        });
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(finished.wait());
        QCOMPARE(controller.state(), TrainingController::State::Failed);
        QVERIFY(qvariant_cast<TrainingEnd>(finished[0][0]).result.error().message.starts_with("weights/lite0"));
    }

    void canBeDestroyedWhileARunGoesOn()
    {
        QElapsedTimer timer;
        timer.start();
        {
            TrainingController controller(endlessRun());
            controller.start(someSnapshot(), {}, "runs");
        }
        QVERIFY(timer.elapsed() < 2000);
    }

    void onlyARunThatWasStoppedByAPersonIsCalledStopped_data()
    {
        QTest::addColumn<bool>("forgets");
        QTest::addColumn<bool>("stops");
        QTest::newRow("window") << false << false;
        QTest::newRow("project") << true << false;
        QTest::newRow("window, after it was stopped") << false << true;
        QTest::newRow("project, after it was stopped") << true << true;
    }
    void onlyARunThatWasStoppedByAPersonIsCalledStopped()
    {
        QFETCH(bool, forgets);
        QFETCH(bool, stops);
        const TestFolder folder;
        std::filesystem::path run;
        {
            TrainingController controller([&](auto, const TrainConfig &, const TrainOutput &output, const TrainEvents &events, std::stop_token stop) -> Result<TrainReport> {
                events.onStage({TrainStage::Training, "learning"});
                TrainReport report = waitUntilStopped(std::move(stop));
                report.run = run = output.runFolder;
                RunReceipt receipt; // as the engine leaves it
                receipt.config.mode = TrainMode::Scratch;
                receipt.status = RunStatus::Stopped;
                folder.write(report.run / kReceiptFile, toJson(receipt));
                folder.write(report.run / kCheckpointFile, "weights");
                return report;
            });
            controller.start(someSnapshot(), {}, folder / "runs");
            QTRY_COMPARE(controller.state(), TrainingController::State::Training);
            if (stops)
                controller.cancel();
            if (forgets)
                controller.forget();
        }
        QCOMPARE(readRunSummary(run)->receipt.status, stops ? RunStatus::Stopped : RunStatus::Unfinished); // which is offered to go on
    }

    void whatComesBackAfterForgetIsDropped()
    {
        TrainingController controller(endlessRun());
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QTRY_COMPARE(controller.state(), TrainingController::State::Training);
        controller.forget();
        QCOMPARE(controller.state(), TrainingController::State::Idle);
        QVERIFY(controller.points().empty());
        // The next run waits for the forgotten one's thread and begins then.
        controller.start(someSnapshot(), {}, "runs");
        QCOMPARE(controller.state(), TrainingController::State::Preparing);
        QTRY_COMPARE(controller.state(), TrainingController::State::Training);
        QCOMPARE(finished.count(), 0);
        controller.cancel();
        QTRY_COMPARE(finished.count(), 1);
    }

    void aStartThatWaitsItsTurnCanBeCancelled()
    {
        TrainingController controller(endlessRun());
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        controller.forget();
        controller.start(someSnapshot(), {}, "runs");
        controller.cancel();
        QCOMPARE(controller.state(), TrainingController::State::Stopping);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!controller.isRunning());
    }

    void aRunThatGoesOnBeginsWithThePointsAndMarksItHadBefore()
    {
        const TestFolder folder;
        RunReceipt receipt;
        receipt.config.mode = TrainMode::Scratch;
        folder.write("run/receipt.json", toJson(receipt));
        folder.write("run/metrics.jsonl", R"({"series":"training_loss","step":1,"epoch":0.25,"value":0.7}
{"series":"training_loss","step":2,"epoch":0.5,"value":0.6}
{"mark":"went on for 5 more epochs","step":2,"epoch":0.5}
{"series":"training_loss","step":3,"epoch":0.75,"value":0.5}
{"mark":"behind its checkpoint","step":3,"epoch":0.75}
)");
        std::counting_semaphore<> mayLearn(0);
        TrainingController controller([&](auto, const TrainConfig &, const TrainOutput &, const TrainEvents &events, std::stop_token) -> Result<TrainReport> {
            events.onMark({2, 0.5, "went on for 9 more epochs"});
            mayLearn.acquire();
            for (int step = 3; step <= 5; ++step) // its checkpoint was of step 2
                events.onMetric(lossAt(step));
            return TrainReport{};
        });
        const auto letGo = qScopeGuard([&] { mayLearn.release(); }); // before the controller waits for it
        QSignalSpy takenBack(&controller, &TrainingController::pointsTakenBack);
        controller.goOn(folder / "run", receipt.config, 9, someSnapshot());
        QTRY_COMPARE(controller.marks().size(), 3u);
        QCOMPARE(controller.points().size(), 3u); // nobody waits for the first step to see what was there
        QVERIFY(!controller.hasLearnt());
        QCOMPARE(takenBack.count(), 0);
        mayLearn.release();
        QTRY_COMPARE(controller.state(), TrainingController::State::Finished);
        QVERIFY(controller.hasLearnt());
        QCOMPARE(takenBack.count(), 1);
        QCOMPARE(controller.points().size(), 5u);
        QCOMPARE(controller.points()[2].value, lossAt(3).value);
        std::vector<std::string> marks;
        for (const RunMark &mark : controller.marks())
            marks.push_back(mark.text);
        std::ranges::sort(marks);
        QVERIFY((marks == std::vector<std::string>{"went on for 5 more epochs", "went on for 9 more epochs"}));
    }

    void aNoteThatHoldsNoMoreIsTakenBack()
    {
        std::counting_semaphore<> isBetter(0);
        TrainingController controller([&](auto, const TrainConfig &, const TrainOutput &, const TrainEvents &events, std::stop_token) -> Result<TrainReport> {
            events.onNote("Of then.");
            isBetter.acquire();
            events.onWithdrawn("Of then.");
            events.onNote("Of now.");
            events.onNote("Of a moment.");
            events.onWithdrawn("Of a moment.");
            return TrainReport{};
        });
        const auto letGo = qScopeGuard([&] { isBetter.release(); }); // before the controller waits for it
        QStringList holds;
        QObject::connect(&controller, &TrainingController::noted, [&](const QString &note) { holds.append(note); });
        QObject::connect(&controller, &TrainingController::noteWithdrawn, [&](const QString &note) { holds.removeAll(note); });
        controller.start(someSnapshot(), {}, "runs");
        QTRY_COMPARE(holds, QStringList("Of then."));
        isBetter.release();
        QTRY_COMPARE(controller.state(), TrainingController::State::Finished);
        QCOMPARE(holds, QStringList("Of now."));
    }

    void picturesThatAreLeftOutAreToldMeanwhile()
    {
        TrainingController controller([](auto, const TrainConfig &, const TrainOutput &, const TrainEvents &events, std::stop_token stop) -> Result<TrainReport> {
            events.onSkipped({"a.jpg", "a.jpg isn't there."});
            events.onSkipped({"b.jpg", "b.jpg isn't there."});
            return waitUntilStopped(std::move(stop));
        });
        QSignalSpy told(&controller, &TrainingController::moreLeftOut);
        controller.start(someSnapshot(), {}, "runs");
        QTRY_COMPARE(controller.leftOut().size(), 2u);
        QVERIFY(told.count() >= 1 && controller.isRunning());
        controller.cancel();
        QTRY_COMPARE(controller.state(), TrainingController::State::Finished);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(controller.leftOut().empty());
        controller.cancel();
        QTRY_COMPARE(controller.state(), TrainingController::State::Finished);
    }

    void startsAgainAfterARun()
    {
        TrainingController controller(quickRun(5));
        QSignalSpy finished(&controller, &TrainingController::finished);
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(finished.wait());
        controller.start(someSnapshot(), {}, "runs");
        QVERIFY(finished.wait());
        QCOMPARE(controller.points().size(), 5u);
    }
};

QTEST_GUILESS_MAIN(TrainingControllerTest)
#include "training_controller_test.moc"
