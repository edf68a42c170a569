#include "engine/base/unicode.h"

#include <QTest>

using namespace whisker;

class UnicodeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textGoesThroughCodePointsUnchanged()
    {
        const std::string text("K\u00e4tzchen \u732b \U0001F431 \0!", 22);
        QCOMPARE(utf8(codePoints(text)), text);
        QCOMPARE(codePoints("\u732b\U0001F431").size(), 2u);
        QVERIFY(codePoints("a\xFFz") == U"a\uFFFDz");
        QVERIFY(codePoints("").empty());
    }

    void accentsAreComposed_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("expected");
        QTest::newRow("nothing") << std::string() << std::string();
        QTest::newRow("composed already") << std::string("caf\u00e9") << std::string("caf\u00e9");
        QTest::newRow("decomposed") << std::string("cafe\u0301") << std::string("caf\u00e9");
        QTest::newRow("two accents in either order") << std::string("a\u0323\u0302 a\u0302\u0323") << std::string("\u1ead \u1ead");
        QTest::newRow("Hangul") << std::string("\u1100\u1161\u11a8") << std::string("\uac01");
        QTest::newRow("not UTF-8") << std::string("caf\xE9") << std::string("caf\uFFFD");
        QTest::newRow("a zero byte") << std::string("a\0e\u0301", 5) << std::string("a\0\u00e9", 4);
    }
    void accentsAreComposed()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, expected);
        QCOMPARE(composed(text), expected);
        QCOMPARE(composed(composed(text)), expected);
    }

    void namesOfTheSameLooksButForCaseHaveOneKey_data()
    {
        QTest::addColumn<std::string>("one");
        QTest::addColumn<std::string>("other");
        QTest::addColumn<bool>("same");
        QTest::newRow("case") << std::string("Cat") << std::string("cAT") << true;
        QTest::newRow("how an accent is written") << std::string("\u00c9pagneul") << std::string("e\u0301pagneul") << true;
        QTest::newRow("another accent") << std::string("\u00e9") << std::string("\u00e8") << false;
        QTest::newRow("no accent") << std::string("\u00e9") << std::string("e") << false;
        QTest::newRow("Cyrillic") << std::string("\u041a\u041e\u0422") << std::string("\u043a\u043e\u0442") << true;
        QTest::newRow("final sigma") << std::string("\u03a3\u03ba\u03cd\u03bb\u03bf\u03c2") << std::string("\u03c3\u03ba\u03cd\u03bb\u03bf\u03c3") << true;
        QTest::newRow("sharp s") << std::string("Stra\u00dfe") << std::string("STRASSE") << true;
        QTest::newRow("look-alikes of two scripts") << std::string("a") << std::string("\u0430") << false;
        QTest::newRow("wide letters") << std::string("\uff21") << std::string("A") << false;
    }
    void namesOfTheSameLooksButForCaseHaveOneKey()
    {
        QFETCH(std::string, one);
        QFETCH(std::string, other);
        QFETCH(bool, same);
        QCOMPARE(nameKey(one) == nameKey(other), same);
    }
};

QTEST_GUILESS_MAIN(UnicodeTest)
#include "unicode_test.moc"
