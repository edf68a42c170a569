#include "engine/train/test_answers.h"

#include "engine/base/path_text.h"
#include "engine/train/answerer.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <cmath>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

TestAnswer answer(std::uint64_t picture, const std::string &label, const std::string &said)
{
    return {"/pictures/" + std::to_string(picture) + ".jpg", label, said, 0.75, {picture, 1}};
}

const std::string kLine = R"({"file":"a.jpg","label":"cat","answer":"dog","probability":0.75,"hash":"00000000000000010000000000000002"})";

TrainConfig shortConfig(TrainMode mode)
{
    TrainConfig config = scratchConfig(1);
    config.mode = mode;
    config.precision = Precision::Float32;
    if (mode != TrainMode::Scratch) {
        config.architecture.clear();
        config.sizePx = 64;
    }
    if (mode == TrainMode::Quick)
        config.epochs = 0;
    return config;
}

TrainOutput goneOn(TrainOutput output, int more = 0)
{
    output.resume = true;
    output.moreEpochs = more;
    return output;
}

bool areOfTheTestOnTheReceipt(const std::vector<TestAnswer> &answers, const std::filesystem::path &run)
{
    const auto summary = readRunSummary(run);
    const auto right = static_cast<std::size_t>(std::ranges::count_if(answers, &TestAnswer::right));
    return summary && answers.size() == summary->receipt.testTotal && right == summary->receipt.testCorrect;
}

} // namespace

class TestAnswersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsReadAgain();
    void aFileThatIsNotWhatWasWrittenIsRefused_data();
    void aFileThatIsNotWhatWasWrittenIsRefused();
    void picturesArePairedByContentAndLabelInAnyOrder();
    void aPictureThatStandsMoreThanOnceIsPairedAsOften();
    void aRunKeepsWhatItsModelSaysOfEveryTestPicture_data();
    void aRunKeepsWhatItsModelSaysOfEveryTestPicture();
    void aTestPictureThatCannotBeReadIsLeftOut_data();
    void aTestPictureThatCannotBeReadIsLeftOut();
    void aRunWithoutATestKeepsNone();
    void aRunThatIsMadeLongerKeepsThoseOfItsNewTest();
    void aRunThatIsStoppedAfterItWentOnKeepsNoneOfItsOldTest();
    void aRunThatFailsAfterItWentOnKeepsNoneOfItsOldTest();
    void aRunThatCannotGoOnKeepsThoseItHas();
    void aRunIsKeptWhereItsAnswersCannotBeWritten();
    void aNewRunInAnOldFolderRemovesThemAndSoDoesDeleting();
};

void TestAnswersTest::whatIsWrittenIsReadAgain()
{
    const TestFolder folder;
    std::vector<TestAnswer> answers = {answer(1, "cat", "dog"), answer(2, "größe \"5\", 6", "cat")};
    answers[1].probability = 1.0;
    QVERIFY(writeTestAnswers(folder.path(), answers));
    const auto read = readTestAnswers(folder.path());
    QVERIFY2(read, errorText(read));
    QVERIFY(*read == answers);
    QVERIFY(!answers[0].right());
    const std::string text = test::fileBytes(folder / kTestAnswersFile);
    QCOMPARE(text.substr(0, text.find('\n')),
             R"({"file":"/pictures/1.jpg","label":"cat","answer":"dog","probability":0.75,"hash":"00000000000000010000000000000001"})");
    QCOMPARE(readTestAnswers(folder / "nowhere").error().code, ErrorCode::NotFound);
}

void TestAnswersTest::aFileThatIsNotWhatWasWrittenIsRefused_data()
{
    const auto row = [](const char *name, const std::string &text) { QTest::newRow(name) << QByteArray::fromStdString(text); };
    const auto with = [](std::string_view before, std::string_view now) { return std::string(kLine).replace(kLine.find(before), before.size(), now) + "\n"; };
    QTest::addColumn<QByteArray>("text");
    row("torn", kLine + "\n" + kLine.substr(0, 60));
    row("without its last end", kLine + "\n" + kLine);
    row("an empty line", kLine + "\n\n");
    row("no JSON", "file,label\n");
    row("no object", "[1]\n");
    row("a number for a name", with("\"cat\"", "7"));
    row("no label", with("\"label\"", "\"class\""));
    row("no hash", with("0002\"", "000x\""));
    row("a number for a hash", with("\"00000000000000010000000000000002\"", "2"));
    row("more than certain", with("0.75", "1.5"));
    row("no probability", with("0.75", "null"));
    row("bytes", std::string("\0\xff\xfe\n", 4));
}

void TestAnswersTest::aFileThatIsNotWhatWasWrittenIsRefused()
{
    QFETCH(QByteArray, text);
    const TestFolder folder;
    folder.write(kTestAnswersFile, kLine + "\n");
    QVERIFY(readTestAnswers(folder.path()).has_value());
    folder.write(kTestAnswersFile, text.toStdString());
    const auto read = readTestAnswers(folder.path());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY2(read.error().message.find("test.jsonl: line ") != std::string::npos, errorText(read));
}

void TestAnswersTest::picturesArePairedByContentAndLabelInAnyOrder()
{
    const std::vector<TestAnswer> first = {answer(1, "cat", "cat"), answer(2, "cat", "cat"), answer(3, "dog", "cat"), answer(4, "dog", "cat"),
                                           answer(5, "cat", "cat")};
    const std::vector<TestAnswer> second = {answer(9, "dog", "dog"), answer(5, "dog", "dog"), answer(4, "dog", "cat"),
                                            answer(3, "dog", "dog"), answer(2, "cat", "dog"), answer(1, "cat", "cat")}; // 5 has another label
    QVERIFY((pairedAnswers(first, second) == PairedAnswers{4, 1, 1, 1}));
    QVERIFY((pairedAnswers(second, {answer(1, "cat", "dog")}) == PairedAnswers{1, 0, 1, 0}));
    QVERIFY(pairedAnswers(first, {}) == PairedAnswers());
}

void TestAnswersTest::aPictureThatStandsMoreThanOnceIsPairedAsOften()
{
    const TestAnswer right = answer(1, "cat", "cat"), wrong = answer(1, "cat", "dog");
    QVERIFY((pairedAnswers({right, right, right}, {wrong, wrong}) == PairedAnswers{2, 0, 2, 0}));
    QVERIFY((pairedAnswers({right, wrong, answer(1, "dog", "dog")}, {wrong, right}) == PairedAnswers{2, 1, 0, 0}));
}

void TestAnswersTest::aRunKeepsWhatItsModelSaysOfEveryTestPicture_data()
{
    QTest::addColumn<TrainMode>("mode");
    QTest::newRow("quick") << TrainMode::Quick;
    QTest::newRow("fine-tune") << TrainMode::FineTune;
    QTest::newRow("scratch") << TrainMode::Scratch;
}

void TestAnswersTest::aRunKeepsWhatItsModelSaysOfEveryTestPicture()
{
    QFETCH(TrainMode, mode);
    const TestFolder folder;
    const Snapshot pictures = test::unlearnablePhotographs({8, 4, 6});
    const auto report = train(shared(pictures), shortConfig(mode), outputIn(folder));
    QVERIFY2(report, errorText(report));
    const auto answers = readTestAnswers(report->run);
    QVERIFY2(answers, errorText(answers));
    QVERIFY(areOfTheTestOnTheReceipt(*answers, report->run));
    const std::vector<std::size_t> entries = pictures.indicesOf(Split::Test);
    QCOMPARE(answers->size(), entries.size());
    const auto answerer = Answerer::load(report->model, {.precision = Precision::Float32, .device = "cpu", .threads = 1});
    QVERIFY2(answerer, errorText(answerer));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const SnapshotEntry &entry = pictures.entries[entries[i]];
        const TestAnswer &kept = (*answers)[i];
        const auto now = answerer->answer(entry.file);
        QVERIFY2(now, errorText(now));
        const auto greatest = std::ranges::max_element(now->probabilities);
        QCOMPARE(kept.picture, entry.hash);
        QCOMPARE(kept.file, pathText(entry.file));
        QCOMPARE(kept.label, pictures.classes[static_cast<std::size_t>(entry.label)]);
        QCOMPARE(kept.answer, pictures.classes[static_cast<std::size_t>(greatest - now->probabilities.begin())]);
        QVERIFY2(std::abs(kept.probability - *greatest) < 1e-3, qPrintable(QString::number(kept.probability - *greatest)));
        wrong += kept.right() ? 0 : 1;
    }
    QVERIFY(wrong > 0 && wrong < entries.size()); // or it would not matter whose answer is whose
}

void TestAnswersTest::aTestPictureThatCannotBeReadIsLeftOut_data()
{
    QTest::addColumn<TrainMode>("mode");
    QTest::newRow("quick") << TrainMode::Quick;
    QTest::newRow("scratch") << TrainMode::Scratch;
}

void TestAnswersTest::aTestPictureThatCannotBeReadIsLeftOut()
{
    QFETCH(TrainMode, mode);
    const TestFolder folder;
    Snapshot pictures = drawnSnapshot(folder);
    const SnapshotEntry gone = pictures.entries[pictures.indicesOf(Split::Test)[1]];
    folder.write(gone.file, "no picture");
    const auto report = train(shared(pictures), shortConfig(mode), outputIn(folder));
    QVERIFY2(report, errorText(report));
    const auto answers = readTestAnswers(report->run);
    QVERIFY2(answers, errorText(answers));
    QCOMPARE(answers->size(), 7u);
    QVERIFY(areOfTheTestOnTheReceipt(*answers, report->run));
    std::vector<ContentHash> asked, readable;
    for (const TestAnswer &kept : *answers)
        asked.push_back(kept.picture);
    for (const std::size_t entry : pictures.indicesOf(Split::Test)) {
        if (pictures.entries[entry].hash != gone.hash)
            readable.push_back(pictures.entries[entry].hash);
    }
    QVERIFY(asked == readable);
}

void TestAnswersTest::aRunWithoutATestKeepsNone()
{
    const TestFolder folder;
    const auto report = train(shared(drawnSnapshot(folder, {8, 4, 0})), scratchConfig(1), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(readTestAnswers(report->run).error().code, ErrorCode::NotFound);
}

void TestAnswersTest::aRunThatIsMadeLongerKeepsThoseOfItsNewTest()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    folder.write(first->run / kTestAnswersFile, "old");
    const auto longer = train(pictures, {}, goneOn(outputIn(folder), 1));
    QVERIFY2(longer, errorText(longer));
    const auto answers = readTestAnswers(first->run);
    QVERIFY2(answers, errorText(answers));
    QVERIFY(areOfTheTestOnTheReceipt(*answers, first->run));
}

void TestAnswersTest::aRunThatIsStoppedAfterItWentOnKeepsNoneOfItsOldTest()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    QVERIFY(readTestAnswers(first->run).has_value());
    std::stop_source source;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &) { source.request_stop(); };
    const auto stopped = train(pictures, {}, goneOn(outputIn(folder), 2), events, source.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    QCOMPARE(readTestAnswers(first->run).error().code, ErrorCode::NotFound);
}

void TestAnswersTest::aRunThatFailsAfterItWentOnKeepsNoneOfItsOldTest()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    TrainOutput output = goneOn(outputIn(folder), 1);
    output.modelFile = folder.write("taken/by a folder", "").parent_path();
    QVERIFY(!train(pictures, {}, output));
    QCOMPARE(readRunSummary(first->run)->receipt.status, RunStatus::Failed);
    QCOMPARE(readTestAnswers(first->run).error().code, ErrorCode::NotFound);
}

void TestAnswersTest::aRunThatCannotGoOnKeepsThoseItHas()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const auto first = train(pictures, scratchConfig(1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    for (const char *file : {kCheckpointFile, kPreviousCheckpointFile})
        folder.write(first->run / file, "damaged");
    QVERIFY(!train(pictures, {}, goneOn(outputIn(folder))));
    const auto answers = readTestAnswers(first->run);
    QVERIFY2(answers, errorText(answers));
    QVERIFY(areOfTheTestOnTheReceipt(*answers, first->run));
}

void TestAnswersTest::aRunIsKeptWhereItsAnswersCannotBeWritten()
{
    const TestFolder folder;
    folder.write(std::filesystem::path("run") / kTestAnswersFile / "in the way", "");
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QVERIFY(report->test && std::filesystem::exists(report->model));
    const auto says = [](const std::string &note) {
        return note.find("test.jsonl") != std::string::npos && note.find("compared with others more cautiously") != std::string::npos;
    };
    QCOMPARE(std::ranges::count_if(report->receipt.notes, says), 1);
    const RunReceipt receipt = readRunSummary(report->run)->receipt;
    QCOMPARE(receipt.notes, report->receipt.notes);
    QCOMPARE(receipt.status, RunStatus::Completed);
    QCOMPARE(receipt.testTotal, std::optional<std::size_t>(report->test->total));
}

void TestAnswersTest::aNewRunInAnOldFolderRemovesThemAndSoDoesDeleting()
{
    const TestFolder folder;
    const auto report = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder));
    QVERIFY2(report, errorText(report));
    bool thereMeanwhile = true;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &) { thereMeanwhile = std::filesystem::exists(report->run / kTestAnswersFile); };
    QVERIFY(train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder), events).has_value());
    QVERIFY(!thereMeanwhile);
    QVERIFY(readTestAnswers(report->run).has_value());
    QVERIFY(removeRun(report->run));
    QVERIFY(!std::filesystem::exists(report->run));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TestAnswersTest)
#include "test_answers_test.moc"
