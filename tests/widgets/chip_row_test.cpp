#include "widgets/chip_row.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;

class ChipRowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void exactlyOneChipIsChosen();
    void newCountsKeepTheButtonsAndTheChoice();
    void aChipThatGoesAwayGivesItsChoiceToTheFirst();
    void whatHasNoRoomIsHiddenButNeverTheChosenOne();
};

void ChipRowTest::exactlyOneChipIsChosen()
{
    ChipRow row;
    row.resize(600, 24);
    QSignalSpy changed(&row, &ChipRow::currentChanged);
    row.setChips({{"all", "All"}, {"cat", "cat", 0, 120}, {"dog", "dog", 1, 250}});
    QCOMPARE(row.currentId(), "all");
    row.chip("dog")->click();
    QCOMPARE(row.currentId(), "dog");
    QVERIFY(!row.chip("all")->isChecked());
    QCOMPARE(changed.size(), 2);
    row.chip("dog")->click();
    QVERIFY(row.chip("dog")->isChecked());
    QCOMPARE(changed.size(), 2);
}

void ChipRowTest::newCountsKeepTheButtonsAndTheChoice()
{
    ChipRow row;
    row.setChips({{"all", "All"}, {"cat", "cat", 0, 120}});
    row.setCurrentId("cat");
    const Chip *before = row.chip("cat");
    QSignalSpy changed(&row, &ChipRow::currentChanged);
    row.setChips({{"all", "All"}, {"cat", "cat", 0, 121}, {"dog", "dog", 1, 1}});
    QCOMPARE(row.chip("cat"), before);
    QCOMPARE(row.chip("cat")->count(), 121);
    QCOMPARE(row.currentId(), "cat");
    QCOMPARE(changed.size(), 0);
}

void ChipRowTest::aChipThatGoesAwayGivesItsChoiceToTheFirst()
{
    ChipRow row;
    row.setChips({{"all", "All"}, {"cat", "cat", 0, 120}});
    row.setCurrentId("cat");
    QSignalSpy changed(&row, &ChipRow::currentChanged);
    row.setChips({{"all", "All"}});
    QCOMPARE(row.chipCount(), 1);
    QCOMPARE(row.currentId(), "all");
    QCOMPARE(changed.size(), 1);
}

void ChipRowTest::whatHasNoRoomIsHiddenButNeverTheChosenOne()
{
    ChipRow row;
    row.resize(400, 24);
    std::vector<ChipItem> chips;
    for (int i = 0; i < 30; ++i)
        chips.push_back({QString::number(i), QStringLiteral("class %1").arg(i), i, i});
    row.setChips(chips);
    row.setCurrentId("20");
    row.show();
    QVERIFY(row.chip("20")->isVisible());
    QVERIFY(row.chip("0")->isVisible());
    QVERIFY(!row.chip("29")->isVisible());
    for (const Chip *chip : row.findChildren<Chip *>())
        QVERIFY2(chip->isHidden() || chip->geometry().right() < row.width(), qPrintable(chip->text()));
}

QTEST_MAIN(ChipRowTest)
#include "chip_row_test.moc"
