#include "engine/base/process_memory.h"

#include <QTest>

#include <cstring>
#include <vector>

using namespace whisker;

class ProcessMemoryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsFreedIsGivenBackToTheSystem();
};

void ProcessMemoryTest::whatIsFreedIsGivenBackToTheSystem()
{
    QVERIFY(processMemoryBytes());
    constexpr std::size_t kBlock = 64 * 1024, kBlocks = 2000; // small enough that an allocator keeps them when they are freed
    std::vector<std::vector<char>> blocks;
    for (std::size_t i = 0; i < kBlocks; ++i)
        blocks.emplace_back(kBlock, char(1));
    const std::vector<char> last(kBlock, char(1)); // above them: the heap can't just become shorter
    const std::uint64_t with = *processMemoryBytes();
    blocks.clear();
    releaseFreedMemory();
    const std::uint64_t without = *processMemoryBytes();
    QVERIFY2(without + kBlock * kBlocks / 2 < with, qPrintable(QString("%1 MB, then %2 MB").arg(with >> 20).arg(without >> 20)));
}

QTEST_GUILESS_MAIN(ProcessMemoryTest)
#include "process_memory_test.moc"
