#include "engine/base/thread_priority.h"

#include <QTest>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace whisker;

namespace {

int nicenessHere() { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); }

} // namespace

class ThreadPriorityTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThreadThatStepsBackComesAfterTheMainThreadAndSoDoThoseItStarts()
    {
        const int before = nicenessHere();
        int stepped = 0, again = 0, started = 0;
        std::thread([&] {
            stepBehindWindow();
            stepped = nicenessHere();
            stepBehindWindow();
            again = nicenessHere();
            std::thread([&] { started = nicenessHere(); }).join();
        }).join();
        QVERIFY(stepped > before);
        QCOMPARE(again, stepped);
        QCOMPARE(started, stepped);
        QCOMPARE(nicenessHere(), before);
    }
};

QTEST_GUILESS_MAIN(ThreadPriorityTest)
#include "thread_priority_test.moc"
