#include "ui/data/skipped_card.h"

#include "tests/ui/data/opened_folders.h"
#include "tests/ui/data/page_on_show.h"
#include "ui/data/side_column.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"
#include "widgets/theme.h"

#include <QClipboard>
#include <QFontMetrics>
#include <QListView>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

class SkippedCardTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init() { open(); }
    void cleanup() { close(); }
    void aReasonIsThereInWholeHoweverLong_data();
    void aReasonIsThereInWholeHoweverLong();
    void theListIsAsHighAsItsRows();
    void pathAndReasonAreCopied();
    void aThousandSkippedFilesStayAListThatOpensFolders();

private:
    static SkippedFile skipped(const char *name, std::string reason) { return {std::filesystem::path("/pictures") / name, std::move(reason)}; }
};

void SkippedCardTest::aReasonIsThereInWholeHoweverLong_data()
{
    QTest::addColumn<QString>("reason");
    QTest::newRow("short") << "A folder without pictures.";
    QTest::newRow("long") << "It is no picture that can be read: it is a text. Save it as JPEG or PNG, or take it out. It went away while it was read, and 400 others.";
    QTest::newRow("a path without a space") << QStringLiteral("/home/%1/photographs.jpg").arg(QString(200, QLatin1Char('a')));
}

/// Measured by other means than the card's: what a label of that width needs.
void SkippedCardTest::aReasonIsThereInWholeHoweverLong()
{
    QFETCH(QString, reason);
    SkippedCard card;
    card.resize(264, 400);
    card.setSkipped({skipped("a.jpg", reason.toStdString()), skipped("b.jpg", "Short.")});
    card.show();
    const QListView *list = card.list();
    const auto row = [&](int number) { return list->visualRect(list->model()->index(number, 0)); };
    const QFontMetrics metrics(themeFont(11));
    const int lines = static_cast<int>(std::ceil(metrics.horizontalAdvance(reason) / double(list->viewport()->width())));
    QTRY_VERIFY2(row(0).height() - row(1).height() >= (lines - 1) * metrics.height(), qPrintable(QString::number(row(0).height())));
    QVERIFY(row(0).width() <= list->viewport()->width());
    QVERIFY(list->viewport()->rect().contains(row(1)));
    card.resize(160, 400); // more lines
    QTRY_VERIFY(list->viewport()->rect().contains(row(1)));
    const int narrow = static_cast<int>(std::ceil(metrics.horizontalAdvance(reason) / double(list->viewport()->width())));
    QVERIFY(row(0).height() - row(1).height() >= (narrow - 1) * metrics.height());
}

void SkippedCardTest::theListIsAsHighAsItsRows()
{
    SkippedCard card;
    card.resize(264, 600);
    card.show();
    card.setSkipped({skipped("a.jpg", "Short.")});
    const int one = card.list()->height();
    QVERIFY(one < 60);
    card.setSkipped({skipped("a.jpg", "Short."), skipped("b.jpg", "Short.")});
    QCOMPARE(card.list()->height(), 2 * one);
    card.setSkipped(std::vector(100, skipped("a.jpg", "Short.")));
    QCOMPARE(card.list()->height(), 320);
    card.setSkipped({});
    QVERIFY(!card.isVisible());
}

void SkippedCardTest::pathAndReasonAreCopied()
{
    SkippedCard card;
    card.resize(264, 400);
    card.setSkipped({skipped("a.jpg", "Too short."), skipped("b.jpg", "Too long.")});
    card.show();
    card.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&card));
    card.list()->setFocus();
    card.list()->setCurrentIndex(card.list()->model()->index(1, 0));
    QTest::keyClick(card.list(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("/pictures/b.jpg: Too long."));
}

void SkippedCardTest::aThousandSkippedFilesStayAListThatOpensFolders()
{
    m_page->resize(960, 600);
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 3), drawPictures(*m_root, "dog", 2)}));
    for (int k = 0; k < 1000; ++k)
        m_root->write("bad/notes-" + std::to_string(k) + ".jpg", "these are notes");
    m_session->importPaths({displayText(*m_root / "bad"), displayText(*m_root / "cat")});
    const SkippedCard &skipped = *m_page->side()->skipped();
    auto *notice = m_page->findChild<NoticeBar *>(QString(), Qt::FindDirectChildrenOnly);
    QTRY_VERIFY(notice->isVisible());
    QCOMPARE(skipped.count(), 1000);
    QCOMPARE(m_page->size(), QSize(960, 600));
    QVERIFY(skipped.list()->height() <= 320);
    QTest::mouseClick(notice->actionButton(), Qt::LeftButton);
    QVERIFY(skipped.visibleRegion().boundingRect().height() > 100);
    const OpenedFolders opened;
    QTest::keyClick(skipped.list(), Qt::Key_End);
    QCOMPARE(skipped.list()->currentIndex().row(), 999);
    QTest::keyClick(skipped.list(), Qt::Key_Return);
    QCOMPARE(opened.folders, QStringList({displayText(*m_root / "bad")}));
}

QTEST_MAIN(SkippedCardTest)
#include "skipped_card_test.moc"
