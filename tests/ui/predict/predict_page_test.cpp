#include "engine/train/run_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/predict/fake_classifier.h"
#include "ui/predict/answer_card.h"
#include "ui/predict/predict_page.h"
#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/drop_zone.h"
#include "widgets/picture_strip.h"
#include "widgets/picture_view.h"
#include "widgets/probability_bars.h"
#include "widgets/theme.h"

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QMimeData>
#include <QScopeGuard>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <memory>
#include <semaphore>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Answers when it is let.
class HeldClassifier : public FakeClassifier {
public:
    HeldClassifier(const std::filesystem::path &file, std::shared_ptr<std::counting_semaphore<>> gate) : FakeClassifier(file), m_gate(std::move(gate)) {}
    Result<PictureAnswer> classify(const RgbImage &picture, int threads) override
    {
        m_gate->acquire();
        return FakeClassifier::classify(picture, threads);
    }

private:
    std::shared_ptr<std::counting_semaphore<>> m_gate;
};

QStringList demonstration(int count)
{
    const QDir folder(fromUtf8((demonstrationPictures() / "cat").string()));
    QStringList files;
    for (const QFileInfo &file : folder.entryInfoList({"*.jpg"}, QDir::Files, QDir::Name).first(count))
        files.append(file.filePath());
    return files;
}

Button *button(QWidget &page, const QString &text)
{
    for (Button *candidate : page.findChildren<Button *>())
        if (candidate->text() == text && candidate->isVisibleTo(&page))
            return candidate;
    return nullptr;
}

/// A run of the project that openWith() will make in `root`.
void leaveRun(const TestFolder &root, const std::string &day, RunStatus status)
{
    RunReceipt receipt;
    receipt.started = day + "T12:00:00Z";
    receipt.status = status;
    root.write("project/runs/" + day + "/" + kReceiptFile, toJson(receipt));
    root.write("project/runs/" + day + "/" + kModelFile, "weights");
}

/// What a window of 960 x 640, the smallest, leaves the page beside its rail and above its status line; and one of 1280 x 800.
constexpr QSize kSmallest(872, 612);
constexpr QSize kUsual(1192, 772);

/// `page` in that size with so many pictures, each answered by `model`; one of "breeds" has more to say than a low window has room for.
void showAnswered(PredictPage &page, QSize size, const char *model, int count)
{
    page.resize(size);
    showActive(page);
    page.setModel(model);
    page.addPaths(demonstration(count));
    QTRY_COMPARE(page.pictures()->answeredCount(), count);
}

/// One notch towards the end, as by hand: what `widget` leaves alone goes on to those around it.
void turnWheel(QWidget *widget)
{
    QWheelEvent wheel({5, 5}, widget->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QSpontaneKeyEvent::setSpontaneous(&wheel);
    qApp->notify(widget, &wheel);
}

/// All of it is in sight, or can be scrolled into it: nothing is cut at the right, and nothing pressed together.
bool isWhole(const QWidget *widget, const QScrollArea &side)
{
    const QRect place(widget->mapTo(side.widget(), QPoint(0, 0)), widget->size());
    return side.widget()->rect().contains(place) && widget->height() >= widget->sizeHint().height() && side.widget()->width() <= side.viewport()->width();
}

bool wholeInSight(const QWidget &widget) { return widget.visibleRegion().boundingRect() == widget.rect(); }

DropZone *visibleZone(PredictPage &page)
{
    for (DropZone *zone : page.findChildren<DropZone *>())
        if (zone->isVisible())
            return zone;
    return nullptr;
}

} // namespace

class PredictPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutAModelItLeadsToTrain()
    {
        PredictPage page(&loadFake);
        showActive(page);
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
        showActive(page);
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

    void theThumbnailStandsForThePictureUntilThatIsThere()
    {
        const auto gate = std::make_shared<std::counting_semaphore<>>(0);
        const auto opened = qScopeGuard([gate] { gate->release(2); }); // also where a check fails: the page waits for its answer
        const auto load = [gate](const std::filesystem::path &file) -> Result<std::unique_ptr<PictureClassifier>> { return std::make_unique<HeldClassifier>(file, gate); };
        PredictPage page(load);
        showActive(page);
        page.setModel("cats");
        page.addPaths(demonstration(2));
        QTRY_VERIFY(page.pictures()->rowCount() == 2 && !page.pictures()->at(0).thumbnail.isNull());
        QTest::keyClick(&page, Qt::Key_Right);
        QCOMPARE(page.currentRow(), 1);
        const auto *view = page.findChild<PictureView *>();
        QVERIFY(!view->hasPicture());
        gate->release(); // the first is answered, the second read
        QTRY_VERIFY(view->hasPicture());
        QCOMPARE(page.pictures()->answeredCount(), 1);
        gate->release();
        QTRY_COMPARE(page.pictures()->answeredCount(), 2);
    }

    void aNewModelAnswersThePicturesThatAreThere()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kUsual, "cats", 3);
        page.setModel("dogs");
        QTRY_COMPARE(page.answerCard()->headline(), "dog");
        QTRY_COMPARE(page.pictures()->answeredCount(), 3);
        QCOMPARE(page.pictures()->at(2).answer->classIndex, 1);
    }

    void picturesThatCameBeforeTheModelAreAnsweredWhenItIsThere()
    {
        PredictPage page(&loadFake);
        showActive(page);
        page.addPaths(demonstration(1));
        QTRY_COMPARE(page.pictures()->rowCount(), 1);
        QVERIFY(page.answerCard()->headline().contains("No model"));
        page.setModel("cats");
        QTRY_COMPARE(page.answerCard()->headline(), "cat");
    }

    void aBrokenModelSaysWhatToDo()
    {
        PredictPage page(&loadFake);
        showActive(page);
        page.setModel("broken");
        page.addPaths(demonstration(1));
        QTRY_VERIFY(page.answerCard()->sentence().contains("train another"));
    }

    void pastesAPictureAndFiles()
    {
        PredictPage page(&loadFake);
        showActive(page);
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
        showActive(page);
        page.setModel("cats");
        page.addPaths(demonstration(20));
        QTRY_COMPARE(page.pictures()->rowCount(), 20);
        page.clearPictures();
        QCOMPARE(page.pictures()->rowCount(), 0);
        QTRY_VERIFY(visibleZone(page));
        page.addPaths(demonstration(1));
        QTRY_COMPARE(page.pictures()->answeredCount(), 1);
    }

    void deleteTakesOnePictureOffThePage()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kUsual, "cats", 3);
        const QStringList files = demonstration(3);
        page.setCurrentRow(1);
        QTest::keyClick(&page, Qt::Key_Delete);
        QCOMPARE(page.pictures()->rowCount(), 2);
        QCOMPARE(page.pictures()->answeredCount(), 2);
        QCOMPARE(page.pictures()->at(1).path, files[2]);
        QCOMPARE(page.currentRow(), 1); // the next one
        QCOMPARE(page.answerCard()->headline(), "cat");
        QTest::mouseClick(button(page, "Remove"), Qt::LeftButton);
        QCOMPARE(page.currentRow(), 0); // the last one is gone
        QCOMPARE(page.pictures()->at(0).path, files[0]);
        QTest::keyClick(&page, Qt::Key_Delete);
        QCOMPARE(page.pictures()->rowCount(), 0);
        QVERIFY(visibleZone(page));
        QVERIFY(!button(page, "Remove"));
        QTest::keyClick(&page, Qt::Key_Delete); // nothing left, nothing happens
        QVERIFY(QFile::exists(files[0]));
    }

    void aPictureCanBeRemovedBeforeItWasAnswered()
    {
        PredictPage page(&loadFake);
        showActive(page);
        page.setModel("cats");
        page.addPaths(demonstration(20));
        QTRY_COMPARE(page.pictures()->rowCount(), 20);
        page.removePicture(19);
        page.removePicture(0);
        QTRY_COMPARE(page.pictures()->answeredCount(), 18);
        QTest::keyClick(&page, Qt::Key_Delete, Qt::ControlModifier);
        QTRY_COMPARE(page.pictures()->rowCount(), 0);
    }

    void theProjectsModelIsKnownWithoutTheTrainPage()
    {
        const TestFolder folder;
        leaveRun(folder, "2025-03-01", RunStatus::Completed);
        leaveRun(folder, "2025-03-02", RunStatus::Completed);
        leaveRun(folder, "2025-03-03", RunStatus::Stopped);
        ProjectSession session;
        PredictPage page(&loadFake);
        showActive(page);
        page.followSession(session);
        QVERIFY(openWith(session, folder, {}));
        const auto runs = folder / "project" / "runs";
        QTRY_COMPARE(session.modelInUse(), runs / "2025-03-02" / kModelFile);
        QVERIFY(!button(page, "Use newest model"));
        session.useModel(runs / "2025-03-03" / kModelFile);
        QCOMPARE(session.latestModel(), runs / "2025-03-02" / kModelFile);
        QVERIFY(button(page, "Use newest model"));
        QTest::keyClick(&page, Qt::Key_M, Qt::ControlModifier);
        QTRY_COMPARE(session.modelInUse(), session.latestModel());
        QVERIFY(!button(page, "Use newest model"));
    }

    void aFolderOfHundredsIsAnsweredAndCounted()
    {
        PredictPage page(&loadFake);
        showActive(page);
        page.setModel("cats");
        page.addPaths({fromUtf8(demonstrationPictures().string())});
        QTRY_VERIFY(page.pictures()->rowCount() > 300);
        QTRY_COMPARE_WITH_TIMEOUT(page.pictures()->answeredCount(), page.pictures()->rowCount(), 30'000);
    }

    void inALowWindowTheWheelBringsWhatStandsBelow()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kSmallest, "breeds", 3);
        auto *side = page.findChild<QScrollArea *>();
        const auto *bars = page.answerCard()->bars();
        QCOMPARE(bars->shownRows().size(), std::size_t(5));
        QVERIFY(bars->rest());
        QTRY_VERIFY(isWhole(bars, *side));
        QTRY_VERIFY(isWhole(page.countBars(), *side));
        QVERIFY(side->verticalScrollBar()->maximum() > 0);
        QVERIFY(!wholeInSight(*page.countBars()));
        for (int notch = 0; notch < 20; ++notch)
            turnWheel(side->widget()->findChild<ProbabilityBars *>());
        QCOMPARE(side->verticalScrollBar()->value(), side->verticalScrollBar()->maximum());
        QVERIFY(wholeInSight(*page.countBars()));
        page.resize(1800, 1000);
        QTRY_COMPARE(side->verticalScrollBar()->maximum(), 0);
    }

    void inALowWindowPageDownBringsWhatStandsBelow()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kSmallest, "breeds", 3);
        page.setCurrentRow(1);
        page.focusTarget()->setFocus();
        auto *strip = page.findChild<PictureStrip *>();
        QTRY_VERIFY(strip->hasFocus());
        const auto *counts = page.countBars();
        const auto *bars = page.answerCard()->bars();
        QTRY_VERIFY(!wholeInSight(*counts));
        QTest::keyClick(strip, Qt::Key_PageDown);
        QVERIFY(wholeInSight(*counts));
        QVERIFY(!wholeInSight(*bars));
        QTest::keyClick(strip, Qt::Key_Right); // the next picture's answer is read at the same place
        QCOMPARE(page.currentRow(), 2);
        QVERIFY(wholeInSight(*counts));
        QTest::keyClick(strip, Qt::Key_PageUp);
        QVERIFY(!wholeInSight(*counts));
        QVERIFY(wholeInSight(*bars));
        QCOMPARE(page.currentRow(), 2);
        QVERIFY(strip->hasFocus());
    }

    void theClassesOfAllPicturesThatHaveNoRowAreCounted()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kUsual, "breeds", 3);
        const ProbabilityBars *counts = page.countBars();
        QTRY_COMPARE(counts->figure(counts->shownRows()[0]), "3");
        QCOMPARE(counts->shownRows()[0].name, "cat");
        QCOMPARE(counts->shownRows().size(), std::size_t(6));
        QVERIFY(counts->rest());
        QCOMPARE(counts->figure(*counts->rest()), "0");
        QVERIFY(counts->accessibleDescription().startsWith("cat 3, "));
        QVERIFY(counts->accessibleDescription().endsWith(" 8 more 0"));
        page.setModel("dogs");
        QTRY_COMPARE(counts->accessibleDescription(), "dog 3, cat 0");
        QVERIFY(!counts->rest());
    }

    void namesAreCutOnlyWhereThereIsNoRoom()
    {
        applyTheme(*qApp, Scheme::Light);
        PredictPage page(&loadFake);
        showAnswered(page, kUsual, "breeds", 3);
        const ProbabilityBars *counts = page.countBars();
        const auto cut = [&] { return std::ranges::count_if(counts->shownRows(), [&](const ProbabilityRow &row) { return counts->shownName(row) != row.name; }); };
        QCOMPARE(counts->shownRows()[4].name, "staffordshire_bull_terrier");
        QTRY_COMPARE(cut(), 0);
        page.resize(kSmallest);
        QTRY_COMPARE(cut(), 2); // both terriers; "Egyptian_Mau" stands as it is
        QCOMPARE(counts->shownName(counts->shownRows()[3]), "Egyptian_Mau");
    }

    void theNetworksTimeIsToldOnce()
    {
        PredictPage page(&loadFake);
        showAnswered(page, kUsual, "cats", 1);
        QCOMPARE(page.answerCard()->timeText(), "2.1 ms");
        QCOMPARE(page.answerCard()->sentence(), QString());
        const auto labels = page.answerCard()->findChildren<QWidget *>();
        QCOMPARE(std::ranges::count_if(labels, [](const QWidget *label) { return label->isVisible() && label->accessibleName().contains("2.1 ms"); }), 1);
    }

    void canBeDestroyedWhileItAnswers()
    {
        PredictPage page(&loadFake);
        showActive(page);
        page.setModel("cats");
        page.addPaths({fromUtf8(demonstrationPictures().string())});
        QTRY_VERIFY(page.pictures()->answeredCount() > 0);
    }
};

QTEST_MAIN(PredictPageTest)
#include "predict_page_test.moc"
