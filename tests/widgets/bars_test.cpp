#include "widgets/probability_bars.h"
#include "widgets/share_bars.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QHelpEvent>
#include <QImage>
#include <QTest>
#include <QToolTip>

using namespace whisker;

class BarsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void theMostProbableComesFirstAndTheRestIsSummedUp();
    void countsStandAsTheyWereGiven();
    void percentagesNeverClaimMoreThanIsKnown();
    void barsShowTheirShareInTheColourOfTheClass();
    void aLongNameLeavesRoomForItsBar();
    void screenReadersHearTheRows();
    void splitsWithoutPicturesAreDrawnEmpty();
};

void BarsTest::theMostProbableComesFirstAndTheRestIsSummedUp()
{
    ProbabilityBars bars;
    bars.setMaximumRows(3);
    std::vector<ProbabilityRow> rows;
    for (int i = 0; i < 35; ++i)
        rows.push_back({QString::number(i), i, i == 7 ? 0.66 : 0.01});
    bars.setRows(rows);
    QCOMPARE(bars.shownRows().size(), std::size_t(3));
    QCOMPARE(bars.shownRows()[0].name, "7");
    QVERIFY(bars.rest());
    QVERIFY2(bars.rest()->name.contains("32"), qPrintable(bars.rest()->name));
    double sum = bars.rest()->share;
    for (const ProbabilityRow &row : bars.shownRows())
        sum += row.share;
    QVERIFY(std::abs(sum - 1.0) < 1e-9);
    bars.setMaximumRows(35);
    QVERIFY(!bars.rest());
}

void BarsTest::countsStandAsTheyWereGiven()
{
    ProbabilityBars bars;
    bars.setMaximumRows(1);
    bars.setRows({{"dog", 1, 0.2, 1}, {"cat", 0, 0.4, 2}, {"owl", 2, 0.2, 1}, {"hen", 3, 0.2, 1}});
    QCOMPARE(bars.shownRows()[0].name, "cat");
    QVERIFY(bars.rest());
    QCOMPARE(bars.rest()->count, 3);
    QVERIFY2(bars.accessibleDescription().startsWith("cat 2, ") && bars.accessibleDescription().endsWith(" 3"), qPrintable(bars.accessibleDescription()));
    bars.show();
    const auto tipAt = [&bars](QPoint place) {
        QHelpEvent help(QEvent::ToolTip, place, bars.mapToGlobal(place));
        QApplication::sendEvent(&bars, &help);
        return QToolTip::text();
    };
    QCOMPARE(tipAt({10, 10}), "cat: 2 of 5");
    bars.setRows({{"cat", 0, 0.98615}, {"dog", 1, 0.01385}});
    QCOMPARE(tipAt({10, 10}), "cat: 98.615 %");
}

void BarsTest::percentagesNeverClaimMoreThanIsKnown()
{
    QCOMPARE(percentText(0.986), "98.6 %");
    QCOMPARE(percentText(0.99999), "> 99.9 %");
    QCOMPARE(percentText(0.00001), "< 0.1 %");
    QCOMPARE(percentText(1.0), "100.0 %");
    QCOMPARE(percentText(0.0), "0.0 %");
}

void BarsTest::barsShowTheirShareInTheColourOfTheClass()
{
    ProbabilityBars bars;
    bars.setRows({{"cat", 0, 0.75}, {"dog", 1, 0.25}});
    bars.resize(400, bars.sizeHint().height());
    const QImage image = bars.grab().toImage();
    const auto coloured = [&](int y, int classIndex) {
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y).rgb() == classColour(classIndex).rgb();
        return count;
    };
    const int cat = coloured(16, 0);
    const int dog = coloured(48, 1);
    QVERIFY(dog > 20);
    QVERIFY2(std::abs(cat - 3 * dog) <= 6, qPrintable(QStringLiteral("%1 and %2 px").arg(cat).arg(dog)));
}

void BarsTest::aLongNameLeavesRoomForItsBar()
{
    ProbabilityBars bars;
    bars.setRows({{QString(300, u'w'), 0, 1.0}});
    bars.resize(300, bars.sizeHint().height());
    const QImage image = bars.grab().toImage();
    int coloured = 0;
    for (int x = 0; x < image.width(); ++x)
        coloured += image.pixelColor(x, 16).rgb() == classColour(0).rgb();
    QVERIFY2(coloured > 60, qPrintable(QString::number(coloured)));
}

void BarsTest::screenReadersHearTheRows()
{
    ProbabilityBars bars;
    bars.setRows({{"dog", 1, 0.014}, {"cat", 0, 0.986}});
    QCOMPARE(bars.accessibleDescription(), "cat 98.6 %, dog 1.4 %");
    ShareBars shares;
    shares.setRows({{"Train", {84, 175}}}, {"cat", "dog"});
    QVERIFY(shares.accessibleName().contains("259"));
    QVERIFY(shares.accessibleName().contains("cat 84"));
}

void BarsTest::splitsWithoutPicturesAreDrawnEmpty()
{
    ShareBars shares;
    shares.setRows({{"Train", {}}, {"Test", {0, 0}}});
    shares.resize(shares.sizeHint());
    QVERIFY(!shares.grab().isNull());
    QCOMPARE(shares.rows()[1].total(), 0);
}

QTEST_MAIN(BarsTest)
#include "bars_test.moc"
