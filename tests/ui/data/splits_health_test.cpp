#include "tests/ui/data/page_on_show.h"
#include "ui/data/data_page.h"
#include "ui/data/finding_bar.h"
#include "ui/data/health_chart.h"
#include "ui/data/health_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/side_column.h"
#include "ui/data/splits_card.h"
#include "ui/data/splits_divide.h"
#include "ui/data/doctor_card.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/share_bars.h"
#include "widgets/text_label.h"

#include <QCheckBox>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

class SplitsHealthTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void dividingAgainIsOneStepThatCanBeTakenBack();
    void thePreviewFollowsTheShares();
    void theButtonsOfCardsStandInLineWithTheirTitles();
    void theDivideSheetIsBroughtIntoSightInTheSmallestWindow();
    void theTestSetIsLockedAndFreed();
    void everyBarOfHealthLeadsToItsPictures();
    void healthCountsClassesAndSizes();

private:
    int total(std::size_t row) const { return m_page->side()->splits()->rows().at(row).total(); }
};

void SplitsHealthTest::init()
{
    m_page.reset();
    m_session.reset();
    open();
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 10), drawPictures(*m_root, "dog", 20)}));
    QTRY_COMPARE(total(0) + total(1) + total(2), 30);
}

void SplitsHealthTest::dividingAgainIsOneStepThatCanBeTakenBack()
{
    const int before = total(0);
    auto *card = m_page->side()->splitsCard();
    card->toggleDivide();
    card->divide()->setShares({50, 25, 25});
    card->divide()->applyButton()->click();
    QTRY_VERIFY(total(0) >= 13 && total(0) <= 17); // class by class, so not to the picture
    QVERIFY(!card->divide()->isVisible());
    m_session->undo();
    QTRY_COMPARE(total(0), before);
}

void SplitsHealthTest::thePreviewFollowsTheShares()
{
    auto *divide = m_page->side()->splitsCard()->divide();
    m_page->side()->splitsCard()->toggleDivide();
    divide->setShares({60, 20, 20});
    QVERIFY2(divide->preview().contains(QStringLiteral("18 / 6 / 6")), qPrintable(divide->preview()));
    divide->setShares({100, 0, 0});
    QVERIFY(divide->preview().contains(QStringLiteral("30 / 0 / 0")));
}

void SplitsHealthTest::theButtonsOfCardsStandInLineWithTheirTitles()
{
    const auto middle = [this](const QWidget *widget) { return widget->mapTo(m_page.get(), widget->rect().center()).y(); };
    for (Card *card : {static_cast<Card *>(m_page->side()->splitsCard()), static_cast<Card *>(m_page->side()->doctor())}) {
        const auto *title = card->findChild<TextLabel *>();
        const auto *button = card->findChild<Button *>();
        QCOMPARE(title->text(), card->title());
        QVERIFY2(std::abs(middle(title) - middle(button)) <= 1, qPrintable(card->title()));
        QCOMPARE(button->mapTo(card, button->rect().topRight()).x(), card->width() - 17);
    }
}

void SplitsHealthTest::theDivideSheetIsBroughtIntoSightInTheSmallestWindow()
{
    m_page->resize(960 - 88, 640 - 28);
    for (int k = 0; k < 12; ++k)
        m_session->addClass(QStringLiteral("class %1").arg(k));
    QTRY_COMPARE(m_session->state().classes.size(), 14u);
    auto *card = m_page->side()->splitsCard();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTest::keyClick(m_page->grid(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    const auto inSight = [&] {
        const QWidget *button = card->divide()->applyButton();
        return m_page->side()->viewport()->rect().contains(QRect(button->mapTo(m_page->side()->viewport(), QPoint()), button->size()));
    };
    QTRY_VERIFY(card->divide()->isVisible() && inSight());
}

void SplitsHealthTest::theTestSetIsLockedAndFreed()
{
    auto *lock = m_page->side()->splitsCard()->lock();
    lock->click();
    QTRY_VERIFY(m_session->rules().testLocked);
    lock->click();
    QTRY_VERIFY(!m_session->rules().testLocked);
}

void SplitsHealthTest::everyBarOfHealthLeadsToItsPictures()
{
    m_page->showHealth(true);
    QVERIFY(m_page->health()->isVisible());
    auto *classes = m_page->health()->chart(0);
    QCOMPARE(classes->figures().bars.size(), 2u);
    classes->choose(1);
    QVERIFY(!m_page->health()->isVisible());
    QCOMPARE(m_page->model()->rowCount(), 20);
    QVERIFY(m_page->findChild<FindingBar *>()->isVisible());
    m_page->findChild<FindingBar *>()->closeButton()->click();
    QCOMPARE(m_page->model()->rowCount(), 30);
}

void SplitsHealthTest::healthCountsClassesAndSizes()
{
    const auto figures = healthOf(m_session->state(), nullptr);
    QCOMPARE(figures[0].bars[0].count(), 10);
    QCOMPARE(figures[3].bars.size(), 1u); // 18 px: all under 64
    QCOMPARE(figures[3].bars[0].count(), 30);
    QVERIFY(figures[6].bars.empty());
    QVERIFY(!figures[6].note.isEmpty());
}

QTEST_MAIN(SplitsHealthTest)
#include "splits_health_test.moc"
