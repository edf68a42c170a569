#include "tests/support/test_folder.h"
#include "ui/texts.h"
#include "ui/train/curve_tools.h"
#include "ui/train/run_curves.h"
#include "widgets/buttons.h"
#include "widgets/curve_plot.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QImage>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

using namespace whisker;
using namespace whisker::test;

namespace {

TrainConfig scratch(int epochs)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.epochs = epochs;
    return config;
}

/// `epochs` epochs of 100 steps.
std::vector<MetricPoint> someRun(int epochs, double start = 1.0)
{
    std::vector<MetricPoint> points;
    for (int step = 1; step <= epochs * 100; ++step) {
        const double epoch = step / 100.0;
        const double loss = start * std::exp(-epoch / 4) + 0.08 * std::sin(step * 12.9898) * std::exp(-epoch / 8) + 0.1;
        points.push_back({MetricSeries::TrainingLoss, step, epoch, loss});
        points.push_back({MetricSeries::LearningRate, step, epoch, 1e-3 * (1 + std::cos(epoch / epochs * 3.14159))});
        if (step % 100 != 0)
            continue;
        points.push_back({MetricSeries::TrainingAccuracy, step, epoch, 1 - 0.45 * std::exp(-epoch / 4)});
        points.push_back({MetricSeries::ValidationLoss, step, epoch, start * std::exp(-epoch / 4) + 0.15});
        points.push_back({MetricSeries::ValidationAccuracy, step, epoch, 1 - 0.5 * std::exp(-epoch / 4)});
    }
    return points;
}

} // namespace

class RunCurvesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void theTableHoldsEveryPointAsItWas();
    void thePictureCanBeOpened();
    void thePictureHasThePlotThatFoundNoRoomToo();
    void whatCannotBeWrittenIsSaid();
    void goingAwayWhileItWritesFinishesTheFile();
    void pastRunsAreLaidOverAndTakenAwayAgain();
    void allPlotsAreAsLongAsTheLongestCurve();
    void theAxisOfARunThatIsOverEndsWithItsCurves();
    void theValueOfAnEpochIsFound();
    void marksStandInEveryPlot();
    void theLearningRateIsLeftOutWhereThereIsNoRoom();
    void whatARunWithoutAStepHasNotIsSaid();
    void ofOneStepThereIsAPoint();
    void keysChangeTheScaleAndTheSmoothing();
};

void RunCurvesTest::theTableHoldsEveryPointAsItWas()
{
    const TestFolder folder;
    RunCurves curves;
    curves.begin(scratch(100));
    const auto points = someRun(100);
    curves.setId("this one");
    curves.append(points);
    curves.setOverlays({{"a past run, \"quick\"", someRun(2)}});
    QSignalSpy saved(&curves, &RunCurves::saved);
    curves.saveTable(folder / "curves.csv");
    QVERIFY(saved.wait());
    const QString text = QString::fromStdString(fileBytes(folder / "curves.csv"));
    const QStringList rows = text.split("\r\n", Qt::SkipEmptyParts);
    QCOMPARE(rows.size(), qsizetype(1 + points.size() + someRun(2).size()));
    QCOMPARE(rows[0], QStringLiteral("run,series,step,epoch,value"));
    for (const std::size_t i : {std::size_t(0), std::size_t(7777), points.size() - 1}) {
        const QStringList cells = rows[qsizetype(i) + 1].split(u',');
        QCOMPARE(cells[0], "this one");
        QCOMPARE(cells[1], QString::fromUtf8(metricSeriesName(points[i].series).data()));
        QCOMPARE(cells[2].toLongLong(), points[i].step);
        QVERIFY(cells[4].toDouble() == points[i].value);
    }
    QVERIFY(rows.last().startsWith(QStringLiteral("\"a past run, \"\"quick\"\"\",")));
    QVERIFY(curves.notice()->text().contains("curves.csv"));
}

void RunCurvesTest::thePictureCanBeOpened()
{
    const TestFolder folder;
    RunCurves curves;
    curves.resize(700, 620);
    curves.begin(scratch(10));
    curves.append(someRun(6));
    curves.show();
    QVERIFY(QTest::qWaitForWindowExposed(&curves));
    QSignalSpy saved(&curves, &RunCurves::saved);
    curves.savePicture(folder / "curves.png");
    QVERIFY(saved.wait());
    const QImage picture(QString::fromStdString((folder / "curves.png").string()));
    QCOMPARE(picture.width(), 2 * curves.loss()->width());
    QVERIFY(picture.height() > 2 * (curves.loss()->height() + curves.accuracy()->height()));
}

void RunCurvesTest::thePictureHasThePlotThatFoundNoRoomToo()
{
    const TestFolder folder;
    QWidget window; // whose layout gives the curves their height, as the page does
    auto *column = new QVBoxLayout(&window);
    column->setContentsMargins({});
    auto *shown = new RunCurves;
    RunCurves &curves = *shown;
    column->addWidget(shown);
    window.resize(560, 400);
    curves.begin(scratch(10));
    curves.append(someRun(6));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const int seen = curves.loss()->height() + curves.accuracy()->height();
    QSignalSpy saved(&curves, &RunCurves::saved);
    curves.savePicture(folder / "curves.png");
    QVERIFY(saved.wait());
    const QImage picture(QString::fromStdString((folder / "curves.png").string()));
    QVERIFY2(picture.height() >= 2 * (3 * curves.loss()->minimumHeight() + 24), qPrintable(QString::number(picture.height())));
    QCOMPARE(curves.size(), QSize(560, 400)); // on the screen all is as it was
    QVERIFY(!curves.learningRate()->isVisible());
    QTRY_COMPARE(curves.loss()->height() + curves.accuracy()->height(), seen - curves.notice()->height() - 12);
}

void RunCurvesTest::whatCannotBeWrittenIsSaid()
{
    const TestFolder folder;
    RunCurves curves;
    curves.append(someRun(1));
    QSignalSpy failed(&curves, &RunCurves::saveFailed);
    curves.saveTable(folder / "no such folder" / "curves.csv");
    QVERIFY(failed.wait());
    QVERIFY(curves.notice()->kind() == NoticeBar::Kind::Error);
    QVERIFY2(curves.notice()->text().contains("no such folder"), qPrintable(curves.notice()->text()));
}

void RunCurvesTest::goingAwayWhileItWritesFinishesTheFile()
{
    const TestFolder folder;
    {
        RunCurves curves;
        curves.append(someRun(200));
        curves.saveTable(folder / "curves.csv");
    }
    QVERIFY(fileBytes(folder / "curves.csv").size() > 1000000);
}

void RunCurvesTest::pastRunsAreLaidOverAndTakenAwayAgain()
{
    RunCurves curves;
    curves.begin(scratch(10));
    curves.append(someRun(3));
    curves.setOverlays({{"yesterday", someRun(10)}, {"quick", {{MetricSeries::TrainingLoss, 1, 1.0, 0.5}}}});
    QCOMPARE(curves.takeOffButtons().size(), 2u);
    QSignalSpy wished(&curves, &RunCurves::takeOffWished);
    curves.takeOffButtons()[1]->click();
    QCOMPARE(wished[0][0].toInt(), 1);
    QCOMPARE(curves.loss()->pointCount("overlay/0"), 10);
    QCOMPARE(curves.loss()->pointCount("overlay/1"), 1); // it was not validated
    QCOMPARE(curves.accuracy()->pointCount("overlay/1"), 0);
    curves.begin(scratch(10)); // the next run begins
    QCOMPARE(curves.loss()->pointCount("overlay/0"), 10);
    QCOMPARE(curves.loss()->pointCount("training"), 0);
    curves.setOverlays({});
    QCOMPARE(curves.loss()->pointCount("overlay/0"), 0);
}

void RunCurvesTest::allPlotsAreAsLongAsTheLongestCurve()
{
    RunCurves curves;
    curves.begin(scratch(4));
    curves.append(someRun(4));
    curves.setOverlays({{"longer", someRun(12)}});
    for (CurvePlot *plot : {curves.loss(), curves.accuracy(), curves.learningRate()}) {
        plot->setView(CurveRange{6, 12});
        QCOMPARE(*plot->view(), (CurveRange{6, 12}));
    }
}

void RunCurvesTest::theAxisOfARunThatIsOverEndsWithItsCurves()
{
    RunCurves curves;
    const auto end = [&] { // a view is fitted into what there is
        curves.loss()->setView(CurveRange{1000, 1000.5});
        return curves.loss()->view()->last;
    };
    curves.begin(scratch(20));
    curves.append(someRun(6));
    QCOMPARE(end(), 20.0);
    curves.setOver(true);
    QCOMPARE(end(), 6.0);
    curves.setOverlays({{"longer", someRun(12)}});
    QCOMPARE(end(), 12.0);
    curves.setOverlays({});
    QCOMPARE(end(), 6.0);
    curves.setOver(false); // it is gone on with
    QCOMPARE(end(), 20.0);
}

void RunCurvesTest::theValueOfAnEpochIsFound()
{
    RunCurves curves;
    curves.begin(scratch(4));
    const auto points = someRun(4);
    curves.append(points);
    const auto third = std::ranges::find_if(points, [](const MetricPoint &point) { return point.series == MetricSeries::ValidationLoss && point.step == 300; });
    QCOMPARE(curves.valueAt(MetricSeries::ValidationLoss, 3), std::optional(third->value));
    QCOMPARE(curves.valueAt(MetricSeries::ValidationLoss, 0), std::nullopt);
}

void RunCurvesTest::marksStandInEveryPlot()
{
    RunCurves curves;
    curves.resize(700, 620);
    curves.begin(scratch(4));
    curves.append(someRun(4));
    curves.setMarks(std::vector<RunMark>{{200, 2.0, "resumed here"}});
    curves.show();
    for (CurvePlot *plot : {curves.loss(), curves.accuracy(), curves.learningRate()}) {
        plot->setCrosshair(2.0);
        QTRY_VERIFY(plot->readout().contains("resumed here"));
    }
}

void RunCurvesTest::theLearningRateIsLeftOutWhereThereIsNoRoom()
{
    RunCurves curves;
    curves.begin(scratch(4));
    curves.resize(700, 620);
    curves.show();
    QVERIFY(curves.learningRate()->isVisible());
    curves.resize(560, 400);
    QVERIFY(!curves.learningRate()->isVisible());
    curves.resize(700, 620);
    QVERIFY(curves.learningRate()->isVisible());
    curves.begin({}); // quick has none
    QVERIFY(!curves.learningRate()->isVisible());
}

void RunCurvesTest::whatARunWithoutAStepHasNotIsSaid()
{
    RunCurves curves;
    curves.begin(scratch(4));
    QCOMPARE(curves.learningRate()->emptyText(), "How far each step goes");
    const std::vector<MetricPoint> start{{MetricSeries::ValidationLoss, 0, 0.0, 0.2}, {MetricSeries::ValidationAccuracy, 0, 0.0, 0.97}};
    curves.append(start); // what it began with was no worse than anything that it could become
    curves.setOver(true);
    QCOMPARE(curves.learningRate()->emptyText(), "It ended before its first step: there is no rate to show");
    QCOMPARE(curves.accuracy()->emptyText(), "");
    curves.begin(scratch(4));
    curves.setOver(true); // a past run is read after it is known that it is over
    QCOMPARE(curves.learningRate()->emptyText(), "There is no curve of this run");
    QCOMPARE(curves.accuracy()->emptyText(), "There is no curve of this run");
    curves.append(start);
    QCOMPARE(curves.learningRate()->emptyText(), "It ended before its first step: there is no rate to show");
    curves.append(std::vector<MetricPoint>{{MetricSeries::TrainingLoss, 1, 0.1, 0.5}}); // of a table that has lost its rates
    QCOMPARE(curves.learningRate()->emptyText(), "There is no curve of this run");
}

void RunCurvesTest::ofOneStepThereIsAPoint()
{
    RunCurves curves;
    curves.resize(700, 620);
    curves.begin(scratch(4));
    curves.setOver(true);
    curves.show();
    QVERIFY(QTest::qWaitForWindowExposed(&curves));
    const auto dots = [&] {
        const QImage picture = curves.learningRate()->picture(1);
        int pixels = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                pixels += picture.pixelColor(x, y) == Theme::current().colours().accent;
        return pixels;
    };
    const int legend = dots();
    curves.append(std::vector<MetricPoint>{{MetricSeries::TrainingLoss, 1, 2.0, 0.5}, {MetricSeries::LearningRate, 1, 2.0, 0.0006}});
    QCOMPARE(curves.learningRate()->emptyText(), "");
    QVERIFY(dots() > legend);
}

void RunCurvesTest::keysChangeTheScaleAndTheSmoothing()
{
    RunCurves curves;
    curves.begin(scratch(4));
    curves.append(someRun(4));
    curves.tools()->logarithmic()->setChecked(true);
    QVERIFY(curves.loss()->isLogarithmic());
    QVERIFY(!curves.accuracy()->isLogarithmic());
    curves.tools()->slider()->setValue(0);
    QCOMPARE(curves.tools()->smoothing(), 0.0);
    curves.tools()->slider()->setValue(curves.tools()->slider()->maximum());
    QVERIFY(std::abs(curves.tools()->smoothing() - 0.999) < 1e-9);
    QCOMPARE(curves.loss()->pointCount("training"), 400);
    for (const QAction *action : curves.tools()->actions())
        QVERIFY2(!action->shortcut().isEmpty(), qPrintable(action->text()));
}

QTEST_MAIN(RunCurvesTest)
#include "run_curves_test.moc"
