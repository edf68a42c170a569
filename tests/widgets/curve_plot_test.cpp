#include "tests/widgets/shown_plot.h"

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
using namespace whisker::test;

class CurvePlotTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void everyAppendedPointIsKept();
    void manyAppendsRedrawAtMostThirtyTimesASecond();
    void newPointsWaitWhereDrawingTakesLong();
    void aHiddenPlotDrawsWhenItIsShown();
    void aLossThatIsNoNumberDoesNoHarm();
    void anUnknownSeriesIsIgnored();
    void appendingToAMillionPointsCostsNoMoreThanToNone();
    void aChangeOfSchemeRepaintsTheCurves();
    void seriesCanGoAndComeBack();
    void aLowPlotHasFewTicks();
    void plotsInAColumnBeginAlike();
    void aPointOnTheEdgeIsWhole();
    void theSubtitleIsLeftOutWhereTheNamesNeedTheRoom();
    void theScaleOfValuesCanBeLogarithmic();
    void smoothingChangesWhatIsReadAndNothingThatIsKept();
    void whatHappenedIsSaidNearItsTick();
    void namedEventsStandBesideTheirPlacesWithoutCoveringAName();
    void namesThatFindNoRoomAreLeftToTheMouse();
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
    plot.clearPoints("training");
    QCOMPARE(plot.pointCount("training"), 0);
    QCOMPARE(plot.pointCount("validation"), 3);
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
    QTRY_VERIFY_WITH_TIMEOUT(redrawn.size() >= 10, 30'000); // more slowly where drawing takes long
    feeder.stop();
    QVERIFY(step > redrawn.size());
    QVERIFY2(redrawn.size() <= clock.elapsed() / (CurvePlot::kRedrawIntervalMs - 1) + 1, qPrintable(QString::number(clock.elapsed())));
}

void CurvePlotTest::newPointsWaitWhereDrawingTakesLong()
{
    ShownPlot shown;
    connect(canvasOf(shown.plot), &QCustomPlot::beforeReplot, &shown.plot, [] {
        QElapsedTimer busy;
        busy.start();
        while (busy.elapsed() < 10) {
        }
    });
    shown.draw();
    QSignalSpy redrawn(&shown.plot, &CurvePlot::redrawn);
    QElapsedTimer clock;
    clock.start();
    shown.plot.appendPoint("training", 11, 1.0);
    QVERIFY(redrawn.wait());
    QVERIFY2(clock.elapsed() >= 400, qPrintable(QString::number(clock.elapsed())));
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
    rate.plot.clearPoints("training");
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

void CurvePlotTest::namedEventsStandBesideTheirPlacesWithoutCoveringAName()
{
    ShownPlot shown;
    shown.plot.setMarker(5.0, "best: epoch 5");
    shown.plot.setEvents({{2.0, "not named"}, {5.1, "went on for 5 more epochs", true}, {9.9, "at the right edge", true}});
    shown.draw();
    const auto names = namesIn(shown.plot);
    QCOMPARE(names.keys(), QStringList({"at the right edge", "best: epoch 5", "went on for 5 more epochs"}));
    for (const auto &[text, area] : names.asKeyValueRange()) {
        QVERIFY2(QRectF(canvasOf(shown.plot)->rect()).contains(area), qPrintable(text));
        for (const auto &[other, otherArea] : names.asKeyValueRange())
            QVERIFY2(text == other || !area.intersects(otherArea), qPrintable(text + ", " + other));
    }
    shown.plot.setView(CurveRange{0.0, 4.0});
    shown.draw();
    QVERIFY(namesIn(shown.plot).isEmpty()); // they are out of sight, lines and all
    for (int i = 0; i < canvasOf(shown.plot)->itemCount(); ++i) {
        const auto *line = qobject_cast<QCPItemStraightLine *>(canvasOf(shown.plot)->item(i));
        QVERIFY(!line || !line->visible() || line->layer()->name() != QStringLiteral("marks"));
    }
}

void CurvePlotTest::namesThatFindNoRoomAreLeftToTheMouse()
{
    ShownPlot shown;
    std::vector<CurveEvent> events;
    for (int i = 0; i < 10; ++i)
        events.push_back({5.0, QStringLiteral("event %1").arg(i), true});
    shown.plot.setEvents(events);
    shown.plot.setCrosshair(5.0);
    shown.draw();
    QCOMPARE(namesIn(shown.plot).keys(), QStringList({"event 0", "event 1", "event 2"}));
    QVERIFY(shown.plot.readout().last().endsWith("event 9"));
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
