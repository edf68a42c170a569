#include "tests/ui/data/page_on_show.h"
#include "ui/data/classes_card.h"
#include "ui/data/filter_bar.h"
#include "ui/data/health_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/side_column.h"
#include "widgets/buttons.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/page_header.h"
#include "widgets/selection_bar.h"
#include "widgets/sentence_label.h"

#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// Which pictures the Data page shows: 10 cats and 20 dogs, by chips, search and filters.
class DataFiltersTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup() { close(); }
    void chipsFilterAndOneKeyGoesThroughAList();
    void digitsInTheSearchFieldAreText();
    void aFilterThatHidesTheSelectionClosesItsBar();
    void whatIsFilteredIsShownAndOneKeyTakesItAway();
    void theTitleSaysHowManyOfAllAreOnShow();
    void theTitleCountsTheExcludedWhereTheyAreShown();
    void anotherProjectIsShownWhole();
    void healthIsOfAllPicturesAndAFilterLeavesIt();

private:
    void select(int first, int last);
    QString count() const { return m_page->header()->detail(); }
    QString classChip(int key) const { return QStringLiteral("class %1").arg(m_session->classOfKey(key)->id); }
    QString nothingWords() const
    {
        for (const auto *label : m_page->findChildren<SentenceLabel *>())
            if (label->isVisible() && label->text().startsWith(QStringLiteral("No picture")))
                return label->text();
        return {};
    }
    template <class T> T *part() const { return m_page->findChild<T *>(); }
};

void DataFiltersTest::init()
{
    open();
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 10), drawPictures(*m_root, "dog", 20)}));
    QTRY_COMPARE(m_page->side()->classes()->countShown(QStringLiteral("dog")), 20);
}

void DataFiltersTest::select(int first, int last)
{
    m_page->grid()->setFocus();
    m_page->grid()->setCurrentIndex(m_page->model()->index(first));
    m_page->grid()->selectionModel()->select(QItemSelection(m_page->model()->index(first), m_page->model()->index(last)), QItemSelectionModel::ClearAndSelect);
}

void DataFiltersTest::chipsFilterAndOneKeyGoesThroughAList()
{
    m_page->chips()->setCurrentId(QStringLiteral("class %1").arg(m_session->classOfKey(1)->id));
    QCOMPARE(m_page->model()->rowCount(), 10);
    select(0, 0);
    const auto second = m_page->model()->idAt(1);
    QTest::keyClick(m_page->grid(), Qt::Key_2);
    QTRY_COMPARE(m_page->model()->rowCount(), 9);
    QCOMPARE(m_page->selectedImages(), std::vector<ImageId>{second});
}

void DataFiltersTest::digitsInTheSearchFieldAreText()
{
    select(0, 0);
    QTest::keyClick(m_page->grid(), Qt::Key_F, Qt::ControlModifier);
    auto *search = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(search);
    QTest::keyClicks(search, QStringLiteral("dog2"));
    QCOMPARE(search->text(), QStringLiteral("dog2"));
    QCOMPARE(m_page->model()->rowCount(), 1);
    QCOMPARE(m_page->side()->classes()->countShown(QStringLiteral("dog")), 20);
}

/// Also while the bar would still say what was done before the selection.
void DataFiltersTest::aFilterThatHidesTheSelectionClosesItsBar()
{
    m_session->addClass(QStringLiteral("owl"));
    QTRY_VERIFY(part<SelectionBar>()->isVisible());
    select(2, 4);
    m_page->chips()->setCurrentId(QStringLiteral("unlabelled"));
    QVERIFY(m_page->selectedImages().empty());
    QVERIFY(!part<SelectionBar>()->isVisible());
    auto *search = part<QLineEdit>();
    search->setText(QStringLiteral("owl"));
    QTRY_COMPARE(m_page->model()->rowCount(), 0);
    m_page->setExtraFilter({.split = ImageFilter::SplitChoice::Test});
    QTRY_VERIFY(nothingWords().contains(QStringLiteral("owl")) && nothingWords().contains(QStringLiteral("Ctrl")));
}

void DataFiltersTest::whatIsFilteredIsShownAndOneKeyTakesItAway()
{
    QVERIFY(!m_page->filterBar()->isVisible());
    ImageFilter filter;
    filter.only = std::make_shared<const std::unordered_set<ImageId>>(std::unordered_set{m_page->model()->idAt(2), m_page->model()->idAt(20)});
    filter.onlyName = QStringLiteral("Near copies");
    filter.state = ImageState::Ok;
    m_page->setExtraFilter(filter);
    QCOMPARE(m_page->model()->rowCount(), 2);
    QVERIFY(m_page->filterBar()->isVisible());
    QCOMPARE(m_page->filterBar()->partCount(), 2);
    QCOMPARE(m_page->filterBar()->part(0)->text(), QStringLiteral("Near copies 2"));
    QTest::mouseClick(m_page->filterBar()->part(0), Qt::LeftButton);
    QCOMPARE(m_page->model()->rowCount(), 30);
    QCOMPARE(m_page->filterBar()->partCount(), 1);
    m_page->chips()->setCurrentId(QStringLiteral("class %1").arg(m_session->classOfKey(1)->id));
    QCOMPARE(m_page->model()->rowCount(), 10);
    m_page->grid()->setFocus();
    QTest::keyClick(m_page->grid(), Qt::Key_Backspace, Qt::ControlModifier);
    QCOMPARE(m_page->model()->rowCount(), 30);
    QVERIFY(!m_page->filterBar()->isVisible());
    QCOMPARE(m_page->chips()->currentId(), QStringLiteral("all"));
}

void DataFiltersTest::theTitleSaysHowManyOfAllAreOnShow()
{
    QCOMPARE(count(), QStringLiteral("30"));
    m_page->chips()->setCurrentId(classChip(1));
    QCOMPARE(count(), QStringLiteral("10 of 30"));
    part<QLineEdit>()->setText(QStringLiteral("cat1"));
    QCOMPARE(count(), QStringLiteral("1 of 30"));
    m_page->chips()->setCurrentId(QStringLiteral("all"));
    part<QLineEdit>()->setText(QStringLiteral("png"));
    QCOMPARE(count(), QStringLiteral("30 of 30"));
    part<QLineEdit>()->clear();
    QCOMPARE(count(), QStringLiteral("30"));
    m_page->setExtraFilter({.state = ImageState::Missing});
    QCOMPARE(count(), QStringLiteral("0 of 30"));
    QTest::keyClick(m_page->grid(), Qt::Key_Backspace, Qt::ControlModifier);
    QCOMPARE(count(), QStringLiteral("30"));
    m_page->chips()->setCurrentId(classChip(2));
    select(0, 0);
    QTest::keyClick(m_page->grid(), Qt::Key_1); // it leaves the filter
    QTRY_COMPARE(count(), QStringLiteral("19 of 30"));
}

void DataFiltersTest::theTitleCountsTheExcludedWhereTheyAreShown()
{
    select(0, 2);
    QTest::keyClick(m_page->grid(), Qt::Key_X);
    QTRY_COMPARE(count(), QStringLiteral("27"));
    m_page->chips()->setCurrentId(QStringLiteral("excluded"));
    QCOMPARE(count(), QStringLiteral("3 of 30"));
}

void DataFiltersTest::anotherProjectIsShownWhole()
{
    m_page->setExtraFilter({.split = ImageFilter::SplitChoice::Test});
    QVERIFY(m_page->model()->rowCount() < 30);
    QSignalSpy opened(m_session.get(), &ProjectSession::opened), finished(m_session.get(), &ProjectSession::importFinished);
    m_session->create(*m_root / "another");
    QVERIFY(opened.wait());
    m_session->importPaths({drawPictures(*m_root, "emu", 4), drawPictures(*m_root, "owl", 5)});
    QVERIFY(finished.wait());
    QTRY_COMPARE(m_page->model()->rowCount(), 9);
    QVERIFY(!m_page->filterBar()->isVisible());
    QCOMPARE(m_page->chips()->currentId(), QStringLiteral("all"));
}

void DataFiltersTest::healthIsOfAllPicturesAndAFilterLeavesIt()
{
    m_page->setExtraFilter({.split = ImageFilter::SplitChoice::Test});
    QVERIFY(count().endsWith(QStringLiteral("of 30")));
    m_page->showHealth(true);
    QCOMPARE(count(), QStringLiteral("30"));
    QVERIFY(!m_page->filterBar()->isVisible());
    m_page->showHealth(false);
    QVERIFY(count().endsWith(QStringLiteral("of 30")));
    QVERIFY(m_page->filterBar()->isVisible());
    m_page->showHealth(true);
    m_page->setExtraFilter({.split = ImageFilter::SplitChoice::Train});
    QVERIFY(!m_page->health()->isVisible());
    QVERIFY(m_page->grid()->isVisible());
}

QTEST_MAIN(DataFiltersTest)
#include "data_filters_test.moc"
