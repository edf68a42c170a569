#include "widgets/image_grid.h"
#include "widgets/picture_strip.h"
#include "widgets/picture_view.h"
#include "widgets/theme.h"

#include <QAbstractListModel>
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <ctime>

using namespace whisker;

namespace {

class PictureModel : public QAbstractListModel {
public:
    explicit PictureModel(int rows) : m_rows(rows), m_picture(200, 150, QImage::Format_RGB32) { m_picture.fill(Qt::darkGreen); }
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++asked;
        lowest = std::min(lowest, index.row());
        highest = std::max(highest, index.row());
        if (role == ThumbnailRole)
            return index.row() % 5 == 0 ? QVariant() : QVariant(m_picture);
        if (role == NameRole)
            return QStringLiteral("picture_%1.jpg").arg(index.row());
        if (role == ClassIndexRole)
            return index.row() % 3 - 1;
        if (role == BadgeRole)
            return index.row() % 7 == 0 ? QStringLiteral("test") : QString();
        if (role == StateRole && index.row() % 10 == 0)
            return int(ThumbnailState::Broken);
        return {};
    }
    void append(int rows)
    {
        beginInsertRows({}, m_rows, m_rows + rows - 1);
        m_rows += rows;
        endInsertRows();
    }
    void forget()
    {
        asked = highest = 0;
        lowest = m_rows;
    }
    mutable int asked = 0;
    mutable int lowest = 0;
    mutable int highest = 0;

private:
    int m_rows;
    QImage m_picture;
};

} // namespace

class ImageGridTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void picturesFillTheRow();
    void scrollingReportsTheVisibleRange();
    void theRangeFollowsTheModel();
    void onlyWhatIsVisibleIsAskedFor();
    void aHundredThousandRowsPaintAtOnce();
    void aMillionRowsAreLaidOutAtOnce();
    void keysAndShiftSelect();
    void keysGoOnInTheNextRow();
    void theBandLeavesOutTheColumnsBesideIt();
    void aClickOnOneOfManySelectsItAlone();
    void theRubberBandStartsOnAnyPicture();
    void aModelCanBeExchanged();
    void theStripWalksByKeys();
    void aPictureIsFittedWhole();
};

void ImageGridTest::picturesFillTheRow()
{
    PictureModel model(100);
    ImageGrid grid;
    grid.setModel(&model);
    for (const int width : {200, 640, 868, 1200}) {
        grid.resize(width, 500);
        grid.show();
        QVERIFY(grid.pictureSize().width() >= 132);
        const QRect last = grid.visualRect(model.index(grid.columns() - 1));
        QCOMPARE(last.top(), grid.visualRect(model.index(0)).top());
        QVERIFY(grid.visualRect(model.index(grid.columns())).top() > last.top());
        QVERIFY(grid.viewport()->width() - last.right() <= grid.columns() + 3);
    }
}

void ImageGridTest::scrollingReportsTheVisibleRange()
{
    PictureModel model(1000);
    ImageGrid grid;
    grid.resize(868, 600);
    grid.setModel(&model);
    grid.show();
    QCOMPARE(grid.visibleRange().first, 0);
    const int pages = grid.visibleRange().second;
    QVERIFY(pages >= 3 * grid.columns() && pages < 60);
    QSignalSpy range(&grid, &ImageGrid::visibleRangeChanged);
    grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
    QVERIFY(range.size() >= 1);
    QCOMPARE(grid.visibleRange().second, 999);
    QVERIFY(grid.visualRect(model.index(grid.visibleRange().first)).bottom() >= 0);
    QVERIFY(grid.visibleRange().first > 900);
}

void ImageGridTest::theRangeFollowsTheModel()
{
    PictureModel model(0);
    ImageGrid grid;
    grid.resize(868, 600);
    grid.setModel(&model);
    grid.show();
    QCOMPARE(grid.visibleRange(), std::pair(-1, -1));
    model.append(4);
    QCOMPARE(grid.visibleRange(), std::pair(0, 3));
    model.append(996);
    QVERIFY(grid.visibleRange().second > 10);
}

void ImageGridTest::onlyWhatIsVisibleIsAskedFor()
{
    PictureModel model(100000);
    ImageGrid grid;
    grid.resize(868, 600);
    grid.setModel(&model);
    grid.show();
    grid.scrollTo(model.index(50000), QAbstractItemView::PositionAtTop);
    const auto [first, last] = grid.visibleRange();
    model.forget();
    grid.grab();
    QVERIFY2(model.lowest >= first && model.highest <= last,
             qPrintable(QStringLiteral("asked %1..%2, visible %3..%4").arg(model.lowest).arg(model.highest).arg(first).arg(last)));
}

void ImageGridTest::aHundredThousandRowsPaintAtOnce()
{
    PictureModel model(100000);
    ImageGrid grid;
    grid.resize(1150, 700);
    QElapsedTimer timer;
    timer.start();
    grid.setModel(&model);
    grid.show();
    grid.grab();
    const double open = double(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    constexpr int kSteps = 20;
    QPixmap target(grid.size());
    for (int i = 0; i < kSteps; ++i) {
        grid.verticalScrollBar()->setValue(i * 40000);
        grid.render(&target);
    }
    const double step = double(timer.nsecsElapsed()) / 1e6 / kSteps;
    timer.restart();
    grid.resize(900, 700);
    grid.grab();
    const double resized = double(timer.nsecsElapsed()) / 1e6;
    qInfo("100,000 rows: opened in %.1f ms, a scrolled page in %.1f ms, a new width in %.1f ms", open, step, resized);
    QVERIFY(step < 50);
}

void ImageGridTest::aMillionRowsAreLaidOutAtOnce()
{
    PictureModel model(1'000'000);
    ImageGrid grid;
    grid.resize(1150, 700);
    grid.show();
    grid.grab();
    const auto began = std::clock();
    grid.setModel(&model);
    grid.scrollToBottom();
    grid.grab();
    model.append(1000);
    grid.resize(900, 700);
    grid.scrollTo(model.index(500'000), QAbstractItemView::PositionAtCenter);
    grid.grab();
    QVERIFY((std::clock() - began) * 1000 / CLOCKS_PER_SEC < 200);
    QVERIFY(grid.viewport()->rect().contains(grid.visualRect(model.index(500'000))));
    QCOMPARE(grid.indexAt(grid.visualRect(model.index(500'000)).center()).row(), 500'000);
}

void ImageGridTest::keysGoOnInTheNextRow()
{
    PictureModel model(32);
    ImageGrid grid;
    grid.resize(868, 400);
    grid.setModel(&model);
    grid.show();
    const int columns = grid.columns();
    QVERIFY(columns > 2 && 32 % columns != 0);
    const auto press = [&](Qt::Key key) {
        QTest::keyClick(&grid, key);
        return grid.currentIndex().row();
    };
    grid.setCurrentIndex(model.index(columns - 1));
    QCOMPARE(press(Qt::Key_Right), columns);
    QCOMPARE(press(Qt::Key_Left), columns - 1);
    QCOMPARE(press(Qt::Key_Up), columns - 1);
    QCOMPARE(press(Qt::Key_End), 31);
    QCOMPARE(press(Qt::Key_Down), 31);
    QVERIFY(grid.viewport()->rect().contains(grid.visualRect(model.index(31))));
    QVERIFY(press(Qt::Key_PageUp) < 31 - columns);
    QCOMPARE(press(Qt::Key_Home), 0);
    QCOMPARE(press(Qt::Key_Left), 0);
    grid.setCurrentIndex(model.index(32 - 32 % columns - 1)); // above the hole of the last row
    QCOMPARE(press(Qt::Key_Down), 31);
}

void ImageGridTest::theBandLeavesOutTheColumnsBesideIt()
{
    PictureModel model(40);
    ImageGrid grid;
    grid.setModel(&model);
    grid.resize(640, 480);
    grid.show();
    const int columns = grid.columns();
    QVERIFY(columns >= 4);
    const QPoint from = grid.visualRect(model.index(1)).center(), to = grid.visualRect(model.index(2 + columns)).center();
    QTest::mousePress(grid.viewport(), Qt::LeftButton, {}, from);
    QTest::mouseMove(grid.viewport(), (from + to) / 2);
    QTest::mouseMove(grid.viewport(), to);
    const QImage drawn = grid.viewport()->grab().toImage();
    QTest::mouseRelease(grid.viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(grid.selectedRows(), (QList<int>{1, 2, 1 + columns, 2 + columns}));
    QVERIFY(drawn != grid.viewport()->grab().toImage()); // the band is gone
}

void ImageGridTest::keysAndShiftSelect()
{
    PictureModel model(100);
    ImageGrid grid;
    grid.resize(868, 600);
    grid.setModel(&model);
    grid.show();
    grid.setCurrentIndex(model.index(0));
    QSignalSpy selected(&grid, &ImageGrid::selectedRowsChanged);
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(grid.selectedRows(), (QList<int>{1, 2}));
    QTest::keyClick(&grid, Qt::Key_Down);
    QCOMPARE(grid.currentIndex().row(), 2 + grid.columns());
    QTest::keyClick(&grid, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(grid.selectedRows().size(), 100);
    QVERIFY(selected.size() >= 4);
}

void ImageGridTest::aClickOnOneOfManySelectsItAlone()
{
    PictureModel model(40);
    ImageGrid grid;
    grid.setModel(&model);
    grid.resize(640, 480);
    grid.show();
    const auto place = [&](int row) { return grid.visualRect(model.index(row)).center(); };
    grid.selectionModel()->select(QItemSelection(model.index(0), model.index(3)), QItemSelectionModel::Select);
    QTest::mousePress(grid.viewport(), Qt::LeftButton, {}, place(2));
    QCOMPARE(grid.selectedRows().size(), 4); // it may become a drag
    QTest::mouseRelease(grid.viewport(), Qt::LeftButton, {}, place(2));
    QCOMPARE(grid.selectedRows(), QList<int>{2});
    QSignalSpy opened(&grid, &ImageGrid::doubleClicked);
    QTest::mouseDClick(grid.viewport(), Qt::LeftButton, {}, place(2));
    QCOMPARE(opened.size(), 1);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, Qt::ControlModifier, place(2));
    QVERIFY(grid.selectedRows().isEmpty());
}

void ImageGridTest::theRubberBandStartsOnAnyPicture()
{
    PictureModel model(40);
    ImageGrid grid;
    grid.setModel(&model);
    grid.resize(640, 480);
    grid.show();
    const QPoint from = grid.visualRect(model.index(0)).center();
    const QPoint to = grid.visualRect(model.index(2)).center();
    QTest::mousePress(grid.viewport(), Qt::LeftButton, {}, from);
    for (const QPoint &place : {from + QPoint(20, 4), (from + to) / 2, to})
        QTest::mouseMove(grid.viewport(), place);
    QTest::mouseRelease(grid.viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(grid.selectedRows(), (QList<int>{0, 1, 2}));
}

void ImageGridTest::aModelCanBeExchanged()
{
    ImageGrid grid;
    grid.resize(868, 600);
    grid.show();
    {
        PictureModel first(10);
        grid.setModel(&first);
        QCOMPARE(grid.visibleRange().second, 9);
        PictureModel second(3);
        grid.setModel(&second);
        QCOMPARE(grid.visibleRange().second, 2);
        grid.setModel(nullptr);
    }
    QCOMPARE(grid.visibleRange().second, -1);
}

void ImageGridTest::theStripWalksByKeys()
{
    PictureModel model(20);
    PictureStrip strip;
    strip.resize(400, 90);
    strip.setModel(&model);
    strip.show();
    QSignalSpy changed(&strip, &PictureStrip::currentRowChanged);
    strip.setCurrentRow(3);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Left);
    QCOMPARE(strip.currentRow(), 4);
    QCOMPARE(changed.size(), 4);
    QTest::keyClick(&strip, Qt::Key_End);
    QCOMPARE(strip.currentRow(), 19);
    QVERIFY(strip.viewport()->rect().contains(strip.visualRect(model.index(19)).center()));
    strip.setCurrentRow(3);
    QVERIFY(strip.viewport()->rect().contains(strip.visualRect(model.index(3)).center()));
    strip.resize(120, 90);
    QVERIFY(strip.viewport()->rect().contains(strip.visualRect(model.index(3)).center()));
}

void ImageGridTest::aPictureIsFittedWhole()
{
    PictureView view;
    view.resize(400, 400);
    QVERIFY(view.pictureRect().isEmpty());
    QImage wide(800, 200, QImage::Format_RGB32);
    wide.fill(Qt::red);
    view.setPicture(wide, "wide.png", {8000, 2000});
    QVERIFY(view.rect().contains(view.pictureRect()));
    QVERIFY(std::abs(view.pictureRect().width() - 4 * view.pictureRect().height()) < 4);
    QImage line(30000, 1, QImage::Format_RGB32);
    line.fill(Qt::red);
    view.setPicture(line);
    QCOMPARE(view.pictureRect().height(), 1);
    QVERIFY(!view.grab().isNull());
    view.setPicture({});
    QVERIFY(!view.hasPicture());
}

QTEST_MAIN(ImageGridTest)
#include "image_grid_test.moc"
