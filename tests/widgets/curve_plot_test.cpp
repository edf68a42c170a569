#include "widgets/curve_plot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
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

QTEST_MAIN(CurvePlotTest)
#include "curve_plot_test.moc"
