#include "tests/ui/active_window.h"
#include "tests/ui/train/shown_run.h"
#include "tests/ui/train/told_runs.h"
#include "tests/ui/train/written_runs.h"
#include "tests/widgets/shown_plot.h"
#include "ui/train/pinned_card.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/run_curves.h"
#include "ui/train/train_page.h"
#include "widgets/curve_plot.h"
#include "widgets/page_header.h"
#include "widgets/pill.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>
#include <QUrl>

using namespace whisker;
using namespace whisker::test;

namespace {

class Shown {
public:
    explicit Shown(const TestFolder &folder)
    {
        page.resize(1000, 700);
        showActive(page);
        page.setMaterial(materialIn(folder));
    }
    bool opens(const std::filesystem::path &run) { return showsRun(page, run); }
    const Pill &pill() const { return *page.findChild<PageHeader *>()->findChild<Pill *>(); }
    bool isLit() const { return page.pinned()->findChild<QWidget *>("dropFrame") != nullptr; }

    TrainPage page{&endlessRun};
};

QMimeData *files(int count)
{
    auto *data = new QMimeData;
    QList<QUrl> urls;
    for (int i = 0; i < count; ++i)
        urls.append(QUrl::fromLocalFile(QStringLiteral("/pictures/%1.jpg").arg(i)));
    data->setUrls(urls);
    return data;
}

/// Over that widget: true where it, or what it is in, takes it.
bool drag(QWidget &widget, const QMimeData &data)
{
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(&widget, &enter); // on to those that it is in
    return enter.isAccepted();
}

bool drop(QWidget &widget, const QMimeData &data)
{
    QDropEvent event({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    event.ignore();
    QApplication::sendEvent(&widget, &event);
    return event.isAccepted();
}

} // namespace

/// The head of the Train page, and where pictures can be dropped on it.
class TrainPageShownTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        useAsHome(m_home);
        applyTheme(*qApp, Scheme::Light);
    }

    void aPastRunShowsItsState_data()
    {
        QTest::addColumn<RunStatus>("status");
        QTest::addColumn<QString>("word");
        QTest::newRow("completed") << RunStatus::Completed << "finished";
        QTest::newRow("stopped") << RunStatus::Stopped << "stopped";
        QTest::newRow("broken off") << RunStatus::Unfinished << "broken off";
        QTest::newRow("diverged") << RunStatus::Diverged << "diverged";
        QTest::newRow("failed") << RunStatus::Failed << "failed";
    }
    void aPastRunShowsItsState()
    {
        QFETCH(RunStatus, status);
        QFETCH(QString, word);
        const TestFolder folder;
        RunReceipt receipt = receiptOfDay(9, 54);
        receipt.status = status;
        const auto run = writeRun(folder, "run", receipt);
        Shown shown(folder);
        QVERIFY(!shown.pill().isVisible());
        QVERIFY(shown.opens(run));
        QVERIFY(shown.pill().isVisible());
        QCOMPARE(shown.pill().text(), word);
        shown.page.showAllRuns();
        QVERIFY(!shown.pill().isVisible());
        shown.page.leaveAllRuns();
        QCOMPARE(shown.pill().text(), word);
        shown.page.setUpNew();
        QVERIFY(!shown.pill().isVisible());
    }

    void theBestEpochSoFarIsMarkedWhileARunLearns_data()
    {
        QTest::addColumn<TrainMode>("mode");
        QTest::addColumn<bool>("isMarked");
        QTest::newRow("from scratch") << TrainMode::Scratch << true;
        QTest::newRow("fine-tuning") << TrainMode::FineTune << true;
        QTest::newRow("quick, which has no epochs") << TrainMode::Quick << false;
    }
    void theBestEpochSoFarIsMarkedWhileARunLearns()
    {
        QFETCH(TrainMode, mode);
        QFETCH(bool, isMarked);
        const TestFolder folder;
        Shown shown(folder);
        shown.page.recipe()->setConfig(recommendedConfig(mode));
        shown.page.start();
        QTRY_VERIFY(shown.page.curves()->validationAccuracy());
        QTRY_COMPARE(namesIn(*shown.page.curves()->loss()).contains("best: epoch 12"), isMarked);
        shown.page.showAllRuns();
        shown.page.leaveAllRuns();
        QTRY_COMPARE(namesIn(*shown.page.curves()->loss()).contains("best: epoch 12"), isMarked);
    }

    void picturesDroppedAnywhereOnThePageArePinned()
    {
        const TestFolder folder;
        Shown shown(folder);
        const std::unique_ptr<QMimeData> two(files(2));
        QVERIFY(drag(shown.page, *two));
        QVERIFY(shown.isLit());
        QDragLeaveEvent leave;
        QApplication::sendEvent(&shown.page, &leave);
        QVERIFY(!shown.isLit());
        shown.page.start();
        QTRY_VERIFY(shown.page.curves()->loss()->isVisible());
        QVERIFY(drag(*shown.page.curves()->loss(), *two));
        QVERIFY(shown.isLit());
        QVERIFY(drop(*shown.page.curves()->loss(), *two));
        QVERIFY(!shown.isLit());
        QCOMPARE(shown.page.pinned()->rows().size(), 2u);
        shown.page.stop();
        QTRY_VERIFY(!shown.page.controller()->isRunning());
    }

    void whatCannotBePinnedIsRefused()
    {
        const TestFolder folder;
        const auto run = writeRun(folder, "run", receiptOfDay(9, 54));
        Shown shown(folder);
        const std::unique_ptr<QMimeData> one(files(1));
        QMimeData pixels; // of a browser: a run could find no file of it
        pixels.setImageData(QImage(4, 3, QImage::Format_RGB32));
        QVERIFY(!drag(shown.page, pixels));
        QVERIFY(!drag(*shown.page.pinned(), pixels));
        const std::unique_ptr<QMimeData> most(files(int(PinBoard::kMost)));
        QVERIFY(drag(shown.page, *one)); // and while it hovers there is no more room
        shown.page.pinned()->add({"a.jpg"});
        QVERIFY(drop(shown.page, *most));
        QCOMPARE(shown.page.pinned()->rows().size(), PinBoard::kMost);
        QVERIFY(!drag(shown.page, *one));
        QVERIFY(!drag(*shown.page.pinned(), *one));
        QVERIFY(!shown.isLit());
        shown.page.pinned()->removeAll();
        QVERIFY(drag(shown.page, *one));
        QVERIFY(shown.opens(run)); // where no pictures are watched
        QVERIFY(!drop(shown.page, *one));
        QVERIFY(!drag(shown.page, *one));
        QVERIFY(!drag(*shown.page.curves()->loss(), *one));
        QVERIFY(shown.page.pinned()->rows().empty());
        shown.page.showAllRuns();
        QVERIFY(!drag(shown.page, *one));
    }

private:
    const TestFolder m_home;
};

QTEST_MAIN(TrainPageShownTest)
#include "train_page_shown_test.moc"
