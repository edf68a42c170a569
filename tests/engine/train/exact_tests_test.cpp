#include "engine/train/exact_tests.h"

#include <QTest>

#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

bool near(double value, double expected)
{
    return std::abs(value - expected) < 1e-9 * std::max(expected, 1e-3);
}

} // namespace

class ExactTestsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mcnemarsTestGivesTheValuesOfTheBinomialTest_data()
    {
        QTest::addColumn<int>("fewer");
        QTest::addColumn<int>("more");
        QTest::addColumn<double>("probability"); // summed up in whole numbers, which is what R's binom.test(fewer, fewer + more) gives
        QTest::newRow("a few") << 2 << 7 << 92.0 / 512.0;
        QTest::newRow("one picture") << 0 << 1 << 1.0;
        QTest::newRow("one less than half") << 2 << 3 << 1.0;
        QTest::newRow("all on one side, five") << 0 << 5 << 2.0 / 32.0;
        QTest::newRow("all on one side, six") << 0 << 6 << 2.0 / 64.0;
        QTest::newRow("the approval ratings of R's mcnemar.test") << 86 << 150 << 3.715936139571442e-05; // the table of Agresti 1990, p. 350
        QTest::newRow("hundreds") << 450 << 550 << 0.0017305360849763176;
    }
    void mcnemarsTestGivesTheValuesOfTheBinomialTest()
    {
        QFETCH(int, fewer);
        QFETCH(int, more);
        QFETCH(double, probability);
        const auto few = static_cast<std::size_t>(fewer), many = static_cast<std::size_t>(more);
        QVERIFY2(near(mcnemarsExactTest(few, many), probability), qPrintable(QString::number(mcnemarsExactTest(few, many), 'g', 12)));
        QCOMPARE(mcnemarsExactTest(many, few), mcnemarsExactTest(few, many));
    }

    void mcnemarsTestSeesNoDifferenceBetweenEqualCounts()
    {
        for (const std::size_t count : {0, 1, 9, 50'000})
            QCOMPARE(mcnemarsExactTest(count, count), 1.0);
    }

    void mcnemarsTestTakesAsManyPicturesAsThereMayBe()
    {
        const double p = mcnemarsExactTest(49'500, 50'500); // likewise
        QVERIFY2(near(p, 0.0015823598788515956), qPrintable(QString::number(p, 'g', 12)));
        QCOMPARE(mcnemarsExactTest(0, 100'000), 0.0); // 2^-99,999 is less than a double can say
    }

    void fishersTestGivesTheValuesOfTheTextbooks()
    {
        QVERIFY(near(fishersExactTest(3, 4, 1, 4), 17.0 / 35.0));           // Fisher's tea, as R's fisher.test gives it
        QVERIFY(near(fishersExactTest(2, 12, 15, 18), 0.000536724119)); // Fisher's criminal twins, likewise
        QCOMPARE(fishersExactTest(0, 0, 3, 4), 1.0);
        QVERIFY(near(fishersExactTest(5, 10, 5, 10), 1.0));
        QVERIFY(fishersExactTest(10'000, 10'000, 0, 10'000) < 1e-100);
    }
};

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ExactTestsTest)
#include "exact_tests_test.moc"
