#include "engine/train/run_notes.h"

#include "engine/train/run_folder.h"
#include "tests/support/test_folder.h"

#include <QTest>

namespace whisker {

using test::errorText;
using test::TestFolder;

namespace {

std::filesystem::path runIn(const TestFolder &folder)
{
    RunReceipt receipt;
    receipt.started = "2025-01-01T00:00:00Z";
    folder.write(std::filesystem::path("run") / kReceiptFile, toJson(receipt));
    return folder / "run";
}

} // namespace

class RunNotesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNoteIsKeptAndReadWithTheRun()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        QVERIFY(readRunNote(run).empty());
        const auto written = writeRunNote(run, "  Größeres Netz,\nmit Mixup \n");
        QVERIFY2(written, errorText(written));
        QCOMPARE(readRunNote(run), "Größeres Netz,\nmit Mixup");
        QCOMPARE(readRunSummary(run)->note, "Größeres Netz,\nmit Mixup");
        QCOMPARE(listRuns(folder.path()).front().note, readRunNote(run));
    }

    void anEmptyNoteTakesTheFileAway()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        QVERIFY(writeRunNote(run, "something"));
        QVERIFY(writeRunNote(run, " \n"));
        QVERIFY(!std::filesystem::exists(run / kNoteFile));
        QVERIFY(writeRunNote(run, "")); // once more is no error
    }

    void badBytesAreReplacedAndTooMuchIsCutBetweenLetters()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        const auto file = std::filesystem::path("run") / kNoteFile;
        folder.write(file, "good \xff\xfe bad");
        QCOMPARE(readRunNote(run), "good \uFFFD\uFFFD bad");
        std::string umlauts = "x";
        while (umlauts.size() < 10 * kMostNoteBytes)
            umlauts += "ä";
        folder.write(file, umlauts);
        const std::string note = readRunNote(run);
        QVERIFY(note.size() <= kMostNoteBytes && note.size() > kMostNoteBytes - 4);
        QVERIFY(note.find("\uFFFD") == std::string::npos);
    }

    void whatIsNoFileCountsAsNoNote()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        std::filesystem::create_directory(run / kNoteFile);
        QVERIFY(readRunNote(run).empty());
        QVERIFY(readRunSummary(run).has_value());
        QVERIFY(!writeRunNote(run, "text"));
    }

    void aNoteThatIsTooLongOrHasNoRunIsRefused()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        QVERIFY(writeRunNote(run, "short"));
        QCOMPARE(writeRunNote(run, std::string(kMostNoteBytes + 1, 'x')).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(readRunNote(run), "short");
        QCOMPARE(writeRunNote(folder / "nowhere", "text").error().code, ErrorCode::InvalidArgument);
        QVERIFY(!std::filesystem::exists(folder / "nowhere"));
    }

    void aNoteGoesWithItsRun()
    {
        const TestFolder folder;
        const auto run = runIn(folder);
        QVERIFY(writeRunNote(run, "text"));
        QVERIFY(removeRun(run));
        QVERIFY(!std::filesystem::exists(run));
    }
};

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::RunNotesTest)
#include "run_notes_test.moc"
