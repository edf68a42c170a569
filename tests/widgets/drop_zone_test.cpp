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

QTEST_MAIN(DropZoneTest)
#include "drop_zone_test.moc"
