#include "tests/ui/data/page_on_show.h"
#include "ui/data/class_row.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_classes.h"
#include "ui/data/labelling_end.h"
#include "ui/data/labelling_head.h"
#include "ui/data/labelling_view.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"

#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

class LabellingTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup() { close(); }
    void aListGoesOnToWhereThePersonWas();
    void aListForgetsPicturesThatAreRemoved();
    void startsWithANameWhereThereIsNoClass();
    void oneKeyAPictureLabelsTheWholeFolder();
    void backShowsTheLabelAndAnotherKeyChangesIt();
    void skippedPicturesComeAgainAtTheEnd();
    void notSureIsMarkedAndGoesOn();
    void undoBringsThePictureBack();
    void aKeyOfNoClassSaysSo();
    void aNameThatIsRefusedIsNotLost();
    void aRefusedNameComesBackThoughTheNextPictureHasItsLabel();
    void aHeldKeyLabelsOnePicture();
    void goesThroughWhatIsSelected();
    void theEndOffersWhatCanBeDoneThereAlone();
    void theEndGoesOnWithTheRestOfTheProject();
    void theEndTakesTheLastChangeBack();
    void allKeysOfManyClassesAreInSight_data();
    void allKeysOfManyClassesAreInSight();
    void leavesWithTheProject();
    void goesAwayWhileDecoding();

private:
    void begin();
    void typeName(const QString &name);
    QString labelAt(std::size_t place) const;
    static QStringList offered(const QWidget &where); ///< The buttons on show.
    void press(int key, Qt::KeyboardModifiers with = Qt::NoModifier) { QTest::keyClick(view(), Qt::Key(key), with); }
    LabellingView *view() const { return m_page->labelling(); }
    std::vector<ImageId> m_ids;
};

void LabellingTest::init()
{
    open();
    const QString folder = drawPictures(*m_root, "photos", 6);
    QStringList files;
    for (int k = 0; k < 6; ++k)
        files.append(QStringLiteral("%1/photos%2.png").arg(folder).arg(k));
    QVERIFY(openWith(*m_session, *m_root, files));
    m_ids = idsOf(*m_session);
    QCOMPARE(m_ids.size(), 6u);
    QVERIFY(m_session->state().classes.empty());
}

QString LabellingTest::labelAt(std::size_t place) const
{
    const auto label = m_session->image(m_ids[place])->label;
    return label ? fromUtf8(m_session->classRecord(*label)->name) : QString();
}

QStringList LabellingTest::offered(const QWidget &where)
{
    QStringList texts;
    for (const Button *button : where.findChildren<Button *>()) {
        if (button->isVisible())
            texts.append(button->text());
    }
    return texts;
}

void LabellingTest::typeName(const QString &name)
{
    QVERIFY(view()->nameBar()->isVisible());
    QTest::keyClicks(view()->nameBar()->edit(), name);
    QTest::keyClick(view()->nameBar()->edit(), Qt::Key_Return);
}

/// Two classes, and the mode on the first of six pictures.
void LabellingTest::begin()
{
    m_session->addClass(QStringLiteral("cat"));
    m_session->addClass(QStringLiteral("dog"));
    QTRY_COMPARE(m_session->state().classes.size(), 2u);
    m_page->grid()->setFocus();
    QTest::keyClick(m_page->grid(), Qt::Key_L);
    QVERIFY(view()->isVisible());
    QTRY_VERIFY(view()->isReady());
}

void LabellingTest::aListGoesOnToWhereThePersonWas()
{
    LabellingList list;
    list.begin({5, 6, 7, 8}, 0);
    list.goOn();
    list.step(1);
    list.step(-1);
    list.step(-1);
    QCOMPARE(list.current(), 5);
    list.goOn();
    QCOMPARE(list.current(), 7);
    QCOMPARE(list.around(1, 1), (std::vector<ImageId>{7, 8, 6}));
    list.goOn();
    list.goOn();
    QVERIFY(list.atEnd());
    QCOMPARE(list.current(), 0);
    list.step(1);
    QVERIFY(list.goTo(6));
    QVERIFY(!list.goTo(9));
}

void LabellingTest::aListForgetsPicturesThatAreRemoved()
{
    LabellingList list;
    list.begin({1, 2, 3, 4}, 2);
    list.setLabelled(1, true);
    list.setLabelled(4, true);
    list.setLabelled(4, true);
    QCOMPARE(list.labelledCount(), 2u);
    list.remove(std::vector<ImageId>{1, 9});
    QCOMPARE(list.current(), 3);
    QCOMPARE(list.labelledCount(), 1u);
    QCOMPARE(list.unlabelled(), (std::vector<ImageId>{2, 3}));
    list.remove(std::vector<ImageId>{3});
    QCOMPARE(list.current(), 4);
    list.remove(std::vector<ImageId>{2, 4});
    QVERIFY(list.atEnd());
}

void LabellingTest::startsWithANameWhereThereIsNoClass()
{
    QTest::keyClick(m_page->grid(), Qt::Key_L);
    typeName(QStringLiteral("cat"));
    QVERIFY(!view()->nameBar()->isVisible()); // that Enter was not taken twice
    QTRY_COMPARE(labelAt(0), QStringLiteral("cat"));
    QCOMPARE(view()->list().current(), m_ids[1]);
    press(Qt::Key_Return);
    typeName(QStringLiteral("dog"));
    QTRY_COMPARE(labelAt(1), QStringLiteral("dog"));
    press(Qt::Key_1);
    QTRY_COMPARE(labelAt(2), QStringLiteral("cat"));
}

void LabellingTest::oneKeyAPictureLabelsTheWholeFolder()
{
    begin();
    for (const int key : {Qt::Key_1, Qt::Key_2, Qt::Key_1, Qt::Key_2, Qt::Key_2, Qt::Key_1})
        press(key); // without waiting for the disk
    QVERIFY(view()->list().atEnd());
    QTRY_COMPARE(view()->head()->count(), QStringLiteral("6 of 6 labelled"));
    QCOMPARE(labelAt(4), QStringLiteral("dog"));
    QCOMPARE(labelAt(5), QStringLiteral("cat"));
    press(Qt::Key_Escape);
    QVERIFY(!view()->isVisible());
    QVERIFY(m_page->grid()->hasFocus());
}

void LabellingTest::backShowsTheLabelAndAnotherKeyChangesIt()
{
    begin();
    press(Qt::Key_1);
    press(Qt::Key_1);
    QTRY_COMPARE(labelAt(1), QStringLiteral("cat"));
    press(Qt::Key_Backspace);
    press(Qt::Key_Left);
    QCOMPARE(view()->list().current(), m_ids[0]);
    press(Qt::Key_2);
    QTRY_COMPARE(labelAt(0), QStringLiteral("dog"));
    QCOMPARE(view()->list().current(), m_ids[2]);
}

void LabellingTest::skippedPicturesComeAgainAtTheEnd()
{
    begin();
    press(Qt::Key_Space);
    press(Qt::Key_1);
    press(Qt::Key_Right);
    for (int k = 0; k < 3; ++k)
        press(Qt::Key_2);
    QTRY_COMPARE(view()->head()->count(), QStringLiteral("4 of 6 labelled"));
    QVERIFY(view()->list().atEnd());
    press(Qt::Key_Return);
    QCOMPARE(view()->list().size(), 2u);
    QCOMPARE(view()->list().current(), m_ids[0]);
}

void LabellingTest::notSureIsMarkedAndGoesOn()
{
    begin();
    press(Qt::Key_Question, Qt::ShiftModifier);
    QTRY_VERIFY(m_session->image(m_ids[0])->unsure);
    QCOMPARE(view()->list().current(), m_ids[1]);
    QCOMPARE(m_page->model()->index(0).data(BadgeRole).toString(), QStringLiteral("not sure"));
    press(Qt::Key_B);
    press(Qt::Key_Question);
    QTRY_VERIFY(!m_session->image(m_ids[0])->unsure);
    QCOMPARE(view()->list().current(), m_ids[0]);
}

void LabellingTest::undoBringsThePictureBack()
{
    begin();
    press(Qt::Key_1);
    press(Qt::Key_2);
    press(Qt::Key_U);
    QTRY_COMPARE(view()->list().current(), m_ids[1]);
    QTRY_COMPARE(labelAt(1), QString());
    press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(view()->list().current(), m_ids[0]);
    QCOMPARE(labelAt(0), QString());
}

void LabellingTest::aKeyOfNoClassSaysSo()
{
    begin();
    press(Qt::Key_Q);
    press(Qt::Key_7);
    QCOMPARE(view()->list().current(), m_ids[0]);
    QVERIFY(!m_session->image(m_ids[0])->label);
}

void LabellingTest::aNameThatIsRefusedIsNotLost()
{
    begin();
    const QString name(300, QLatin1Char('a'));
    QSignalSpy failed(m_session.get(), &ProjectSession::failed);
    press(Qt::Key_Return);
    typeName(name);
    QVERIFY(failed.wait());
    QCOMPARE(view()->list().current(), m_ids[0]);
    QVERIFY(view()->nameBar()->isVisible());
    QCOMPARE(view()->nameBar()->edit()->text(), name);
}

/// Somebody who labels fast is at the next picture before the word comes.
void LabellingTest::aRefusedNameComesBackThoughTheNextPictureHasItsLabel()
{
    begin();
    press(Qt::Key_L);
    const QString name(300, QLatin1Char('x'));
    view()->nameBar()->edit()->setText(name);
    QTest::keyClick(view()->nameBar()->edit(), Qt::Key_Return);
    press(Qt::Key_2);
    QTRY_VERIFY(view()->nameBar()->isVisible());
    QCOMPARE(view()->list().current(), m_ids[0]);
    QCOMPARE(view()->nameBar()->edit()->text(), name);
    QTRY_COMPARE(labelAt(1), QStringLiteral("dog"));
    QCOMPARE(labelAt(0), QString());
}

void LabellingTest::aHeldKeyLabelsOnePicture()
{
    begin();
    QKeyEvent held(QEvent::KeyPress, Qt::Key_1, Qt::NoModifier, QStringLiteral("1"), true);
    QApplication::sendEvent(view(), &held);
    QCOMPARE(view()->list().current(), m_ids[0]);
}

void LabellingTest::goesThroughWhatIsSelected()
{
    const auto *model = m_page->model();
    m_page->grid()->selectionModel()->select(QItemSelection(model->index(2), model->index(4)), QItemSelectionModel::ClearAndSelect);
    begin();
    QCOMPARE(view()->list().size(), 3u);
    QVERIFY(m_page->selectedImages().empty());
    press(Qt::Key_1);
    QTRY_COMPARE(labelAt(2), QStringLiteral("cat"));
}

void LabellingTest::theEndOffersWhatCanBeDoneThereAlone()
{
    begin();
    QCOMPARE(offered(*view()->end()), QStringList());
    press(Qt::Key_Space);
    press(Qt::Key_X);
    for (int k = 0; k < 4; ++k)
        press(Qt::Key_1);
    QTRY_COMPARE(view()->head()->count(), QStringLiteral("4 of 6 labelled"));
    QTRY_COMPARE(offered(*view()->end()), (QStringList{"Look again at the skipped one", "Last picture", "Undo", "Back to the pictures"}));
    QVERIFY(offered(*view()).size() == 4); // and nothing else on the page
    press(Qt::Key_A);
    press(Qt::Key_1);
    QTRY_COMPARE(offered(*view()->end()), (QStringList{"Last picture", "Undo", "Back to the pictures"}));
    press(Qt::Key_1); // labels nothing here
    press(Qt::Key_Return);
    QVERIFY(view()->list().atEnd());
    press(Qt::Key_Left);
    QCOMPARE(view()->list().current(), m_ids[0]);
    QVERIFY(offered(*view()).contains(QStringLiteral("Skip")));
}

void LabellingTest::theEndGoesOnWithTheRestOfTheProject()
{
    m_page->grid()->selectionModel()->select(QItemSelection(m_page->model()->index(2), m_page->model()->index(3)), QItemSelectionModel::ClearAndSelect);
    begin();
    press(Qt::Key_1);
    press(Qt::Key_2);
    QTRY_COMPARE(offered(*view()->end()).value(0), QStringLiteral("Label the next 4 without a label"));
    press(Qt::Key_Return);
    QCOMPARE(view()->list().size(), 4u);
    QCOMPARE(view()->list().current(), m_ids[0]);
}

void LabellingTest::theEndTakesTheLastChangeBack()
{
    begin();
    for (int k = 0; k < 6; ++k)
        press(Qt::Key_2);
    QTRY_COMPARE(view()->head()->count(), QStringLiteral("6 of 6 labelled"));
    press(Qt::Key_U);
    QTRY_COMPARE(view()->list().current(), m_ids[5]);
    QCOMPARE(labelAt(5), QString());
}

void LabellingTest::allKeysOfManyClassesAreInSight_data()
{
    QTest::addColumn<int>("classes");
    QTest::addColumn<bool>("scrolls");
    QTest::newRow("twenty") << 20 << false;
    QTest::newRow("forty") << 40 << true;
}

/// In the smallest window.
void LabellingTest::allKeysOfManyClassesAreInSight()
{
    QFETCH(int, classes);
    QFETCH(bool, scrolls);
    m_page->resize(960 - 88, 640 - 28);
    for (int k = 0; k < classes; ++k)
        m_session->addClass(QStringLiteral("class %1").arg(k));
    QTRY_COMPARE(m_session->state().classes.size(), std::size_t(classes));
    QTest::keyClick(m_page->grid(), Qt::Key_L);
    QTRY_VERIFY(view()->isReady());
    const auto *list = view()->classes();
    QCOMPARE(list->verticalScrollBar()->maximum() > 0, scrolls);
    for (const auto *row : list->rows()) {
        const QRect place(row->mapTo(list, QPoint()), row->size());
        QVERIFY2(place.right() <= list->viewport()->geometry().right(), qPrintable(row->text()));
        QVERIFY2(scrolls || list->rect().contains(place), qPrintable(row->text()));
    }
    press(Qt::Key_PageDown);
    QCOMPARE(list->verticalScrollBar()->value() > 0, scrolls);
}

void LabellingTest::leavesWithTheProject()
{
    begin();
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->create(*m_root / "other");
    QVERIFY(opened.wait());
    QVERIFY(!view()->isVisible());
}

void LabellingTest::goesAwayWhileDecoding()
{
    QTest::keyClick(m_page->grid(), Qt::Key_L);
    m_page.reset();
}

QTEST_MAIN(LabellingTest)
#include "labelling_test.moc"
