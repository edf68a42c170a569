#include "ui/data/data_page.h"

#include "tests/ui/data/page_on_show.h"
#include "ui/data/classes_card.h"
#include "ui/data/filter_bar.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/data/skipped_card.h"
#include "ui/data/work_bar.h"
#include "widgets/buttons.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"
#include "widgets/selection_bar.h"
#include "widgets/sentence_label.h"
#include "widgets/share_bars.h"

#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

class DataPageTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup() { close(); }
    void showsCountsAClassAndASplit();
    void aKeyLabelsTheSelectionAndUndoRestoresIt();
    void undoAndRedoNeedNoSelection();
    void typingANewNameMakesAClass();
    void escapeLeavesTheLabelLineWithoutALabel();
    void digitsInTheSearchFieldAreText();
    void chipsFilterAndOneKeyGoesThroughAList();
    void excludeHidesAndCanBeTakenBack();
    void aFilterThatHidesTheSelectionClosesItsBar();
    void spaceOpensThePictureAndArrowsWalk();
    void whatIsFilteredIsShownAndOneKeyTakesItAway();
    void aFileThatIsNoPictureIsListedWithItsReason();
    void cancelStopsTheImport();
    void aClassCanBeAddedAndRenamedInPlace();
    void aLetterLabelsWhereAClassHasIt();
    void notSureCanBeSetForASelection();
    void removedPicturesComeBackByUndo();
    void picturesDroppedOnAClassAreLabelled();
    void goesAwayWhileImporting();

private:
    void select(int first, int last);
    QString labelOf(ImageId id) const;
    QString nothingWords() const
    {
        for (const auto *label : m_page->findChildren<SentenceLabel *>())
            if (label->isVisible() && label->text().startsWith(QStringLiteral("No picture")))
                return label->text();
        return {};
    }
    template <class T> T *part() const { return m_page->findChild<T *>(); }
};

void DataPageTest::init()
{
    open();
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 10), drawPictures(*m_root, "dog", 20)}));
    QTRY_COMPARE(m_page->side()->classes()->countShown(QStringLiteral("dog")), 20);
}

void DataPageTest::select(int first, int last)
{
    auto *grid = m_page->grid();
    grid->setFocus();
    grid->setCurrentIndex(m_page->model()->index(first));
    grid->selectionModel()->select(QItemSelection(m_page->model()->index(first), m_page->model()->index(last)),
                                   QItemSelectionModel::ClearAndSelect);
}

QString DataPageTest::labelOf(ImageId id) const
{
    const auto label = m_session->image(id)->label;
    return label ? fromUtf8(m_session->classRecord(*label)->name) : QString();
}

void DataPageTest::showsCountsAClassAndASplit()
{
    QCOMPARE(m_page->model()->rowCount(), 30);
    QCOMPARE(m_page->side()->classes()->countShown(QStringLiteral("cat")), 10);
    int total = 0;
    for (const auto &row : m_page->side()->splits()->rows())
        total += row.total();
    QCOMPARE(total, 30);
    QCOMPARE(m_page->chips()->chipCount(), 4);
    QVERIFY(!part<SelectionBar>()->isVisible());
}

void DataPageTest::aKeyLabelsTheSelectionAndUndoRestoresIt()
{
    select(2, 4);
    const auto ids = m_page->selectedImages();
    QCOMPARE(ids.size(), 3u);
    QVERIFY(part<SelectionBar>()->isVisible());
    QTest::keyClick(m_page->grid(), Qt::Key_2);
    for (const auto id : ids)
        QTRY_COMPARE(labelOf(id), QStringLiteral("dog"));
    QTest::keyClick(m_page->grid(), Qt::Key_Z, Qt::ControlModifier);
    for (const auto id : ids)
        QTRY_COMPARE(labelOf(id), QStringLiteral("cat"));
    QTest::keyClick(m_page->grid(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(labelOf(ids[1]), QStringLiteral("dog"));
    QTRY_COMPARE(m_page->side()->classes()->countShown(QStringLiteral("dog")), 23);
}

void DataPageTest::undoAndRedoNeedNoSelection()
{
    const auto button = [&](const char *name) {
        for (QPushButton *each : m_page->findChildren<QPushButton *>())
            if (each->accessibleName() == QLatin1String(name))
                return each;
        return static_cast<QPushButton *>(nullptr);
    };
    QVERIFY(button("Undo") && button("Redo"));
    const ImageId first = m_session->state().images.front().id;
    m_session->setLabel({first}, QStringLiteral("dog"));
    QTRY_COMPARE(labelOf(first), QStringLiteral("dog"));
    QTRY_VERIFY(button("Undo")->toolTip().contains(QStringLiteral("dog")));
    QTest::mouseClick(button("Undo"), Qt::LeftButton);
    QTRY_COMPARE(labelOf(first), QStringLiteral("cat"));
    QTRY_VERIFY(button("Redo")->isEnabled());
    QTest::mouseClick(button("Redo"), Qt::LeftButton);
    QTRY_COMPARE(labelOf(first), QStringLiteral("dog"));
}

void DataPageTest::typingANewNameMakesAClass()
{
    select(0, 1);
    const auto ids = m_page->selectedImages();
    QTest::keyClick(m_page->grid(), Qt::Key_Return);
    auto *bar = part<LabelBar>();
    QVERIFY(bar->isVisible());
    QTest::keyClicks(bar->edit(), QStringLiteral("snow owl"));
    QTest::keyClick(bar->edit(), Qt::Key_Return);
    QVERIFY(!bar->isVisible());
    QTRY_COMPARE(labelOf(ids[1]), QStringLiteral("snow owl"));
    QTRY_COMPARE(m_page->side()->classes()->countShown(QStringLiteral("snow owl")), 2);
}

void DataPageTest::escapeLeavesTheLabelLineWithoutALabel()
{
    select(0, 0);
    const auto id = m_page->selectedImages()[0];
    QTest::keyClick(m_page->grid(), Qt::Key_Return);
    QTest::keyClicks(part<LabelBar>()->edit(), QStringLiteral("dog"));
    QTest::keyClick(part<LabelBar>()->edit(), Qt::Key_Escape);
    QVERIFY(!part<LabelBar>()->isVisible());
    QVERIFY(part<SelectionBar>()->isVisible());
    QCOMPARE(labelOf(id), QStringLiteral("cat"));
}

void DataPageTest::digitsInTheSearchFieldAreText()
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

void DataPageTest::chipsFilterAndOneKeyGoesThroughAList()
{
    m_page->chips()->setCurrentId(QStringLiteral("class %1").arg(m_session->classOfKey(1)->id));
    QCOMPARE(m_page->model()->rowCount(), 10);
    select(0, 0);
    const auto second = m_page->model()->idAt(1);
    QTest::keyClick(m_page->grid(), Qt::Key_2);
    QTRY_COMPARE(m_page->model()->rowCount(), 9);
    QCOMPARE(m_page->selectedImages(), std::vector<ImageId>{second});
}

void DataPageTest::excludeHidesAndCanBeTakenBack()
{
    select(0, 2);
    QTest::keyClick(m_page->grid(), Qt::Key_X);
    QTRY_COMPARE(m_page->model()->rowCount(), 27);
    QTRY_VERIFY(m_page->chips()->chip(QStringLiteral("excluded")));
    m_page->chips()->setCurrentId(QStringLiteral("excluded"));
    QCOMPARE(m_page->model()->rowCount(), 3);
    select(0, 2);
    QTest::keyClick(m_page->grid(), Qt::Key_X);
    QTRY_VERIFY(!m_page->chips()->chip(QStringLiteral("excluded")));
    QTRY_COMPARE(m_page->model()->rowCount(), 30);
}

/// Also while the bar would still say what was done before the selection.
void DataPageTest::aFilterThatHidesTheSelectionClosesItsBar()
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

void DataPageTest::spaceOpensThePictureAndArrowsWalk()
{
    select(3, 3);
    QTest::keyClick(m_page->grid(), Qt::Key_Space);
    auto *overlay = part<PictureOverlay>();
    QCOMPARE(overlay->shownId(), m_page->model()->idAt(3));
    QTRY_VERIFY(overlay->isReady());
    QTest::keyClick(overlay, Qt::Key_Right);
    QCOMPARE(overlay->shownId(), m_page->model()->idAt(4));
    QTest::keyClick(overlay, Qt::Key_2);
    QTRY_COMPARE(labelOf(m_page->model()->idAt(4)), QStringLiteral("dog"));
    QTest::keyClick(overlay, Qt::Key_Escape);
    QVERIFY(!overlay->isVisible());
}

void DataPageTest::whatIsFilteredIsShownAndOneKeyTakesItAway()
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

void DataPageTest::aFileThatIsNoPictureIsListedWithItsReason()
{
    QVERIFY(!m_page->side()->skipped()->isVisible());
    m_root->write("owl/a note.jpg", "Not a picture.");
    QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
    m_session->importPaths({drawPictures(*m_root, "owl", 2), drawPictures(*m_root, "emu", 2)});
    QVERIFY(finished.wait());
    QCOMPARE(m_page->side()->skipped()->count(), 1);
    QVERIFY(m_page->side()->skipped()->isVisible());
    QVERIFY(part<NoticeBar>()->isVisible());
    QCOMPARE(m_page->model()->rowCount(), 34);
}

void DataPageTest::cancelStopsTheImport()
{
    QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
    m_session->importPaths({manyPictures(*m_root, "owl", 5000)});
    QVERIFY(part<WorkBar>()->isVisible());
    QTest::mouseClick(part<WorkBar>()->cancelButton(), Qt::LeftButton);
    QVERIFY(finished.wait());
    QVERIFY(!part<WorkBar>()->isVisible());
    QVERIFY(m_page->model()->rowCount() < 5030);
}

void DataPageTest::aClassCanBeAddedAndRenamedInPlace()
{
    auto *card = m_page->side()->classes();
    card->startAdding();
    auto *edit = card->findChild<QLineEdit *>();
    QTest::keyClicks(edit, QStringLiteral("owl"));
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(card->countShown(QStringLiteral("owl")), 0);
    Q_EMIT card->renameWanted(m_session->classOfKey(3)->id, QStringLiteral("snow owl"));
    QTRY_COMPARE(card->countShown(QStringLiteral("snow owl")), 0);
    QCOMPARE(card->countShown(QStringLiteral("owl")), -1);
}

void DataPageTest::aLetterLabelsWhereAClassHasIt()
{
    m_session->setClassKey(m_session->classOfKey(2)->id, QStringLiteral("w"));
    QTRY_VERIFY(m_session->classOfKey(QStringLiteral("w")));
    select(0, 1);
    const auto ids = m_page->selectedImages();
    QTest::keyClick(m_page->grid(), Qt::Key_W);
    QTRY_COMPARE(labelOf(ids[1]), QStringLiteral("dog"));
}

void DataPageTest::notSureCanBeSetForASelection()
{
    select(0, 2);
    const auto ids = m_page->selectedImages();
    QTest::keyClick(m_page->grid(), Qt::Key_Question);
    QTRY_VERIFY(m_session->image(ids[2])->unsure);
    QCOMPARE(m_page->model()->index(2).data(BadgeRole).toString(), QStringLiteral("not sure"));
    QTest::keyClick(m_page->grid(), Qt::Key_Question);
    QTRY_VERIFY(!m_session->image(ids[2])->unsure);
}

void DataPageTest::removedPicturesComeBackByUndo()
{
    const auto file = m_session->state().images.front().file();
    QTest::keyClick(m_page->grid(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(m_page->selectedImages().size(), 30u);
    select(0, 3);
    QTest::keyClick(m_page->grid(), Qt::Key_Delete);
    QTRY_COMPARE(m_page->model()->rowCount(), 26);
    QVERIFY(std::filesystem::exists(file));
    QTest::keyClick(m_page->grid(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(m_page->model()->rowCount(), 30);
}

void DataPageTest::picturesDroppedOnAClassAreLabelled()
{
    select(0, 1);
    const auto ids = m_page->selectedImages();
    Q_EMIT m_page->side()->classes()->picturesDropped(m_session->classOfKey(2)->id);
    QTRY_COMPARE(labelOf(ids[0]), QStringLiteral("dog"));
    QTRY_COMPARE(labelOf(ids[1]), QStringLiteral("dog"));
}

void DataPageTest::goesAwayWhileImporting()
{
    m_session->importPaths({manyPictures(*m_root, "owl", 2000)});
    m_page.reset();
    QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
    QVERIFY(finished.wait());
}

QTEST_MAIN(DataPageTest)
#include "data_page_test.moc"
