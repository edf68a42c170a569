#include "ui/data/history_panel.h"

#include "tests/ui/drawn_pictures.h"
#include "ui/data/data_page.h"

#include <QElapsedTimer>
#include <QListView>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr qint64 kMinute = 60'000;

} // namespace

class HistoryPanelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((m_home / "cache").string()));
    }

    void saysHowLongAgoInWords()
    {
        QCOMPARE(agoText(0, 59'000), QStringLiteral("just now"));
        QCOMPARE(agoText(0, 2 * kMinute), QStringLiteral("2 min ago"));
        QCOMPARE(agoText(0, 180 * kMinute), QStringLiteral("3 h ago"));
        QVERIFY(!agoText(0, 3000 * kMinute).contains(QStringLiteral("ago")));
        QVERIFY(!agoText(10 * kMinute, 0).contains(QStringLiteral("ago"))); // a clock that was put back
    }

    void listsEachChangeAndGoesBackAndForwardByKey()
    {
        const TestFolder root;
        ProjectSession session;
        DataPage page(session);
        page.resize(1000, 600);
        page.show();
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3)}));
        session.addClass(QStringLiteral("dog"));
        session.addClass(QStringLiteral("bird"));
        QTRY_COMPARE(session.state().classes.size(), 2u);
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTest::keyClick(&page, Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier);
        HistoryPanel &panel = *page.history();
        QVERIFY(panel.isVisible());
        QTRY_COMPARE(panel.model()->rowCount(), 4); // two classes, the import, the beginning
        QCOMPARE(panel.model()->currentRow(), 0);
        QVERIFY(panel.list()->hasFocus());
        QTest::keyClick(panel.list(), Qt::Key_Down);
        QTest::keyClick(panel.list(), Qt::Key_Down);
        QTest::keyClick(panel.list(), Qt::Key_Return);
        QTRY_COMPARE(session.state().classes.size(), 0u);
        QTRY_COMPARE(panel.model()->currentRow(), 2);
        QVERIFY(panel.model()->index(0).data(HistoryModel::UndoneRole).toBool());
        const QRect first = panel.list()->visualRect(panel.model()->index(0));
        QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, first.center());
        QTRY_COMPARE(session.state().classes.size(), 2u);
        QTRY_COMPARE(panel.model()->currentRow(), 0);
        QTest::keyClick(panel.list(), Qt::Key_End);
        QTest::keyClick(panel.list(), Qt::Key_Return);
        QTRY_VERIFY(session.state().images.empty());
        QTest::keyClick(panel.list(), Qt::Key_Escape);
        QVERIFY(!panel.isVisible());
    }

    void anEmptyProjectSaysWhatWillBeHere()
    {
        const TestFolder root;
        ProjectSession session;
        DataPage page(session);
        page.resize(1000, 600);
        page.show();
        QVERIFY(openWith(session, root, {}));
        page.history()->toggle();
        QTRY_VERIFY(!page.history()->sentence().isEmpty());
        QVERIFY(page.history()->list()->isHidden());
        page.history()->toggle();
        QVERIFY(page.history()->isHidden());
    }

    void tenThousandEntriesDoNotStallIt()
    {
        HistoryModel model;
        QListView list;
        list.setModel(&model);
        list.setUniformItemSizes(true);
        list.resize(360, 380);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        std::vector<HistoryEntry> entries;
        for (EntryId id = 10'000; id > 0; --id)
            entries.push_back({id, id * 1000, "Labelled 3 pictures cat", id > 9'990});
        QElapsedTimer clock;
        clock.start();
        model.set(std::move(entries), true);
        QCOMPARE(model.currentRow(), 10);
        list.scrollToBottom();
        list.grab();
        QVERIFY2(clock.elapsed() < 200, qPrintable(QString::number(clock.elapsed())));
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(HistoryPanelTest)
#include "history_panel_test.moc"
