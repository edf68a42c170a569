#include "engine/image/thumbnail.h"
#include "tests/support/test_folder.h"
#include "ui/texts.h"
#include "ui/train/pinned_card.h"
#include "ui/train/pinned_row.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QTest>
#include <latch>

using namespace whisker;
using namespace whisker::test;

namespace {

Result<RgbImage> green(const std::filesystem::path &)
{
    RgbImage image{8, 8, {}};
    for (int i = 0; i < 64; ++i)
        image.pixels.insert(image.pixels.end(), {20, 200, 20});
    return image;
}

PinnedAnswer answer(const char *file, double epoch, float cat)
{
    return {file, std::int64_t(epoch * 10), epoch, {cat, 1 - cat}, {}};
}

} // namespace

class PinnedCardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void aRowShowsItsPictureAndWhatIsAnswered();
    void everyAnswerIsKeptAndAnotherRunBeginsAnew();
    void aRunThatGoesOnTakesItsLaterAnswersAnew();
    void noMorePicturesThanTheBoardTakes();
    void theDeleteKeyTakesAPictureOff();
    void aFileThatCannotBeReadIsSaidAndTakesNoPlace();
    void ofSeveralThatCannotBeReadTheFirstIsSaid();
    void aPictureThatVanishesBeforeARunIsTakenOff();
    void theModelKeptHasTheLastWordAndNoPointOfTheCurve();
    void wordsThatDoNotFitAreElidedAndNotCut();
    void aRowWithoutAnAnswerSaysWhenThereIsOne();
    void goingAwayWhileAThumbnailIsDecodedDoesNoHarm();
};

void PinnedCardTest::aRowShowsItsPictureAndWhatIsAnswered()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.resize(320, 240);
    card.begin({"cat", "dog"}, {});
    QVERIFY(card.sentence().startsWith("Drop pictures here"));
    card.add({"a.jpg", "b.jpg", "a.jpg"});
    QCOMPARE(card.rows().size(), std::size_t(2));
    QCOMPARE(board.files().size(), std::size_t(2));
    card.addAnswers(std::vector{answer("a.jpg", 0, 0.4F), answer("a.jpg", 1, 0.9F), answer("of another.jpg", 1, 0.5F)});
    QCOMPARE(card.rows()[0]->leader(), QStringLiteral("cat"));
    QVERIFY(std::abs(card.rows()[0]->share() - 0.9) < 1e-6);
    QCOMPARE(card.rows()[0]->accessibleDescription(), QStringLiteral("cat 90.0 %"));
    QVERIFY(card.rows()[1]->leader().isEmpty());
    card.show();
    QVERIFY(QTest::qWaitForWindowExposed(&card));
    QTRY_COMPARE(card.rows()[1]->grab().toImage().pixelColor(26, 30).green(), 200);
}

void PinnedCardTest::everyAnswerIsKeptAndAnotherRunBeginsAnew()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.begin({"cat", "dog"}, {3, 1});
    card.add({"a.jpg"});
    for (int i = 0; i < 5000; ++i)
        card.addAnswers(std::vector{answer("a.jpg", i / 100.0, 0.3F)});
    QCOMPARE(card.rows()[0]->answerCount(), 5000);
    QCOMPARE(card.rows()[0]->leader(), QStringLiteral("dog"));
    card.begin({"cat", "dog"}, {});
    QCOMPARE(card.rows()[0]->answerCount(), 0);
    QCOMPARE(card.rows().size(), std::size_t(1));
}

void PinnedCardTest::aRunThatGoesOnTakesItsLaterAnswersAnew()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.begin({"cat", "dog"}, {});
    card.add({"a.jpg"});
    card.addAnswers(std::vector{answer("a.jpg", 1, 0.4F), answer("a.jpg", 2, 0.6F), answer("a.jpg", 3, 0.7F)});
    card.addAnswers(std::vector{answer("a.jpg", 2, 0.6F)}); // from its checkpoint
    QCOMPARE(card.rows()[0]->answerCount(), 3);
    QCOMPARE(card.rows()[0]->leaders(), (QStringList{"dog", "cat"}));
    card.addAnswers(std::vector{answer("a.jpg", 2.5, 0.2F)});
    QCOMPARE(card.rows()[0]->answerCount(), 4);
    QCOMPARE(card.rows()[0]->leader(), QStringLiteral("dog"));
    card.addAnswers(std::vector{answer("a.jpg", 1.5, 0.3F)});
    QCOMPARE(card.rows()[0]->leaders(), QStringList("dog")); // of what it leant to later nothing is left
}

void PinnedCardTest::noMorePicturesThanTheBoardTakes()
{
    PinBoard board;
    PinnedCard card(board, green);
    QStringList many;
    for (std::size_t i = 0; i <= PinBoard::kMost; ++i)
        many.append(QStringLiteral("%1.jpg").arg(i));
    card.add(many);
    QCOMPARE(card.rows().size(), PinBoard::kMost);
    QCOMPARE(card.sentence(), QStringLiteral("12 of 13 were pinned: 12 is the most."));
    card.add({"one more.jpg"});
    QVERIFY2(card.sentence().startsWith("Not pinned: 12 is the most."), qPrintable(card.sentence()));
    card.add({});
    QCOMPARE(card.sentence(), QStringLiteral("12 is the most; Del takes one off.")); // it takes no more
    card.removeAll();
    QVERIFY(board.files().empty());
    QVERIFY(card.sentence().startsWith("Drop pictures here"));
}

void PinnedCardTest::theDeleteKeyTakesAPictureOff()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.add({"a.jpg", "b.jpg"});
    QTest::keyClick(card.rows()[0], Qt::Key_Delete);
    QCOMPARE(board.files(), std::vector<std::filesystem::path>{"b.jpg"});
    QCOMPARE(card.rows().size(), std::size_t(1));
    card.addAnswers(std::vector{answer("a.jpg", 1, 0.5F)}); // was under way
}

void PinnedCardTest::aFileThatCannotBeReadIsSaidAndTakesNoPlace()
{
    const TestFolder folder;
    PinBoard board;
    PinnedCard card(board, [](const std::filesystem::path &file) { return file.filename() == "good.jpg" ? green(file) : thumbnail(file, 52, {}); });
    card.add({"good.jpg", QString::fromStdString(folder.write("words.jpg", "no picture").string())});
    QTRY_COMPARE(card.rows().size(), std::size_t(1));
    QCOMPARE(board.files(), std::vector<std::filesystem::path>{"good.jpg"});
    QVERIFY2(card.sentence().startsWith("words.jpg is no picture"), qPrintable(card.sentence()));
    card.add({"good.jpg", "another/good.jpg"});
    QVERIFY(card.sentence().startsWith("Drop more here"));
}

void PinnedCardTest::ofSeveralThatCannotBeReadTheFirstIsSaid()
{
    const TestFolder folder;
    std::filesystem::create_directory(folder / "pets");
    PinBoard board;
    PinnedCard card(board);
    card.add({displayText(folder / "pets"), displayText(folder / "gone.jpg"), QString::fromStdString(folder.write("half.jpg", "\xff\xd8\xff\xe0 and no more").string())});
    QTRY_VERIFY(card.rows().empty());
    QVERIFY(board.files().empty());
    QVERIFY2(card.sentence().startsWith("3 files can't be pinned. The first: pets "), qPrintable(card.sentence()));
}

void PinnedCardTest::aPictureThatVanishesBeforeARunIsTakenOff()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.begin({"cat", "dog"}, {});
    card.add({"a.jpg", "b.jpg"});
    PinnedAnswer gone{"a.jpg"};
    gone.error = "a.jpg isn't there any more.";
    card.addAnswers(std::vector{gone, answer("b.jpg", 0, 0.6F)});
    QCOMPARE(board.files(), std::vector<std::filesystem::path>{"b.jpg"});
    QCOMPARE(card.sentence(), QStringLiteral("a.jpg isn't there any more."));
    QCOMPARE(card.rows().front()->leader(), QStringLiteral("cat"));
}

void PinnedCardTest::theModelKeptHasTheLastWordAndNoPointOfTheCurve()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.resize(320, 240);
    card.begin({"cat", "dog"}, {});
    card.add({"a.jpg"});
    PinnedRow &row = *card.rows().front();
    PinnedAnswer kept = answer("a.jpg", 2, 0.3F);
    kept.kept = true;
    card.addAnswers(std::vector{answer("a.jpg", 1, 0.8F), answer("a.jpg", 2, 0.9F)});
    const QImage before = row.grab().toImage();
    card.addAnswers(std::vector{kept});
    QCOMPARE(row.answerCount(), 2);
    QCOMPARE(row.leaders(), QStringList("cat"));
    QCOMPARE(row.leader(), QStringLiteral("dog"));
    QVERIFY(row.showsKept());
    QCOMPARE(row.accessibleDescription(), QStringLiteral("dog 70.0 %, says the model kept"));
    QVERIFY(row.grab().toImage() != before);
    card.addAnswers(std::vector{answer("a.jpg", 3, 0.6F)}); // the run goes on
    QVERIFY(!row.showsKept());
    QCOMPARE(row.accessibleDescription(), QStringLiteral("cat 60.0 %"));
    card.begin({"cat", "dog"}, {});
    card.addAnswers(std::vector{kept}); // a quick run says nothing else
    QCOMPARE(row.answerCount(), 1);
    QVERIFY(row.showsKept());
}

void PinnedCardTest::wordsThatDoNotFitAreElidedAndNotCut()
{
    const QFont font = themeFont(12);
    const QFontMetricsF metrics(font);
    const QSizeF room(metrics.horizontalAdvance("Answered while"), 2.5 * metrics.lineSpacing());
    QCOMPARE(linesThatFit("Answered while", font, room), QStringList("Answered while"));
    const QStringList lines = linesThatFit("Answered while a run of many epochs goes on", font, room);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0], QStringLiteral("Answered while"));
    QVERIFY2(lines[1].startsWith("a run") && lines[1].endsWith(QChar(0x2026)), qPrintable(lines[1]));
    QCOMPARE(linesThatFit("Answered while a run goes on", font, {room.width(), 1.0}).size(), 1); // one is better than none
}

void PinnedCardTest::aRowWithoutAnAnswerSaysWhenThereIsOne()
{
    PinBoard board;
    PinnedCard card(board, green);
    card.add({"a.jpg"});
    QVERIFY(card.rows().front()->toolTip().contains("Answered while a run goes on"));
    card.addAnswers(std::vector{answer("a.jpg", 1, 0.6F)});
    QVERIFY(!card.rows().front()->toolTip().contains("Answered while"));
}

void PinnedCardTest::goingAwayWhileAThumbnailIsDecodedDoesNoHarm()
{
    PinBoard board;
    std::latch begun(1);
    {
        bool first = true;
        PinnedCard card(board, [&](const std::filesystem::path &file) {
            if (std::exchange(first, false))
                begun.count_down();
            return green(file);
        });
        card.add({"a.jpg", "b.jpg", "c.jpg"});
        begun.wait();
    }
    QCoreApplication::sendPostedEvents();
}

QTEST_MAIN(PinnedCardTest)
#include "pinned_card_test.moc"
