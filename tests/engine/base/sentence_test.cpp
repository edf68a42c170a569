#include "engine/base/sentence.h"

#include <QTest>

using whisker::asClause;
using whisker::listed;

class SentenceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSentenceGoesOnInSmallLettersAfterAColon()
    {
        QCOMPARE(asClause("The file is empty."), "the file is empty.");
        QCOMPARE(asClause("A folder without pictures."), "a folder without pictures.");
    }

    void namesAndWhatIsNoLetterStay()
    {
        QCOMPARE(asClause("JPEG ends early."), "JPEG ends early.");
        QCOMPARE(asClause("/pets/Tom.jpg is empty."), "/pets/Tom.jpg is empty.");
        QCOMPARE(asClause("\xC3\x84pfel.jpg is empty."), "\xC3\x84pfel.jpg is empty.");
        QCOMPARE(asClause("it is small already"), "it is small already");
        QCOMPARE(asClause(""), "");
        QCOMPARE(asClause("A"), "A");
    }

    void wordsAreListedWithAnAndBeforeTheLast()
    {
        QCOMPARE(listed({}), "");
        QCOMPARE(listed({"cat"}), "cat");
        QCOMPARE(listed({"cat", "dog"}), "cat and dog");
        QCOMPARE(listed({"cat", "dog", "fox"}), "cat, dog and fox");
    }
};

QTEST_GUILESS_MAIN(SentenceTest)
#include "sentence_test.moc"
