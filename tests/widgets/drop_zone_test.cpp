#include "widgets/buttons.h"
#include "widgets/drop_zone.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace whisker;

namespace {

bool drag(QWidget &target, const QMimeData &data)
{
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(&target, &enter);
    return enter.isAccepted();
}

void drop(QWidget &target, const QMimeData &data)
{
    QDropEvent event({10, 10}, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&target, &event);
    QCOMPARE(event.dropAction(), Qt::CopyAction);
}

} // namespace

class DropZoneTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void filesAndFoldersAreTaken();
    void whatIsNoFileIsRefused();
    void aPictureWithoutAFileIsTaken();
    void theFrameComesAndGoesWithTheMouse();
    void theButtonIsReachableByKey();
    void aTargetMayGoWhileSomethingHovers();
    void theFrameStandsAroundThePartThatTheFilesGoTo();
    void whatIsNotWantedIsRefusedWhileItHovers();
};

void DropZoneTest::filesAndFoldersAreTaken()
{
    DropZone zone(Icon::Picture, "Start", "Drop folders here", "Choose");
    QSignalSpy dropped(&zone, &DropZone::filesDropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/pictures/a cat é.jpg"), QUrl("https://example.org/x.jpg"), QUrl::fromLocalFile("/pictures/dogs")});
    QVERIFY(drag(zone, data));
    drop(zone, data);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].toStringList(), (QStringList{"/pictures/a cat é.jpg", "/pictures/dogs"}));
}

void DropZoneTest::whatIsNoFileIsRefused()
{
    DropZone zone(Icon::Picture, "Start", "Drop folders here", "Choose");
    QMimeData text;
    text.setText("hello");
    QVERIFY(!drag(zone, text));
    QMimeData remote;
    remote.setUrls({QUrl("https://example.org/x.jpg")});
    QVERIFY(!drag(zone, remote));
}

void DropZoneTest::aPictureWithoutAFileIsTaken()
{
    QWidget page;
    DropTarget target(&page);
    QSignalSpy dropped(&target, &DropTarget::pictureDropped);
    QMimeData data;
    QImage picture(4, 3, QImage::Format_RGB32);
    picture.fill(Qt::red);
    data.setImageData(picture);
    QVERIFY(drag(page, data));
    drop(page, data);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].value<QImage>().size(), QSize(4, 3));
}

void DropZoneTest::theFrameComesAndGoesWithTheMouse()
{
    QWidget page;
    DropTarget target(&page);
    QSignalSpy hover(&target, &DropTarget::hoverChanged);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/pictures")});
    drag(page, data);
    drag(page, data);
    QCOMPARE(page.findChildren<QWidget *>().size(), 1);
    QDragLeaveEvent leave;
    QApplication::sendEvent(&page, &leave);
    QCOMPARE(page.findChildren<QWidget *>().size(), 0);
    QCOMPARE(hover.size(), 2);
}

void DropZoneTest::theButtonIsReachableByKey()
{
    DropZone zone(Icon::Picture, "Start", "Drop folders here", "Choose");
    QSignalSpy clicked(&zone, &DropZone::buttonClicked);
    zone.show();
    zone.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&zone));
    QTest::keyClick(&zone, Qt::Key_Tab);
    zone.button()->setFocus();
    QTest::keyClick(zone.button(), Qt::Key_Space);
    QCOMPARE(clicked.size(), 1);
}

void DropZoneTest::aTargetMayGoWhileSomethingHovers()
{
    auto page = std::make_unique<QWidget>();
    new DropTarget(page.get());
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/pictures")});
    QVERIFY(drag(*page, data));
    page.reset();
}

void DropZoneTest::theFrameStandsAroundThePartThatTheFilesGoTo()
{
    QWidget page;
    page.resize(400, 300);
    auto *part = new QWidget(&page);
    part->setGeometry(200, 0, 100, 80);
    new DropTarget(&page, part);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/pictures")});
    QVERIFY(drag(page, data));
    const auto frames = part->findChildren<QWidget *>();
    QCOMPARE(frames.size(), 1);
    QCOMPARE(page.findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly).size(), 1); // the part alone
    part->resize(120, 90);
    page.show(); // sizes of what was never shown are told then
    QTRY_COMPARE(frames.front()->size(), QSize(120, 90));
    delete part; // with something hovering
    QVERIFY(!drag(page, data));
}

void DropZoneTest::whatIsNotWantedIsRefusedWhileItHovers()
{
    QWidget page;
    DropTarget target(&page);
    bool hasRoom = true;
    target.setWanted([&](const QMimeData &data) { return hasRoom && !localFiles(data).isEmpty(); });
    QSignalSpy dropped(&target, &DropTarget::filesDropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/pictures")});
    QVERIFY(drag(page, data));
    hasRoom = false;
    QDragMoveEvent move({12, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    move.accept(); // as it was a moment ago
    QApplication::sendEvent(&page, &move);
    QVERIFY(!move.isAccepted());
    QVERIFY(page.findChildren<QWidget *>().isEmpty());
    QDropEvent late({12, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    late.ignore();
    QApplication::sendEvent(&page, &late);
    QVERIFY(!late.isAccepted());
    QCOMPARE(dropped.size(), 0);
    hasRoom = true;
    QVERIFY(drag(page, data));
}

QTEST_MAIN(DropZoneTest)
#include "drop_zone_test.moc"
