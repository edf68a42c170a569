#include "engine/base/path_text.h"

#include <QTest>

using namespace whisker;

class PathTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void validTextIsLeftAlone_data();
    void validTextIsLeftAlone();
    void badBytesAreReplacedOneByOne_data();
    void badBytesAreReplacedOneByOne();
    void aPathBecomesText();
};

void PathTextTest::validTextIsLeftAlone_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("nothing") << std::string();
    QTest::newRow("ASCII") << std::string("cat 1.jpg");
    QTest::newRow("a zero") << std::string("a\0b", 3);
    QTest::newRow("two bytes") << std::string("K\xC3\xA4tzchen");
    QTest::newRow("three bytes") << std::string("\xE7\x8C\xAB");
    QTest::newRow("four bytes") << std::string("\xF0\x9F\x90\xB1");
    QTest::newRow("the last one") << std::string("\xF4\x8F\xBF\xBF");
}

void PathTextTest::validTextIsLeftAlone()
{
    QFETCH(std::string, text);
    QCOMPARE(validUtf8(text), text);
}

void PathTextTest::badBytesAreReplacedOneByOne_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<int>("replaced");
    QTest::newRow("Latin 1") << std::string("\xE9") << 1;
    QTest::newRow("a lone continuation") << std::string("\x80") << 1;
    QTest::newRow("cut short") << std::string("\xE7\x8C") << 2;
    QTest::newRow("overlong") << std::string("\xC0\xAF") << 2;
    QTest::newRow("overlong in three") << std::string("\xE0\x80\xAF") << 3;
    QTest::newRow("a surrogate") << std::string("\xED\xA0\x80") << 3;
    QTest::newRow("beyond Unicode") << std::string("\xF4\x90\x80\x80") << 4;
    QTest::newRow("never a byte") << std::string("\xFF\xFE") << 2;
}

void PathTextTest::badBytesAreReplacedOneByOne()
{
    QFETCH(std::string, text);
    QFETCH(int, replaced);
    std::string expected = "a";
    for (int i = 0; i < replaced; ++i)
        expected += "\xEF\xBF\xBD";
    QCOMPARE(validUtf8("a" + text + "z"), expected + "z");
}

void PathTextTest::aPathBecomesText()
{
    QCOMPARE(pathText(std::filesystem::path("a") / "caf\xE9.jpg"), "a/caf\xEF\xBF\xBD.jpg");
}

QTEST_GUILESS_MAIN(PathTextTest)
#include "path_text_test.moc"
