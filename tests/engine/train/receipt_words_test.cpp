#include "engine/train/receipt_words.h"

#include <QTest>

#include <algorithm>

using namespace whisker;

namespace {

std::string valueOf(const std::vector<ReceiptLine> &lines, const char *name)
{
    const auto line = std::ranges::find(lines, std::string(name), &ReceiptLine::name);
    return line == lines.end() ? "no such line" : line->value;
}

RunReceipt receiptOf(TrainMode mode)
{
    RunReceipt receipt;
    receipt.snapshotDigest = "0123456789abcdef0123456789abcdef";
    receipt.classes = {"cat", "dog"};
    receipt.trainImages = 259;
    receipt.status = RunStatus::Completed;
    receipt.config.mode = mode;
    receipt.config.architecture = "resnet18";
    receipt.config.optimizer = OptimizerKind::Sgd;
    receipt.device = "CPU, 2 threads, bf16";
    receipt.versions = {{"whisker", "0.1.0"}, {"libtorch", "2.13"}};
    return receipt;
}

RunReceipt measuredReceipt()
{
    RunReceipt receipt = receiptOf(TrainMode::Scratch);
    receipt.validationAccuracy = 0.9732;
    receipt.testCorrect = 54;
    receipt.testTotal = 55;
    receipt.seconds = 742.4;
    receipt.imagesPerSecond = 66.7;
    receipt.peakMemoryBytes = 1'539'000'000;
    receipt.loaderWait = LoaderWait{340, 12, 0.031};
    return receipt;
}

} // namespace

class ReceiptWordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatBecameOfARun()
    {
        RunReceipt receipt = measuredReceipt();
        receipt.epochs = 20;
        receipt.bestEpoch = 17;
        const auto outcome = receiptWords(receipt).outcome;
        QCOMPARE(valueOf(outcome, "Status"), "completed");
        QCOMPARE(valueOf(outcome, "Best epoch"), "17");
        QCOMPARE(valueOf(outcome, "Validation"), "97.3 %");
        QCOMPARE(valueOf(outcome, "Test"), "98.2 % (54 of 55)");
        QCOMPARE(valueOf(outcome, "Time"), "12 min 22 s");
        QCOMPARE(valueOf(outcome, "Speed"), "67 img/s");
        QCOMPARE(valueOf(outcome, "Memory at most"), "1.5 GB");
        QCOMPARE(valueOf(outcome, "Waited for pictures"), "3 %, 12 of 340 steps");
    }

    void aRunIsToldInFewLines()
    {
        RunReceipt receipt = measuredReceipt();
        receipt.validationImages = 55;
        receipt.testImages = 55;
        receipt.config.sizePx = 96;
        receipt.config.epochs = 20;
        receipt.epochs = 12;
        receipt.bestEpoch = 7;
        receipt.notes = {"Training ended after epoch 12 of 20."};
        const std::vector<ReceiptLine> told = {{"Pictures", "259 to learn from, 55 to validate with and 55 to test with"},
                                               {"Classes", "cat, dog"},
                                               {"Network", "ResNet-18, from scratch, 96 px"},
                                               {"Device", "CPU, 2 threads, bf16"},
                                               {"Epochs", "12 of 20, best 7"},
                                               {"Time", "12 min 22 s, 67 img/s, 1.5 GB of memory at most, 3 % of the time waiting for pictures"},
                                               {"Validation", "97.3 %"},
                                               {"Test", "98.2 % (54 of 55); expect 90 % to 99.6 % with new pictures like these"},
                                               {"Note", "Training ended after epoch 12 of 20."}};
        QVERIFY(receiptInShort(receipt) == told);
    }

    void ofAFewLinesThoseThatSayNothingAreLeftOut()
    {
        const std::vector<ReceiptLine> quick = receiptInShort(receiptOf(TrainMode::Quick));
        for (const char *absent : {"Status", "Continues", "Epochs", "Validation", "Test", "Note"})
            QCOMPARE(valueOf(quick, absent), "no such line");
        QCOMPARE(valueOf(quick, "Pictures"), "259 to learn from");
        RunReceipt failed = receiptOf(TrainMode::Quick);
        failed.status = RunStatus::Failed;
        failed.message = "The disk is full.";
        QCOMPARE(valueOf(receiptInShort(failed), "Status"), "failed");
        QCOMPARE(valueOf(receiptInShort(failed), "Note"), "The disk is full.");
    }

    void ofManyClassesTheFirstAreNamed()
    {
        RunReceipt receipt = receiptOf(TrainMode::Quick);
        receipt.classes = {"a", "b", "c", "d", "e", "f", "g"};
        QCOMPARE(valueOf(receiptInShort(receipt), "Classes"), "a, b, c, d, e, f, g");
        receipt.classes.push_back("h");
        QCOMPARE(valueOf(receiptInShort(receipt), "Classes"), "a, b, c, d, e, f and 2 more");
    }

    void whatARunHasNotIsEmptyAndInItsPlace()
    {
        const auto full = receiptWords(receiptOf(TrainMode::Scratch)), none = receiptWords({});
        QCOMPARE(none.outcome.size(), full.outcome.size());
        QCOMPARE(none.data.size(), full.data.size());
        QCOMPARE(valueOf(none.outcome, "Test"), "");
        QCOMPARE(valueOf(none.outcome, "Epochs"), "");
        QCOMPARE(valueOf(none.outcome, "Waited for pictures"), "");
        QCOMPARE(valueOf(none.outcome, "Status"), "unfinished");
        QVERIFY(none.origin.empty());
        QVERIFY(none.machine.empty());
    }

    void timesAreSaidAsTheyAreLong()
    {
        const auto time = [](double seconds) {
            RunReceipt receipt;
            receipt.seconds = seconds;
            return valueOf(receiptWords(receipt).outcome, "Time");
        };
        QCOMPARE(time(2.84), "2.8 s");
        QCOMPARE(time(99.9), "99.9 s");
        QCOMPARE(time(3599.4), "59 min 59 s");
        QCOMPARE(time(3599.6), "1 h 0 min");
        QCOMPARE(time(90061), "25 h 1 min");
    }

    void aSettingThatPlaysNoPartIsLeftOut()
    {
        const auto scratch = receiptWords(receiptOf(TrainMode::Scratch)).settings;
        QCOMPARE(valueOf(scratch, "Network"), "ResNet-18");
        QCOMPARE(valueOf(scratch, "Optimizer"), "SGD");
        QVERIFY(valueOf(scratch, "Momentum") != "no such line");
        const auto quick = receiptWords(receiptOf(TrainMode::Quick)).settings;
        QCOMPARE(valueOf(quick, "Mode"), "quick");
        QCOMPARE(valueOf(quick, "Optimizer"), "no such line");
        QVERIFY(std::ranges::none_of(scratch, [](const ReceiptLine &line) { return line.value.empty(); }));
    }

    void saysWhereARunComesFrom()
    {
        RunReceipt receipt = receiptOf(TrainMode::Scratch);
        receipt.startModel = "/models/pets.safetensors";
        receipt.cycles = {{0, 20}, {180, 40}};
        const auto words = receiptWords(receipt);
        QCOMPARE(valueOf(words.origin, "Snapshot"), "0123456789ab");
        QCOMPARE(valueOf(words.origin, "Continues"), "/models/pets.safetensors");
        QCOMPARE(valueOf(words.origin, "Made longer"), "from 20 to 40 epochs");
        QCOMPARE(valueOf(words.data, "Classes"), "cat, dog");
        QCOMPARE(valueOf(words.machine, "LibTorch"), "2.13");
        receipt.cycles = {{0, 20}};
        QCOMPARE(valueOf(receiptWords(receipt).origin, "Made longer"), "no such line");
    }
};

QTEST_GUILESS_MAIN(ReceiptWordsTest)
#include "receipt_words_test.moc"
