#include "engine/base/number_text.h"

#include <QTest>

using whisker::countText;

class NumberTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thousandsAreMarked()
    {
        QCOMPARE(countText(0), "0");
        QCOMPARE(countText(999), "999");
        QCOMPARE(countText(1'000), "1,000");
        QCOMPARE(countText(123'456), "123,456");
        QCOMPARE(countText(1'234'567), "1,234,567");
    }

    void oneIsSingular()
    {
        QCOMPARE(countText(1, "picture"), "1 picture");
        QCOMPARE(countText(0, "picture"), "0 pictures");
        QCOMPARE(countText(12'000, "picture"), "12,000 pictures");
    }
};

QTEST_GUILESS_MAIN(NumberTextTest)
#include "number_text_test.moc"
