#include "ui/data/data_page.h"

#include "tests/ui/data/page_on_show.h"
#include "ui/data/classes_card.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/data/skipped_card.h"
#include "ui/data/work_bar.h"
#include "widgets/buttons.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"
#include "widgets/selection_bar.h"
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
    void excludeHidesAndCanBeTakenBack();
    void spaceOpensThePictureAndArrowsWalk();
    void aFileThatIsNoPictureIsListedWithItsReason();
    void cancelStopsTheImport();
    void aClassCanBeAddedAndRenamedInPlace();
    void aLetterLabelsWhereAClassHasIt();
    void notSureCanBeSetForASelection();
    void removedPicturesComeBackByUndo();
    void picturesDroppedOnAClassAreLabelled();
    void theBarOffersLabelsAlsoAfterItSaidWhatWasDone();
    void aPageForReadingLabelsNothing();
    void forReadingTheBarOffersNothingThatChanges();
    void goesAwayWhileImporting();

private:
    void select(int first, int last);
    QString labelOf(ImageId id) const;
    template <class T> T *part() const { return m_page->findChild<T *>(); }
    /// Of the buttons in the selection bar, the menu's being empty.
    QStringList barTexts() const
    {
        QStringList texts;
        for (const Button *button : part<SelectionBar>()->buttons()) {
            if (button->isVisible())
                texts.append(button->text());
        }
        return texts;
    }
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

/// In a project without a class, where neither bar has a class's button.
void DataPageTest::theBarOffersLabelsAlsoAfterItSaidWhatWasDone()
{
    QSignalSpy opened(m_session.get(), &ProjectSession::opened), finished(m_session.get(), &ProjectSession::importFinished);
    m_session->create(*m_root / "unlabelled");
    QVERIFY(opened.wait());
    m_session->importPaths({drawPictures(*m_root, "new", 4)}, {}, {.meaning = FolderMeaning::Unlabelled});
    QVERIFY(finished.wait());
    QTRY_COMPARE(m_page->model()->rowCount(), 4);
    m_session->setUnsure({m_page->model()->idAt(0)}, true);
    QTRY_COMPARE(barTexts(), (QStringList{"Undo", "Redo"}));
    select(1, 2);
    QTRY_COMPARE(barTexts(), (QStringList{"Label", "Not sure", "Exclude", "Remove", ""}));
}

void DataPageTest::forReadingTheBarOffersNothingThatChanges()
{
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->openForReading(*m_root / "project");
    QVERIFY(opened.wait());
    QTRY_COMPARE(m_page->model()->rowCount(), 30);
    select(1, 2);
    QTRY_COMPARE(barTexts(), QStringList{""}); // its menu copies paths and opens folders
}

void DataPageTest::aPageForReadingLabelsNothing()
{
    QSignalSpy opened(m_session.get(), &ProjectSession::opened), failed(m_session.get(), &ProjectSession::failed);
    m_session->openForReading(*m_root / "project");
    QVERIFY(opened.wait());
    QTRY_COMPARE(m_page->model()->rowCount(), 30);
    m_page->grid()->setFocus();
    m_page->grid()->selectAll();
    for (const auto &[key, modifiers] : {std::pair(Qt::Key_2, Qt::NoModifier), std::pair(Qt::Key_X, Qt::NoModifier), std::pair(Qt::Key_Delete, Qt::NoModifier),
                                         std::pair(Qt::Key_L, Qt::NoModifier), std::pair(Qt::Key_Z, Qt::ControlModifier), std::pair(Qt::Key_Return, Qt::NoModifier)})
        QTest::keyClick(m_page->grid(), key, modifiers);
    QVERIFY(!failed.wait(100));
    QVERIFY(!m_page->labelling()->isActive());
    QCOMPARE(m_session->state().images.size(), 30u);
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
