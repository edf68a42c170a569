#include "ui/data/finding_view.h"

#include "tests/ui/data/page_on_show.h"
#include "ui/data/doctor_card.h"
#include "ui/data/finding_bar.h"
#include "ui/data/health_chart.h"
#include "ui/data/health_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/order_button.h"
#include "ui/data/side_column.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/page_header.h"

#include <QAction>
#include <QMenu>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// What the Data page shows and says of a finding.
class FindingViewTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init()
    {
        QSettings().remove(QStringLiteral("data/order"));
        open();
    }
    void cleanup() { close(); }
    void unevenClassesAreCountedTheSameWhereverTheyStand();
    void aClassWithoutAPictureIsUnevenToo();
    void copiesStandGroupByGroupUntilAnotherOrderIsChosen();
    void picturesThatStandAloneKeepTheChosenOrder();
    void aBarOfHealthLeadsToItsFinding();

private:
    void begin(const QStringList &folders);
    FindingBar *bar() const { return m_page->findChild<FindingBar *>(); }
    const HealthBar *healthBar(FindingKind kind) const;
    QStringList names() const;
    void chooseOrder(const char *words) const;
};

/// Until the doctor has looked at all of them.
void FindingViewTest::begin(const QStringList &folders)
{
    QVERIFY(openWith(*m_session, *m_root, folders));
    const auto &doctor = *m_page->doctor();
    QTRY_VERIFY_WITH_TIMEOUT(!m_session->isImporting() && !doctor.isRunning() && doctor.diagnosis() && doctor.diagnosis()->unread == 0, 20000);
}

const HealthBar *FindingViewTest::healthBar(FindingKind kind) const
{
    for (const auto &each : m_page->health()->chart(2)->figures().bars) {
        if (each.finding == kind)
            return &each;
    }
    return nullptr;
}

QStringList FindingViewTest::names() const
{
    QStringList names;
    for (int row = 0; row < m_page->model()->rowCount(); ++row)
        names.append(m_page->model()->index(row).data(NameRole).toString());
    return names;
}

void FindingViewTest::chooseOrder(const char *words) const
{
    for (QAction *action : m_page->orderButton()->orders()->actions()) {
        if (action->isVisible() && action->text() == QLatin1String(words))
            return action->trigger();
    }
    QFAIL(words);
}

void FindingViewTest::unevenClassesAreCountedTheSameWhereverTheyStand()
{
    begin({drawPictures(*m_root, "cat", 4), drawPictures(*m_root, "dog", 12)});
    QTRY_COMPARE(m_page->side()->doctor()->countShown(FindingKind::Imbalance), QStringLiteral("1 class"));
    m_page->showHealth(true);
    QTRY_VERIFY(healthBar(FindingKind::Imbalance));
    QCOMPARE(healthBar(FindingKind::Imbalance)->number(), QStringLiteral("1 class"));
    QCOMPARE(healthBar(FindingKind::Imbalance)->count(), 4);
    Q_EMIT m_page->side()->doctor()->findingClicked(FindingKind::Imbalance);
    QCOMPARE(bar()->title(), QStringLiteral("Uneven classes: 1 class, 4 pictures"));
    QVERIFY2(bar()->sentence().startsWith(QStringLiteral("cat has 4 pictures: 10 or more are better.")), qPrintable(bar()->sentence()));
    QCOMPARE(m_page->header()->detail(), QStringLiteral("4 of 16"));
    QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Class by class"));
}

void FindingViewTest::aClassWithoutAPictureIsUnevenToo()
{
    begin({drawPictures(*m_root, "cat", 11), drawPictures(*m_root, "dog", 12)});
    m_session->addClass(QStringLiteral("fox"));
    QTRY_COMPARE(m_page->side()->doctor()->countShown(FindingKind::Imbalance), QStringLiteral("1 class"));
    m_page->showHealth(true);
    QTRY_VERIFY(healthBar(FindingKind::Imbalance) && healthBar(FindingKind::Imbalance)->number() == QStringLiteral("1 class"));
    Q_EMIT m_page->side()->doctor()->findingClicked(FindingKind::Imbalance);
    QCOMPARE(bar()->title(), QStringLiteral("Uneven classes: 1 class, 0 pictures"));
    QVERIFY2(bar()->sentence().contains(QStringLiteral("fox has 0 pictures")), qPrintable(bar()->sentence()));
    QCOMPARE(m_page->model()->rowCount(), 0);
    m_session->removeClass(m_session->classNamed("fox")->id);
    QTRY_VERIFY(!m_page->findings()->isOn());
    QTRY_COMPARE(m_page->model()->rowCount(), 23);
}

void FindingViewTest::copiesStandGroupByGroupUntilAnotherOrderIsChosen()
{
    const QString folder = drawPictures(*m_root, "cat", 3);
    const auto copy = [&](const char *from, const char *to) { m_root->write(to, fileBytes(*m_root / from)); };
    copy("cat/cat0.png", "cat/z.png");
    copy("cat/cat1.png", "cat/a.png");
    begin({folder, drawPictures(*m_root, "dog", 3)});
    m_page->findings()->showFinding(FindingKind::Duplicate);
    const QStringList grouped = names();
    QCOMPARE(grouped.size(), 4);
    QVERIFY(grouped.indexOf(QStringLiteral("z.png")) / 2 == grouped.indexOf(QStringLiteral("cat0.png")) / 2);
    QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Group by group"));
    QVERIFY(m_page->orderButton()->toolTip().contains(QStringLiteral("side by side")));
    chooseOrder("Sorted by name");
    QTRY_COMPARE(names(), (QStringList{"a.png", "cat0.png", "cat1.png", "z.png"}));
    QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Sorted by name"));
    for (const auto &rows : {QList<int>{0, 2}, QList<int>{1, 3}, QList<int>{0, 2}}) { // it goes round
        m_page->findings()->selectGroup(1);
        QCOMPARE(m_page->grid()->selectedRows(), rows);
    }
    m_page->findings()->selectGroup(-1);
    QCOMPARE(m_page->grid()->selectedRows(), (QList<int>{1, 3}));
    chooseOrder("Group by group");
    QTRY_COMPARE(names(), grouped);
    m_page->findings()->leave();
    QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Sorted by name"));
    m_page->findings()->showFinding(FindingKind::Duplicate); // begins with its own order again
    QCOMPARE(names(), grouped);
}

void FindingViewTest::picturesThatStandAloneKeepTheChosenOrder()
{
    begin({drawPictures(*m_root, "cat", 3), drawPictures(*m_root, "ant", 2)});
    chooseOrder("Sorted by name");
    m_page->findings()->showFinding(FindingKind::Tiny);
    QTRY_COMPARE(names(), (QStringList{"ant0.png", "ant1.png", "cat0.png", "cat1.png", "cat2.png"}));
    QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Sorted by name"));
}

void FindingViewTest::aBarOfHealthLeadsToItsFinding()
{
    begin({drawPictures(*m_root, "cat", 3), drawPictures(*m_root, "dog", 2)});
    m_page->showHealth(true);
    QTRY_VERIFY(healthBar(FindingKind::Tiny));
    auto *chart = m_page->health()->chart(2);
    chart->choose(static_cast<int>(healthBar(FindingKind::Tiny) - chart->figures().bars.data()));
    QVERIFY(!m_page->health()->isVisible());
    QVERIFY(bar()->isVisible() && bar()->kind() == FindingKind::Tiny);
    QCOMPARE(m_page->model()->rowCount(), 5);
}

QTEST_MAIN(FindingViewTest)
#include "finding_view_test.moc"
