#include "tests/widgets/shown_plot.h"

#include <QApplication>
#include <QWheelEvent>

using namespace whisker;
using namespace whisker::test;

namespace {

void turnWheel(QWidget &canvas, const QPointF &place, int turn)
{
    QWheelEvent event(place, canvas.mapToGlobal(place), {}, {0, turn}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas, &event);
}

} // namespace

/// How a person moves about in curves, and reads them.
class CurveNavigationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void theCrosshairReadsTheNearestValues();
    void aValueOfAnotherPlaceIsToldWithItsPlace();
    void keysMoveTheCrosshairFromPointToPoint();
    void linkedPlotsShowTheSamePartAndTheSameCrosshair();
    void theWheelZoomsWhereTheMouseIsAndADoubleClickShowsAll();
    void keysZoomMoveAndShowAll();
};

void CurveNavigationTest::theCrosshairReadsTheNearestValues()
{
    ShownPlot shown;
    shown.plot.setCrosshair(6.2);
    shown.draw();
    QCOMPARE(shown.plot.readout(), QStringList({"epoch 6", "training  12"}));
    shown.plot.setCrosshair(std::nullopt);
    shown.draw();
    QVERIFY(shown.plot.readout().isEmpty());
}

void CurveNavigationTest::aValueOfAnotherPlaceIsToldWithItsPlace()
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

void CurveNavigationTest::keysMoveTheCrosshairFromPointToPoint()
{
    ShownPlot shown;
    shown.plot.setCrosshair(5.0);
    QTest::keyClick(&shown.plot, Qt::Key_Right);
    QCOMPARE(*shown.plot.crosshair(), 6.0);
    QTest::keyClick(&shown.plot, Qt::Key_Left);
    QTest::keyClick(&shown.plot, Qt::Key_Left);
    QCOMPARE(*shown.plot.crosshair(), 4.0);
}

void CurveNavigationTest::linkedPlotsShowTheSamePartAndTheSameCrosshair()
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

void CurveNavigationTest::theWheelZoomsWhereTheMouseIsAndADoubleClickShowsAll()
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

void CurveNavigationTest::keysZoomMoveAndShowAll()
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

QTEST_MAIN(CurveNavigationTest)
#include "curve_navigation_test.moc"
