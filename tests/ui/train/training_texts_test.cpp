#include "ui/train/training_texts.h"

#include "engine/train/wilson_interval.h"
#include "ui/texts.h"
#include "ui/train/run_texts.h"

#include <QLocale>
#include <QTest>

using namespace whisker;
using namespace std::chrono_literals;

class TrainingTextsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timesToComeAreRough()
    {
        QCOMPARE(roughTimeText(3s), "a few seconds");
        QCOMPARE(roughTimeText(38s), "about 40 s");
        QCOMPARE(roughTimeText(100s), "about 2 min");
        QCOMPARE(roughTimeText(80min), "about 1 h 20 min");
    }

    void aTimeToComeIsARangeWhereItIsNotNarrow()
    {
        QCOMPARE(timeRangeText({1, 2, 5}), "less than 10 s");
        QCOMPARE(timeRangeText({18, 28, 43}), "20 to 40 s");
        QCOMPARE(timeRangeText({30, 60, 170}), "1 to 3 min");
        QCOMPARE(timeRangeText({10, 60, 170}), "less than 3 min");
        QCOMPARE(timeRangeText({130, 170, 230}), "2 to 4 min");
        QCOMPARE(timeRangeText({110, 120, 130}), "about 2 min");
        QCOMPARE(timeRangeText({4, 4.5, 5}), "a few seconds");
        QCOMPARE(timeRangeText({5000, 7600, 10500}), QLocale().toString(1.5) + " to 3 h");
    }

    void memoryIsToldWithWhatThereIs()
    {
        QCOMPARE(memoryText(412'000'000), "412 MB");
        QCOMPARE(memoryText(1'949'000'000), QLocale().toString(1.9) + " GB");
        QVERIFY(memoryTip({1'900'000'000, 24'000'000'000, false}).contains("machine"));
        QVERIFY(memoryTip({1'900'000'000, 24'000'000'000, false}).contains("24"));
        QVERIFY(memoryTip({1'900'000'000, 0, true}).contains("GPU"));
        QVERIFY(!memoryTip({1'900'000'000, 0, true}).contains("in all"));
    }

    void waitingForPicturesIsCountedAndWhereItIsMuchExplained()
    {
        QCOMPARE(waitText({200, 0, 0.0}), "0 %");
        QCOMPARE(waitText({200, 1, 0.003}), "under 1 %");
        QCOMPARE(waitText({200, 7, 0.021}), "2 %");
        QCOMPARE(waitTip({200, 7, 0.021}), "In 7 of 200 steps the network was ready before their pictures were: 2 % of the time.");
        QVERIFY(waitTip({200, 150, 0.4}).contains("cache"));
    }

    void timesThatPassedAreAsExactAsOneNeeds()
    {
        QCOMPARE(durationText(2840ms), "2.8 s");
        QCOMPARE(durationText(42s), "42 s");
        QCOMPARE(durationText(11min), "11 min");
        QCOMPARE(durationText(120min), "2 h");
    }

    void momentsAreToldAsOneSpeaksOfThem()
    {
        const QDateTime now(QDate(2025, 3, 12), QTime(14, 0));
        QCOMPARE(momentText(QDateTime(QDate(2025, 3, 12), QTime(13, 58)), now), "13:58");
        QCOMPARE(momentText(QDateTime(QDate(2025, 3, 11), QTime(9, 5)), now), QLocale().dayName(2, QLocale::ShortFormat));
        QVERIFY(momentText(QDateTime(QDate(2024, 3, 11), QTime(9, 5)), now).contains("2024"));
    }

    /// Golden values: the formula of Wilson (1927) worked out for 54 of 55 and 10 of 10, z = 1.959964.
    void theIntervalIsWilsons()
    {
        const auto [low, high] = wilsonInterval(54, 55);
        QVERIFY(std::abs(low - 0.9039) < 0.0005);
        QVERIFY(std::abs(high - 0.9968) < 0.0005);
        const auto all = wilsonInterval(10, 10);
        QVERIFY(std::abs(all.first - 0.7225) < 0.0005);
        QCOMPARE(all.second, 1.0);
    }

    void fewPicturesAreCalledTooFew()
    {
        QVERIFY(certaintyText(9, 10).contains("too few"));
        QVERIFY(!certaintyText(54, 55).contains("too few"));
        QVERIFY(certaintyText(54, 55).contains("90 %"));
    }

    void whatIsNoBetterThanOneClassIsCalledUseless()
    {
        const CommonClass dog{"dog", 38, 56};
        QCOMPARE(uselessText(38, 56, dog), "No better than always saying dog (67.9 %).");
        QCOMPARE(uselessText(41, 56, dog), "Not surely better than always saying dog (67.9 %).");
        QCOMPARE(uselessText(55, 56, dog), "");
        QCOMPARE(uselessText(37, 55, dog), ""); // of other pictures
    }

    void theCommonClassIsCountedInItsSplit()
    {
        const Snapshot snapshot{{"cat", "dog"}, {{"a", 0, Split::Train, {}}, {"b", 0, Split::Train, {}}, {"c", 1, Split::Test, {}}, {"d", 1, Split::Test, {}}, {"e", 0, Split::Test, {}}}};
        QCOMPARE(commonClass(snapshot, Split::Test), (CommonClass{"dog", 2, 3}));
        QCOMPARE(commonClass(snapshot, Split::Validation), std::nullopt);
    }

    void aTitleSaysFineTunedOnlyOfWhatIs()
    {
        RunReceipt receipt;
        receipt.config.mode = TrainMode::FineTune;
        receipt.config.architecture = "lite0";
        QCOMPARE(recipeTitle(receipt), "EfficientNet-Lite0, fine-tuning");
        receipt.status = RunStatus::Completed;
        QCOMPARE(recipeTitle(receipt), "EfficientNet-Lite0, quick (not fine-tuned)");
        receipt.epochs = 5;
        QCOMPARE(recipeTitle(receipt), "EfficientNet-Lite0, quick (fine-tuning was no better)");
        receipt.bestEpoch = 3;
        QCOMPARE(recipeTitle(receipt), "EfficientNet-Lite0, fine-tuned");
    }

    void theVerdictCountsBothSides()
    {
        QCOMPARE(verdictText(54, 55), "right on 55 test pictures it has not seen (54 right, 1 wrong)");
    }
};

QTEST_GUILESS_MAIN(TrainingTextsTest)
#include "training_texts_test.moc"
