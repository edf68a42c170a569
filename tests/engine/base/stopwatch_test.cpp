#include "engine/base/stopwatch.h"

#include <QTest>

using namespace whisker;
using namespace std::chrono_literals;

class StopwatchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itNeverRunsBack()
    {
        const Stopwatch watch;
        const auto first = watch.elapsed();
        QVERIFY(first >= 0ms);
        QVERIFY(watch.elapsed() >= first);
    }

    void timeLeftFollowsTheSpeedSoFar()
    {
        QCOMPARE(timeLeft(10, 40, 1000ms).value(), 3000ms);
        QCOMPARE(timeLeft(40, 40, 1000ms).value(), 0ms);
        QCOMPARE(timeLeft(50, 40, 1000ms).value(), 0ms); // more came than was expected
        QVERIFY(!timeLeft(0, 40, 1000ms));
        QVERIFY(!timeLeft(0, 0, 1000ms));
        QVERIFY(!timeLeft(10, 40, 0ms));
        QCOMPARE(timeLeft(1, 1'000'000, 60'000ms).value(), 59'999'940'000ms);
    }
};

QTEST_GUILESS_MAIN(StopwatchTest)
#include "stopwatch_test.moc"
