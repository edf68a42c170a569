#include "engine/train/internal/schedule.h"

#include <QTest>

#include <cmath>

namespace whisker {

using internal::scheduledRate;

class ScheduleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneCycleRisesInTheFirstQuarterAndEndsNearNothing();
    void cosineFallsFromTheHighestAndIsHalfInTheMiddle();
    void stepIsATenthAfterEachThird();
    void aRunOfOneStepHasARate();
    void aRunMadeLongerGoesThroughTheScheduleAgain();
};

void ScheduleTest::oneCycleRisesInTheFirstQuarterAndEndsNearNothing()
{
    QCOMPARE(scheduledRate(ScheduleKind::OneCycle, 1.0, 0, 101), 1.0 / 25.0);
    QCOMPARE(scheduledRate(ScheduleKind::OneCycle, 1.0, 25, 101), 1.0);
    QVERIFY(scheduledRate(ScheduleKind::OneCycle, 1.0, 24, 101) < 1.0);
    QVERIFY(scheduledRate(ScheduleKind::OneCycle, 1.0, 100, 101) < 1e-5);
}

void ScheduleTest::cosineFallsFromTheHighestAndIsHalfInTheMiddle()
{
    QCOMPARE(scheduledRate(ScheduleKind::Cosine, 0.2, 0, 100), 0.2);
    QCOMPARE(scheduledRate(ScheduleKind::Cosine, 0.2, 50, 100), 0.1);
    for (int step = 1; step < 100; ++step)
        QVERIFY(scheduledRate(ScheduleKind::Cosine, 0.2, step, 100) < scheduledRate(ScheduleKind::Cosine, 0.2, step - 1, 100));
    QVERIFY(scheduledRate(ScheduleKind::Cosine, 0.2, 99, 100) < 1e-3);
}

void ScheduleTest::stepIsATenthAfterEachThird()
{
    QCOMPARE(scheduledRate(ScheduleKind::Step, 1.0, 29, 90), 1.0);
    QCOMPARE(scheduledRate(ScheduleKind::Step, 1.0, 30, 90), 0.1);
    QCOMPARE(scheduledRate(ScheduleKind::Step, 1.0, 60, 90), 0.01);
    QCOMPARE(scheduledRate(ScheduleKind::Step, 1.0, 89, 90), 0.01);
}

void ScheduleTest::aRunOfOneStepHasARate()
{
    for (const ScheduleKind schedule : {ScheduleKind::OneCycle, ScheduleKind::Cosine, ScheduleKind::Step})
        QVERIFY(std::isfinite(scheduledRate(schedule, 1.0, 0, 1)));
}

void ScheduleTest::aRunMadeLongerGoesThroughTheScheduleAgain()
{
    TrainConfig config;
    config.learningRate = 0.5;
    config.epochs = 20;
    const std::vector<ScheduleCycle> cycles = {{0, 10}, {30, 20}}; // 4 steps an epoch: stopped at 30 of 40, now 80
    for (const std::int64_t step : {0, 7, 29})
        QCOMPARE(scheduledRate(config, cycles, step, 4), scheduledRate(config.schedule, 0.5, step, 40));
    for (const std::int64_t step : {30, 50, 79})
        QCOMPARE(scheduledRate(config, cycles, step, 4), scheduledRate(config.schedule, 0.5, step - 30, 50));
    QCOMPARE(scheduledRate(config, {}, 50, 4), scheduledRate(config.schedule, 0.5, 50, 80));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ScheduleTest)
#include "schedule_test.moc"
