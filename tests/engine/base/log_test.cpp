#include "engine/base/log.h"

#include "tests/support/test_folder.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace whisker;
using namespace whisker::test;

class LogTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beforeTheStartNothingHappens();
    void messagesAreInTheFile();
    void aMessageIsNoFormat();
    void anUnwritableLogDoesNotStopAnything();
    void threadsWriteWholeLines();
};

void LogTest::beforeTheStartNothingHappens()
{
    logMessage(LogLevel::Error, "unheard");
}

void LogTest::messagesAreInTheFile()
{
    const TestFolder folder;
    startLog(folder / "logs" / "whisker.log", false);
    logMessage(LogLevel::Info, "hello");
    logMessage(LogLevel::Warning, "careful");
    const auto text = fileBytes(folder / "logs" / "whisker.log");
    QVERIFY(text.find("hello") != std::string::npos);
    QVERIFY(text.find("careful") != std::string::npos);
    QVERIFY(text.find("unheard") == std::string::npos);
}

void LogTest::aMessageIsNoFormat()
{
    const TestFolder folder;
    startLog(folder / "whisker.log", false);
    logMessage(LogLevel::Info, "100 % of {} %s");
    QVERIFY(fileBytes(folder / "whisker.log").find("100 % of {} %s") != std::string::npos);
}

void LogTest::anUnwritableLogDoesNotStopAnything()
{
    const TestFolder folder;
    startLog(folder.write("file", "x") / "whisker.log", false); // below a file there is no folder
    logMessage(LogLevel::Error, "lost");
    QCOMPARE(fileBytes(folder / "file"), "x");
}

void LogTest::threadsWriteWholeLines()
{
    const TestFolder folder;
    startLog(folder / "whisker.log", false);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([] {
                for (int i = 0; i < 100; ++i)
                    logMessage(LogLevel::Info, "begin-end");
            });
    }
    const auto text = fileBytes(folder / "whisker.log");
    QCOMPARE(std::count(text.begin(), text.end(), '\n'), 400);
    std::size_t whole = 0;
    for (auto at = text.find("begin-end\n"); at != std::string::npos; at = text.find("begin-end\n", at + 1))
        ++whole;
    QCOMPARE(whole, 400u);
}

QTEST_GUILESS_MAIN(LogTest)
#include "log_test.moc"
