#include "tests/app/cli_runner.h"

#include <QRegularExpression>
#include <QTest>

using namespace whisker::test;

namespace {

/// A line of a terminal: what was shown in it, one after the other.
QStringList states(const QString &line)
{
    return line.split("\r\x1b[K");
}

} // namespace

/// What a person sees of whisker-cli on a terminal.
class CliTerminalTest : public QObject {
    Q_OBJECT

private:
    static QStringList training(const QString &data)
    {
        return {"train", data, "--out", "m.safetensors", "--run", "run", "--mode", "scratch", "--model", "small", "--size", "32", "--batch", "4",
                "--epochs", "2", "--threads", "1"};
    }

    TestFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets/train", 0, 10);
        linkPictures(m_folder, "pets/val", 10, 4);
    }

    void aTrainingShowsWhatFitsAndKeepsALineOfEachEpoch_data()
    {
        QTest::addColumn<int>("columns");
        QTest::addColumn<QString>("alsoShown");
        QTest::newRow("narrow") << 60 << " left";
        QTest::newRow("usual") << 80 << " left, \\d+ img/s";
        QTest::newRow("wide") << 140 << " left, .*, Training all layers$";
    }
    void aTrainingShowsWhatFitsAndKeepsALineOfEachEpoch()
    {
        QFETCH(int, columns);
        QFETCH(QString, alsoShown);
        const Answer answer = runCli(m_folder, training("pets"), {.columns = columns});
        QVERIFY2(answer.code == 0, answer.messages);
        QStringList shown, kept;
        for (const QString &line : QString::fromUtf8(answer.messages).split('\n')) {
            shown += states(line);
            kept += states(line).last();
        }
        const QStringList bars = shown.filter(QRegularExpression(R"(^\[)"));
        for (const QString &text : columns < 80 ? bars : shown) // a narrower terminal goes on with the others in its next line
            QVERIFY2(text.size() < columns, qPrintable(text));
        static const QRegularExpression whole(R"(^\[[# ]{16}\] (epoch [12] of 2|\d+ of \d+ pictures)(, (less than |about |[\d.]+ to )[\d.]+ (s|min|h) left)?)"
                                              R"((, \d+ img/s)?(, [\d.]+ GB)?(, step \d+ of \d+)?(, [A-Z][a-z ]+)?$)");
        for (const QString &bar : bars)
            QVERIFY2(whole.match(bar).hasMatch(), qPrintable(bar));
        QVERIFY2(!bars.filter(QRegularExpression(R"(epoch [12] of 2, [^,]+)" + alsoShown)).isEmpty(), qPrintable(bars.join('\n')));
        static const QRegularExpression epoch(R"(^epoch [12]: validation [\d.]+ % right, loss [\d.]+; training loss [\d.]+$)");
        QCOMPARE(kept.filter(epoch).size(), 2);
        QVERIFY2(kept.filter("[").isEmpty(), answer.messages); // the bar is gone
        QVERIFY2(answer.output.startsWith("Pictures    20 to learn from and 8 to validate with\nClasses     cat, dog\n"), answer.output);
    }

    void atTheEndARunIsToldWithinTheWidthOfTheTerminal()
    {
        const Answer wide = runCli(m_folder, training("pets"), {.columns = 200, .outputToo = true});
        QVERIFY2(wide.code == 0, wide.messages);
        static const QRegularExpression told(R"(Pictures    20 to learn [^\n]*\nClasses  [^\n]*\nNetwork     Small [^\n]*, from scratch, 32 px\nDevice  [^\n]*\nEpochs      2, best [12]\n)"
                                             R"(Time        [\d.]+ s, \d+ img/s, [^\n]*\nValidation  [\d.]+ %\nModel       m.safetensors\nRun         run\n$)");
        QVERIFY2(told.match(QString::fromUtf8(wide.messages)).hasMatch(), wide.messages);
        const Answer narrow = runCli(m_folder, training("pets"), {.columns = 50, .outputToo = true});
        const QStringList lines = QString::fromUtf8(narrow.messages.mid(narrow.messages.indexOf("Pictures    "))).split('\n');
        QVERIFY2(lines.size() > 10 && !lines.filter(QRegularExpression("^ {12}\\S")).isEmpty(), narrow.messages);
        for (const QString &line : lines)
            QVERIFY2(line.size() < 50, qPrintable(line));
    }

    void elsewhereALineOfEachEpochIsAllThatMoves()
    {
        const Answer answer = runCli(m_folder, training("pets"));
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY2(!answer.messages.contains('\r') && !answer.messages.contains("] epoch"), answer.messages);
        QCOMPARE(answer.messages.count("% right, loss "), 2);
        QCOMPARE(answer.messages.count("; training loss "), 2);
    }

    void withoutValidationAnEpochsLineHasItsTrainingLoss()
    {
        linkPictures(m_folder, "few", 20, 2); // of so few none are set aside
        std::string list = "file,label,split,split_fixed\n";
        for (const char *label : {"cat", "dog"}) {
            for (const auto &picture : std::filesystem::directory_iterator(m_folder / "few" / label))
                list += picture.path().string() + "," + label + ",train,\n";
        }
        m_folder.write("list.csv", list);
        QCOMPARE(runCli(m_folder, {"import", "project", "list.csv"}).code, 0);
        const Answer answer = runCli(m_folder, training("project"));
        QVERIFY2(answer.code == 0, answer.messages);
        static const QRegularExpression lines(R"(\nepoch 1: training loss [\d.]+\nepoch 2: training loss [\d.]+\nTesting)");
        QVERIFY2(lines.match(answer.messages).hasMatch(), answer.messages);
    }
};

QTEST_GUILESS_MAIN(CliTerminalTest)
#include "cli_terminal_test.moc"
