#include "tests/support/test_folder.h"
#include "tests/ui/predict/fake_classifier.h"
#include "ui/predict/answer_card.h"
#include "ui/predict/predict_page.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/drop_zone.h"
#include "widgets/picture_view.h"

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

QStringList demonstration(int count)
{
    const QDir folder(fromUtf8((demonstrationPictures() / "cat").string()));
    QStringList files;
    for (const QFileInfo &file : folder.entryInfoList({"*.jpg"}, QDir::Files, QDir::Name).first(count))
        files.append(file.filePath());
    return files;
}

DropZone *visibleZone(PredictPage &page)
{
    for (DropZone *zone : page.findChildren<DropZone *>())
        if (zone->isVisible())
            return zone;
    return nullptr;
}

/// Shortcuts work in the active window alone.
void show(QWidget &page)
{
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
}

} // namespace

class PredictPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutAModelItLeadsToTrain()
    {
        PredictPage page(&loadFake);
        show(page);
        QVERIFY(visibleZone(page));
        QSignalSpy pages(&page, &Page::pageWanted);
        QTest::mouseClick(visibleZone(page)->button(), Qt::LeftButton);
        QCOMPARE(pages[0][0].toString(), "train");
    }

    void oneGoodAndOneBadFileAreBothTold()
    {
        const TestFolder folder;
        const QString bad = fromUtf8(folder.write("notes.jpg", "these are notes").string());
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        page.addPaths({demonstration(1).first(), bad});
        QTRY_COMPARE(page.pictures()->answeredCount(), 2);
        QCOMPARE(page.currentRow(), 0);
        QCOMPARE(page.answerCard()->headline(), "cat");
        QCOMPARE(page.answerCard()->timeText(), "2.1 ms");
        QTRY_VERIFY(page.findChild<PictureView *>()->hasPicture());
        QTest::keyClick(&page, Qt::Key_Right);
        QCOMPARE(page.currentRow(), 1);
        QVERIFY(page.answerCard()->sentence().contains("notes.jpg"));
        QCOMPARE(page.pictures()->index(1).data(StateRole).toInt(), int(ThumbnailState::Broken));
        QVERIFY(!page.findChild<PictureView *>()->hasPicture());
    }

    void aNewModelAnswersThePicturesThatAreThere()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        page.addPaths(demonstration(3));
        QTRY_COMPARE(page.pictures()->answeredCount(), 3);
        page.setModel("dogs");
        QTRY_COMPARE(page.answerCard()->headline(), "dog");
        QTRY_COMPARE(page.pictures()->answeredCount(), 3);
        QCOMPARE(page.pictures()->at(2).answer->classIndex, 1);
    }

    void picturesThatCameBeforeTheModelAreAnsweredWhenItIsThere()
    {
        PredictPage page(&loadFake);
        show(page);
        page.addPaths(demonstration(1));
        QTRY_COMPARE(page.pictures()->rowCount(), 1);
        QVERIFY(page.answerCard()->headline().contains("No model"));
        page.setModel("cats");
        QTRY_COMPARE(page.answerCard()->headline(), "cat");
    }

    void aBrokenModelSaysWhatToDo()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("broken");
        page.addPaths(demonstration(1));
        QTRY_VERIFY(page.answerCard()->sentence().contains("train another"));
    }

    void pastesAPictureAndFiles()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        QImage image(60, 40, QImage::Format_RGB32);
        image.fill(Qt::blue);
        QGuiApplication::clipboard()->setImage(image);
        QTest::keyClick(&page, Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(page.pictures()->answeredCount(), 1);
        auto *files = new QMimeData;
        files->setUrls({QUrl::fromLocalFile(demonstration(1).first())});
        QGuiApplication::clipboard()->setMimeData(files);
        QTest::keyClick(&page, Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(page.pictures()->answeredCount(), 2);
        QCOMPARE(page.currentRow(), 1);
    }

    void clearTakesEverythingOffThePage()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        page.addPaths(demonstration(20));
        QTRY_COMPARE(page.pictures()->rowCount(), 20);
        page.clearPictures();
        QCOMPARE(page.pictures()->rowCount(), 0);
        QTRY_VERIFY(visibleZone(page));
        page.addPaths(demonstration(1));
        QTRY_COMPARE(page.pictures()->answeredCount(), 1);
    }

    void aFolderOfHundredsIsAnsweredAndCounted()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        page.addPaths({fromUtf8(demonstrationPictures().string())});
        QTRY_VERIFY(page.pictures()->rowCount() > 300);
        QTRY_COMPARE_WITH_TIMEOUT(page.pictures()->answeredCount(), page.pictures()->rowCount(), 30'000);
    }

    void canBeDestroyedWhileItAnswers()
    {
        PredictPage page(&loadFake);
        show(page);
        page.setModel("cats");
        page.addPaths({fromUtf8(demonstrationPictures().string())});
        QTRY_VERIFY(page.pictures()->answeredCount() > 0);
    }
};

QTEST_MAIN(PredictPageTest)
#include "predict_page_test.moc"
