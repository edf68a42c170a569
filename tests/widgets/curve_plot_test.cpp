#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>
#include <cmath>
#include <ctime>
#include <limits>
#include <vector>

using namespace whisker;

class CurvePlotTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void everyAppendedPointIsKept();
    void manyAppendsRedrawAtMostThirtyTimesASecond();
    void aHiddenPlotDrawsWhenItIsShown();
    void aLossThatIsNoNumberDoesNoHarm();
    void anUnknownSeriesIsIgnored();
    void appendingToAMillionPointsCostsNoMoreThanToNone();
    void aChangeOfSchemeRepaintsTheCurves();
    void seriesCanGoAndComeBack();
    void theCrosshairReadsTheNearestValues();
    void aValueOfAnotherPlaceIsToldWithItsPlace();
    void keysMoveTheCrosshairFromPointToPoint();
    void aLowPlotHasFewTicks();
    void plotsInAColumnBeginAlike();
    void aPointOnTheEdgeIsWhole();
    void theSubtitleIsLeftOutWhereTheNamesNeedTheRoom();
    void linkedPlotsShowTheSamePartAndTheSameCrosshair();
    void theWheelZoomsWhereTheMouseIsAndADoubleClickShowsAll();
    void keysZoomMoveAndShowAll();
    void theScaleOfValuesCanBeLogarithmic();
    void smoothingChangesWhatIsReadAndNothingThatIsKept();
    void whatHappenedIsSaidNearItsTick();
    void aPictureHasAsManyPixelsAsAsked();
};

void CurvePlotTest::everyAppendedPointIsKept()
{
    CurvePlot plot("Loss");
    plot.addSeries({"training", "training", 0, 0.9});
    plot.addSeries({"validation", "validation", 1, 0.0});
    for (int i = 0; i < 5000; ++i)
        plot.appendPoint("training", i / 100.0, 1.0 / (i + 1));
    plot.appendPoints("validation", std::vector{0.0, 1.0, 2.0}, std::vector{0.9, 0.8, 0.7});
    QCOMPARE(plot.pointCount("training"), 5000);
    QCOMPARE(plot.pointCount("validation"), 3);
    plot.clearPoints();
    QCOMPARE(plot.pointCount("training"), 0);
}

void CurvePlotTest::manyAppendsRedrawAtMostThirtyTimesASecond()
{
    CurvePlot plot("Loss");
    plot.addSeries({"training", "training"});
    plot.show();
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
    redrawn.clear();
    QElapsedTimer clock;
    clock.start();
    int step = 0;
    QTimer feeder;
    connect(&feeder, &QTimer::timeout, &plot, [&] {
        plot.appendPoint("training", step, 1.0 / (step + 1));
        ++step;
    });
    feeder.start(0);
    QTRY_VERIFY(redrawn.size() >= 10);
    feeder.stop();
    QVERIFY(step > redrawn.size());
    QVERIFY2(redrawn.size() <= clock.elapsed() / (CurvePlot::kRedrawIntervalMs - 1) + 1, qPrintable(QString::number(clock.elapsed())));
}

void CurvePlotTest::aHiddenPlotDrawsWhenItIsShown()
{
    CurvePlot plot("Loss");
    plot.addSeries({"training", "training"});
    plot.appendPoint("training", 0, 1);
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(!redrawn.wait(100));
    plot.show();
    QVERIFY(redrawn.wait());
    QVERIFY(plot.accessibleDescription().contains("training"));
}

void CurvePlotTest::aLossThatIsNoNumberDoesNoHarm()
{
    CurvePlot plot("Loss");
    plot.addSeries({"training", "training", 0, 0.9});
    const double infinity = std::numeric_limits<double>::infinity();
    plot.appendPoints("training", std::vector{0.0, 1.0, 2.0, 3.0}, std::vector{infinity, std::nan(""), 0.5, -infinity});
    plot.show();
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
    QCOMPARE(plot.pointCount("training"), 4);
    QTest::mouseMove(plot.findChild<QWidget *>(QString(), Qt::FindDirectChildrenOnly), QPoint(100, 60));
    QVERIFY(!plot.grab().isNull());
}

void CurvePlotTest::anUnknownSeriesIsIgnored()
{
    CurvePlot plot("Loss");
    plot.appendPoint("nobody", 0, 1);
    QCOMPARE(plot.pointCount("nobody"), 0);
}

void CurvePlotTest::appendingToAMillionPointsCostsNoMoreThanToNone()
{
    CurvePlot plot("Loss");
    plot.resize(760, 340);
    plot.addSeries({"training", "training", 0, 0.99});
    std::vector<double> xs(1000000);
    std::vector<double> ys(xs.size());
    for (std::size_t i = 0; i < xs.size(); ++i) {
        xs[i] = double(i);
        ys[i] = 1.0 / (1.0 + double(i) / 1e5) + 0.1 * std::sin(double(i) * 12.9898);
    }
    plot.appendPoints("training", xs, ys);
    plot.show();
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
    const auto begin = std::clock(); // processor time: what else the machine does counts for nothing
    for (int i = 0; i < 1000; ++i)
        plot.appendPoint("training", 1e6 + i, 0.1);
    const double append = 1e3 * double(std::clock() - begin) / CLOCKS_PER_SEC;
    QVERIFY(redrawn.wait());
    QElapsedTimer timer;
    timer.start();
    plot.resize(700, 340); // draws at once
    plot.grab();
    const double picture = double(timer.nsecsElapsed()) / 1e6;
    qInfo("1,000,000 points: 1,000 more in %.2f ms, drawn in %.1f ms", append, picture);
    QCOMPARE(plot.pointCount("training"), 1001000);
    QVERIFY(append < 50);
}

void CurvePlotTest::aChangeOfSchemeRepaintsTheCurves()
{
    CurvePlot plot("Loss");
    plot.resize(400, 250);
    plot.addSeries({"training", "training"});
    plot.appendPoints("training", std::vector{0.0, 1.0}, std::vector{0.5, 0.4});
    plot.show();
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
    Theme::current().setScheme(Scheme::Dark);
    QVERIFY(redrawn.wait());
    QTRY_COMPARE(plot.grab().toImage().pixelColor(200, 235).name(), Theme::coloursOf(Scheme::Dark).panel.name());
    Theme::current().setScheme(Scheme::Light);
}

void CurvePlotTest::seriesCanGoAndComeBack()
{
    CurvePlot plot("Loss");
    plot.addSeries({"training", "training", 0, 0.9});
    plot.appendPoint("training", 0, 1);
    plot.removeAllSeries();
    QCOMPARE(plot.pointCount("training"), 0);
    plot.addSeries({"training", "training"});
    plot.appendPoint("training", 0, 1);
    plot.addSeries({"training", "head", 2});
    QCOMPARE(plot.pointCount("training"), 1);
    plot.show();
    QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
}

namespace {

/// A plot of 11 points from 0 to 10 on show, its y twice its x.
struct ShownPlot {
    ShownPlot() : plot("Loss")
    {
        plot.resize(600, 300);
        plot.setKeyName("epoch");
        plot.addSeries({"training", "training"});
        for (int i = 0; i <= 10; ++i)
            plot.appendPoint("training", i, 2.0 * i);
        plot.show();
        draw();
    }
    void draw()
    {
        QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
        plot.setKeyName("epoch");
        plot.setExpectedEnd(10);
        QVERIFY(redrawn.wait());
    }
    CurvePlot plot;
};

QCustomPlot *canvasOf(CurvePlot &plot) { return plot.findChild<QCustomPlot *>(); }

void turnWheel(QWidget &canvas, const QPointF &place, int turn)
{
    QWheelEvent event(place, canvas.mapToGlobal(place), {}, {0, turn}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas, &event);
}

} // namespace

void CurvePlotTest::theCrosshairReadsTheNearestValues()
{
    ShownPlot shown;
    shown.plot.setCrosshair(6.2);
    shown.draw();
    QCOMPARE(shown.plot.readout(), QStringList({"epoch 6", "training  12"}));
    shown.plot.setCrosshair(std::nullopt);
    shown.draw();
    QVERIFY(shown.plot.readout().isEmpty());
}

void CurvePlotTest::aValueOfAnotherPlaceIsToldWithItsPlace()
{
    ShownPlot shown;
    shown.plot.addSeries({"step", "steps", 1});
    for (int step = 1; step <= 40; ++step)
        shown.plot.appendPoint("step", step / 4.0, step);
    shown.plot.setCrosshair(1.73);
    shown.draw();
    QCOMPARE(shown.plot.readout(), QStringList({"epoch 1.75", "training  4 at epoch 2", "steps  7"}));
    shown.plot.setCrosshair(11.0); // no curve reaches so far
    shown.draw();
    QVERIFY(shown.plot.readout().isEmpty());
}

void CurvePlotTest::keysMoveTheCrosshairFromPointToPoint()
{
    ShownPlot shown;
    shown.plot.setCrosshair(5.0);
    QTest::keyClick(&shown.plot, Qt::Key_Right);
    QCOMPARE(*shown.plot.crosshair(), 6.0);
    QTest::keyClick(&shown.plot, Qt::Key_Left);
    QTest::keyClick(&shown.plot, Qt::Key_Left);
    QCOMPARE(*shown.plot.crosshair(), 4.0);
}

void CurvePlotTest::aLowPlotHasFewTicks()
{
    for (const bool logarithmic : {false, true}) {
        ShownPlot shown;
        shown.plot.setLogarithmic(logarithmic);
        for (const int height : {300, 130, 110}) {
            shown.plot.resize(600, height);
            shown.draw();
            const QCustomPlot &canvas = *canvasOf(shown.plot);
            int labels = 0;
            for (const double tick : canvas.yAxis->tickVector())
                labels += canvas.yAxis->range().contains(tick);
            QVERIFY2(labels >= 1 && labels * 12 <= canvas.axisRect()->height() + 14, qPrintable(QString("%1 px: %2").arg(height).arg(labels)));
        }
    }
}

void CurvePlotTest::plotsInAColumnBeginAlike()
{
    ShownPlot loss, rate;
    rate.plot.clearPoints();
    for (int i = 0; i <= 10; ++i)
        rate.plot.appendPoint("training", i, i * 0.0000987);
    rate.draw();
    QCOMPARE(canvasOf(rate.plot)->axisRect()->left(), canvasOf(loss.plot)->axisRect()->left());
}

void CurvePlotTest::aPointOnTheEdgeIsWhole()
{
    ShownPlot shown; // its last point is where both axes end
    QCustomPlot &canvas = *canvasOf(shown.plot);
    QTRY_COMPARE(canvas.grab().toImage().pixelColor(canvas.axisRect()->right() + 2, canvas.axisRect()->top()), Theme::current().colours().accent);
}

void CurvePlotTest::theSubtitleIsLeftOutWhereTheNamesNeedTheRoom()
{
    ShownPlot shown;
    shown.plot.setSubtitle("cross-entropy");
    const auto subtitle = [&]() -> QWidget * {
        for (QWidget *child : shown.plot.findChildren<QWidget *>()) {
            if (child->accessibleName() == "cross-entropy")
                return child;
        }
        return nullptr;
    }();
    QVERIFY(subtitle && subtitle->isVisible());
    shown.plot.addSeries({"overlay", "another run of last week", 2, 0.0, true});
    shown.plot.resize(320, 200);
    QTRY_VERIFY(!subtitle->isVisible());
    shown.plot.resize(600, 200);
    QTRY_VERIFY(subtitle->isVisible());
}

void CurvePlotTest::linkedPlotsShowTheSamePartAndTheSameCrosshair()
{
    ShownPlot one;
    ShownPlot other;
    linkPlots({&one.plot, &other.plot});
    QTest::keyClick(&one.plot, Qt::Key_Plus);
    QVERIFY(one.plot.view().has_value());
    QCOMPARE(*one.plot.view(), *other.plot.view());
    QTest::keyClick(&other.plot, Qt::Key_Right);
    QVERIFY(other.plot.crosshair().has_value());
    QCOMPARE(*one.plot.crosshair(), *other.plot.crosshair());
    one.draw();
    QVERIFY(!one.plot.readout().isEmpty());
    QTest::keyClick(&other.plot, Qt::Key_0);
    QVERIFY(!one.plot.view().has_value());
}

void CurvePlotTest::theWheelZoomsWhereTheMouseIsAndADoubleClickShowsAll()
{
    ShownPlot shown;
    QWidget &canvas = *canvasOf(shown.plot);
    const QPointF place(canvas.width() - 14, canvas.height() / 2.0);
    for (int i = 0; i < 4; ++i) {
        turnWheel(canvas, place, 120);
        shown.draw();
    }
    QVERIFY(shown.plot.view().has_value());
    QVERIFY2(shown.plot.view()->first > 4 && shown.plot.view()->last > 9.8, qPrintable(QString::number(shown.plot.view()->first)));
    const double before = shown.plot.view()->first;
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {200, 80});
    QMouseEvent drag(QEvent::MouseMove, QPointF(300, 80), canvas.mapToGlobal(QPointF(300, 80)), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&canvas, &drag);
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {300, 80});
    QVERIFY(shown.plot.view()->first < before);
    QTest::mouseDClick(&canvas, Qt::LeftButton, {}, {200, 80});
    QVERIFY(!shown.plot.view().has_value());
}

void CurvePlotTest::keysZoomMoveAndShowAll()
{
    ShownPlot shown;
    QTest::keyClick(&shown.plot, Qt::Key_Plus);
    QTest::keyClick(&shown.plot, Qt::Key_Plus);
    const CurveRange zoomed = *shown.plot.view();
    QTest::keyClick(&shown.plot, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(shown.plot.view()->first > zoomed.first);
    QTest::keyClick(&shown.plot, Qt::Key_Minus);
    QVERIFY(shown.plot.view()->last - shown.plot.view()->first > zoomed.last - zoomed.first);
    for (int i = 0; i < 60; ++i)
        QTest::keyClick(&shown.plot, Qt::Key_Plus);
    QVERIFY(shown.plot.view()->last > shown.plot.view()->first);
    QTest::keyClick(&shown.plot, Qt::Key_Home);
    QVERIFY(!shown.plot.view().has_value());
}

void CurvePlotTest::theScaleOfValuesCanBeLogarithmic()
{
    ShownPlot shown;
    shown.plot.appendPoint("training", 11, -1.0); // has no place on it, and does no harm
    shown.plot.setLogarithmic(true);
    QVERIFY(shown.plot.isLogarithmic());
    shown.draw();
    shown.plot.setCrosshair(5.0);
    shown.draw();
    QCOMPARE(shown.plot.readout().last(), QStringLiteral("training  10"));
    CurvePlot empty("Loss");
    empty.setLogarithmic(true);
    empty.show();
    QSignalSpy redrawn(&empty, &CurvePlot::redrawn);
    QVERIFY(redrawn.wait());
}

void CurvePlotTest::smoothingChangesWhatIsReadAndNothingThatIsKept()
{
    ShownPlot shown;
    shown.plot.setCrosshair(10.0);
    shown.plot.setSmoothing("training", 0.9);
    shown.draw();
    QVERIFY(shown.plot.readout().last() != QStringLiteral("training  20"));
    shown.plot.setSmoothing("training", 0.0);
    shown.draw();
    QCOMPARE(shown.plot.readout().last(), QStringLiteral("training  20"));
    QCOMPARE(shown.plot.pointCount("training"), 11);
}

void CurvePlotTest::whatHappenedIsSaidNearItsTick()
{
    ShownPlot shown;
    shown.plot.setEvents({{5.0, "The memory ran out: batches of 16 from here on."}});
    shown.draw();
    shown.plot.setCrosshair(5.0);
    shown.draw();
    QVERIFY(shown.plot.readout().contains("The memory ran out: batches of 16 from here on."));
    shown.plot.setCrosshair(7.0);
    shown.draw();
    QCOMPARE(shown.plot.readout().size(), 2);
}

void CurvePlotTest::aPictureHasAsManyPixelsAsAsked()
{
    ShownPlot shown;
    const QImage picture = shown.plot.picture(2);
    QCOMPARE(picture.size(), QSize(1200, 600));
    QCOMPARE(picture.pixelColor(600, 4).name(), Theme::current().colours().panel.name());
}

QTEST_MAIN(CurvePlotTest)
#include "curve_plot_test.moc"
