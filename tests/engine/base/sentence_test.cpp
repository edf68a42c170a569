#include "engine/base/sentence.h"

#include <QTest>

using whisker::asClause;

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
};

QTEST_GUILESS_MAIN(SentenceTest)
#include "sentence_test.moc"
