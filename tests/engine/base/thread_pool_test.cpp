#include "engine/base/thread_pool.h"

#include <QTest>

#include <atomic>
#include <barrier>
#include <latch>
#include <memory>
#include <optional>
#include <sched.h>

using namespace whisker;

class ThreadPoolTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyJobRunsOnce();
    void jobsRunSideBySide();
    void aFullQueueTakesTheJobWhenThereIsRoom();
    void aFullQueueGivesUpWhenStopped();
    void aStoppedTokenIsNotSubmitted();
    void whatAJobHoldsIsReleasedBeforeThePoolIsIdle();
    void destructionDropsWhatWaitsAndWaitsForWhatRuns();
    void anIdlePoolIsDestroyedAtOnce();
    void parallelForVisitsEveryIndexOnce_data();
    void parallelForVisitsEveryIndexOnce();
    void parallelForRunsSideBySideWithTheCaller();
    void parallelForEndsSoonAfterAStop();
    void theAffinityMaskCounts();
};

void ThreadPoolTest::everyJobRunsOnce()
{
    std::atomic<int> count = 0;
    ThreadPool pool(3, 2);
    QCOMPARE(pool.threadCount(), 3u);
    for (int i = 0; i < 500; ++i)
        QVERIFY(pool.submit([&] { ++count; }));
    pool.waitUntilIdle();
    QCOMPARE(count.load(), 500);
}

void ThreadPoolTest::jobsRunSideBySide()
{
    ThreadPool pool(2, 4);
    std::barrier meeting(2); // one alone would wait for ever
    for (int i = 0; i < 2; ++i)
        pool.submit([&] { meeting.arrive_and_wait(); });
    pool.waitUntilIdle();
}

void ThreadPoolTest::aFullQueueTakesTheJobWhenThereIsRoom()
{
    std::latch started(1), release(1);
    std::atomic<int> count = 0;
    ThreadPool pool(1, 1);
    pool.submit([&] {
        started.count_down();
        release.wait();
        ++count;
    });
    started.wait();
    QVERIFY(pool.submit([&] { ++count; })); // waits in the queue, which is full now
    std::atomic<bool> taken = false;
    std::jthread third([&] { taken = pool.submit([&] { ++count; }); });
    QVERIFY(!taken);
    release.count_down();
    third.join();
    QVERIFY(taken);
    pool.waitUntilIdle();
    QCOMPARE(count.load(), 3);
}

void ThreadPoolTest::aFullQueueGivesUpWhenStopped()
{
    std::latch started(1), release(1);
    std::atomic<bool> ran = false, taken = true;
    ThreadPool pool(1, 1);
    pool.submit([&] {
        started.count_down();
        release.wait();
    });
    started.wait();
    QVERIFY(pool.submit([] {}));
    {
        std::jthread submitter([&](std::stop_token stop) { taken = pool.submit([&] { ran = true; }, stop); });
    } // asks it to stop and joins
    QVERIFY(!taken);
    release.count_down();
    pool.waitUntilIdle();
    QVERIFY(!ran);
}

void ThreadPoolTest::aStoppedTokenIsNotSubmitted()
{
    std::stop_source source;
    source.request_stop();
    ThreadPool pool(1, 4);
    bool ran = false;
    QVERIFY(!pool.submit([&] { ran = true; }, source.get_token()));
    pool.waitUntilIdle();
    QVERIFY(!ran);
}

void ThreadPoolTest::whatAJobHoldsIsReleasedBeforeThePoolIsIdle()
{
    ThreadPool pool(2, 4);
    for (int i = 0; i < 200; ++i) {
        auto held = std::make_shared<int>(i);
        const std::weak_ptr<int> watch = held;
        pool.submit([held = std::move(held)] { (void)*held; });
        pool.waitUntilIdle();
        QVERIFY(watch.expired());
    }
}

void ThreadPoolTest::destructionDropsWhatWaitsAndWaitsForWhatRuns()
{
    std::latch started(1), release(1);
    std::atomic<bool> finished = false, dropped = true;
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watch = held;
    auto pool = std::make_unique<ThreadPool>(1, 8);
    pool->submit([&] {
        started.count_down();
        release.wait();
        finished = true;
    });
    started.wait();
    for (int i = 0; i < 5; ++i)
        pool->submit([&, held] { dropped = *held != 1; });
    held.reset();
    std::jthread destroyer([&] { pool.reset(); });
    QTRY_VERIFY(watch.expired()); // the queue is cleared while the first job still runs
    QVERIFY(!finished);
    release.count_down();
    destroyer.join();
    QVERIFY(finished);
    QVERIFY(dropped);
}

void ThreadPoolTest::anIdlePoolIsDestroyedAtOnce()
{
    for (int i = 0; i < 100; ++i)
        ThreadPool(2, 1);
}

void ThreadPoolTest::parallelForVisitsEveryIndexOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("threads");
    QTest::newRow("nothing") << 0 << 4;
    QTest::newRow("one") << 1 << 4;
    QTest::newRow("more threads than work") << 3 << 8;
    QTest::newRow("much work") << 1000 << 4;
    QTest::newRow("the caller alone") << 100 << 1;
    QTest::newRow("no threads is the caller alone") << 100 << 0;
}

void ThreadPoolTest::parallelForVisitsEveryIndexOnce()
{
    QFETCH(int, count);
    QFETCH(int, threads);
    std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
    parallelFor(visits.size(), static_cast<std::size_t>(threads), [&](std::size_t i) { ++visits[i]; });
    for (const auto &visit : visits)
        QCOMPARE(visit.load(), 1);
}

void ThreadPoolTest::parallelForRunsSideBySideWithTheCaller()
{
    const auto caller = std::this_thread::get_id();
    std::atomic<int> onCaller = 0;
    std::barrier meeting(2);
    parallelFor(2, 2, [&](std::size_t) {
        meeting.arrive_and_wait();
        onCaller += std::this_thread::get_id() == caller;
    });
    QCOMPARE(onCaller.load(), 1);
}

void ThreadPoolTest::parallelForEndsSoonAfterAStop()
{
    std::stop_source source;
    std::vector<std::size_t> visited;
    parallelFor(
        1000, 1,
        [&](std::size_t i) {
            visited.push_back(i);
            if (i == 10)
                source.request_stop();
        },
        source.get_token());
    QCOMPARE(visited.size(), 11u);
}

void ThreadPoolTest::theAffinityMaskCounts()
{
    QVERIFY(usableProcessors() >= 1);
    std::size_t onOne = 0;
    std::jthread([&] {
        cpu_set_t all, one;
        CPU_ZERO(&one);
        sched_getaffinity(0, sizeof all, &all);
        for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
            if (CPU_ISSET(cpu, &all))
                CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        onOne = usableProcessors();
    }).join();
    QCOMPARE(onOne, 1u);
}

QTEST_GUILESS_MAIN(ThreadPoolTest)
#include "thread_pool_test.moc"
