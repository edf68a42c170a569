#include "engine/train/internal/ordered_loader.h"

#include <QTest>
#include <atomic>
#include <fstream>
#include <string>
#include <unistd.h>

namespace whisker {

using internal::OrderedLoader;

namespace {

/// Whether a thread of this process waits for something, as the kernel says: proc(5), stat.
bool sleeps(pid_t thread)
{
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto name = text.rfind(')'); // that of the thread may hold anything
    return name != std::string::npos && text.compare(name, 3, ") S") == 0;
}

} // namespace

class OrderedLoaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itemsComeInOrder();
    void severalAtATimeComeInOrder();
    void severalAreOneWait();
    void eachItemThatIsNotReadyIsCountedAsAWait();
    void itemsThatAreReadyAreNoWait();
};

void OrderedLoaderTest::itemsComeInOrder()
{
    OrderedLoader<std::size_t> loader(3, 40, 4, 5, [](std::size_t number) { return number; });
    for (std::size_t number = 3; number < 40; ++number)
        QCOMPARE(loader.next(), number);
}

void OrderedLoaderTest::severalAtATimeComeInOrder()
{
    OrderedLoader<std::size_t> loader(3, 43, 4, 6, [](std::size_t number) { return number; });
    for (std::size_t first = 3; first < 43; first += 4)
        QCOMPARE(loader.next(4), (std::vector<std::size_t>{first, first + 1, first + 2, first + 3}));
}

/// Each of three is made only once the trainer has fallen asleep for want of them.
void OrderedLoaderTest::severalAreOneWait()
{
    const pid_t trainer = ::gettid();
    std::atomic<bool> isAsked = false;
    OrderedLoader<std::size_t> loader(0, 6, 2, 6, [&](std::size_t number) {
        while (number < 3 && !(isAsked && sleeps(trainer)))
            std::this_thread::yield();
        return number;
    });
    isAsked = true;
    QCOMPARE(loader.next(3), (std::vector<std::size_t>{0, 1, 2}));
    QCOMPARE(loader.waits(), 1u);
}

/// Each item is made only once the trainer has fallen asleep for want of it.
void OrderedLoaderTest::eachItemThatIsNotReadyIsCountedAsAWait()
{
    const pid_t trainer = ::gettid();
    std::atomic<std::size_t> wanted = 0; // one more than the number of the item that is waited for
    OrderedLoader<std::size_t> loader(0, 4, 1, 2, [&](std::size_t number) {
        while (wanted < number + 1 || !sleeps(trainer))
            std::this_thread::yield();
        return number;
    });
    for (std::size_t number = 0; number < 4; ++number) {
        wanted = number + 1;
        QCOMPARE(loader.next(), number);
    }
    QCOMPARE(loader.waits(), 4u);
    QVERIFY(loader.waitedSeconds() > 0.0);
}

void OrderedLoaderTest::itemsThatAreReadyAreNoWait()
{
    std::atomic<std::size_t> begun = 0;
    OrderedLoader<std::size_t> loader(0, 5, 1, 4, [&](std::size_t number) {
        begun = number + 1;
        return number;
    });
    while (begun < 4)
        std::this_thread::yield(); // the one thread has put away the first three before it began the fourth
    for (std::size_t number = 0; number < 3; ++number)
        QCOMPARE(loader.next(), number);
    QCOMPARE(loader.waits(), 0u);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::OrderedLoaderTest)
#include "ordered_loader_test.moc"
