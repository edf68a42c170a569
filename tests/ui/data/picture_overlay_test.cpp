#include "ui/data/picture_overlay.h"

#include "engine/image/decode.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/data/picture_facts.h"
#include "widgets/picture_view.h"

#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QWheelEvent>
#include <atomic>

using namespace whisker;
using namespace whisker::test;

class PictureOverlayTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup();
    void zoomsWhereTheWheelIs();
    void aDoubleClickGoesToEveryPixelAndBack();
    void allPixelsAreReadWhenTheyAreNeededAndNotBefore();
    void arrowsPanWhatIsZoomedAndStepOtherwise();
    void panningEndsAtTheEdge();
    void theFactsOfTheFileComeAndGo();
    void aPictureThatCannotBeReadSaysWhy();
    void goesAwayWhileItReads();

private:
    void showPicture();
    ImageRecord m_image;
    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<QWidget> m_page;
    PictureOverlay *m_overlay = nullptr;
    std::atomic<int> m_whole = 0;
};

void PictureOverlayTest::init()
{
    QSettings().remove(QStringLiteral("data/facts"));
    m_root = std::make_unique<TestFolder>();
    m_image = {};
    m_image.id = 7;
    m_image.folder = std::make_shared<const std::filesystem::path>(m_root->write("a.pgm", "P2\n2 2\n255\n1 2 3 4\n").parent_path());
    m_image.name = "a.pgm";
    m_image.width = 4000;
    m_image.height = 3000;
    m_image.bytes = 20;
    m_page = std::make_unique<QWidget>();
    m_page->resize(900, 700);
    m_whole = 0;
    const auto small = [](const std::filesystem::path &) -> Result<RgbImage> { return RgbImage::ofSize(800, 600); };
    const auto whole = [this](const std::filesystem::path &) -> Result<RgbImage> { ++m_whole; return RgbImage::ofSize(4000, 3000); };
    m_overlay = new PictureOverlay(small, whole, m_page.get());
    m_page->show();
}

void PictureOverlayTest::cleanup()
{
    m_page.reset();
    m_root.reset();
}

void PictureOverlayTest::showPicture()
{
    m_overlay->showPicture(m_image, {});
    QTRY_VERIFY(m_overlay->isReady());
}

void PictureOverlayTest::zoomsWhereTheWheelIs()
{
    showPicture();
    auto *view = m_overlay->view();
    QVERIFY(view->isFitted());
    const QPointF at(view->width() / 2.0 + 100, view->height() / 2.0 + 50);
    const auto shareAt = [&] {
        const QRectF area = view->pictureRect();
        return QPointF((at.x() - area.x()) / area.width(), (at.y() - area.y()) / area.height());
    };
    const QPointF before = shareAt();
    for (int notch = 0; notch < 4; ++notch) {
        QWheelEvent wheel(at, view->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view, &wheel);
    }
    QVERIFY(!view->isFitted());
    QVERIFY((shareAt() - before).manhattanLength() < 0.01);
    for (int notch = 0; notch < 8; ++notch) {
        QWheelEvent wheel(at, view->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view, &wheel);
    }
    QVERIFY(view->isFitted());
}

void PictureOverlayTest::aDoubleClickGoesToEveryPixelAndBack()
{
    showPicture();
    auto *view = m_overlay->view();
    QTest::mouseDClick(view, Qt::LeftButton);
    QCOMPARE(view->zoom(), 1.0);
    QTest::mouseDClick(view, Qt::LeftButton);
    QVERIFY(view->isFitted());
    QTest::keyClick(m_overlay, Qt::Key_Z);
    QCOMPARE(view->zoom(), 1.0);
    QTest::keyClick(m_overlay, Qt::Key_0, Qt::ControlModifier);
    QVERIFY(view->isFitted());
}

void PictureOverlayTest::allPixelsAreReadWhenTheyAreNeededAndNotBefore()
{
    showPicture();
    QCOMPARE(m_whole.load(), 0);
    QTest::keyClick(m_overlay, Qt::Key_Z);
    QTRY_VERIFY(m_overlay->view()->hasDetail());
    QTest::keyClick(m_overlay, Qt::Key_Plus);
    QCOMPARE(m_whole.load(), 1);
    QVERIFY(m_overlay->view()->zoom() > 1);
    m_overlay->showPicture(m_image, {});
    QVERIFY(!m_overlay->view()->hasDetail());
    QVERIFY(m_overlay->view()->isFitted());
}

void PictureOverlayTest::arrowsPanWhatIsZoomedAndStepOtherwise()
{
    showPicture();
    QSignalSpy step(m_overlay, &PictureOverlay::stepWanted);
    QTest::keyClick(m_overlay, Qt::Key_Right);
    QCOMPARE(step.count(), 1);
    QTest::keyClick(m_overlay, Qt::Key_Z);
    const QRect before = m_overlay->view()->pictureRect();
    QTest::keyClick(m_overlay, Qt::Key_Right);
    QCOMPARE(step.count(), 1);
    QVERIFY(m_overlay->view()->pictureRect().x() < before.x());
    QTest::keyClick(m_overlay, Qt::Key_PageUp);
    QCOMPARE(step.count(), 2);
    QCOMPARE(step.last().first().toInt(), -1);
}

void PictureOverlayTest::panningEndsAtTheEdge()
{
    showPicture();
    auto *view = m_overlay->view();
    view->zoomTo(1, view->rect().center());
    view->pan({1e6, 1e6});
    QCOMPARE(view->pictureRect().topLeft(), QPoint(0, 0));
    view->pan({-1, 0});
    QCOMPARE(view->pictureRect().left(), -1);
    QTest::mousePress(view, Qt::LeftButton, {}, {200, 200});
    QMouseEvent move(QEvent::MouseMove, QPointF(150, 180), view->mapToGlobal(QPointF(150, 180)), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view, &move);
    QCOMPARE(view->pictureRect().topLeft(), QPoint(-51, -20));
}

void PictureOverlayTest::theFactsOfTheFileComeAndGo()
{
    showPicture();
    QVERIFY(!m_overlay->facts()->isVisible());
    QTest::keyClick(m_overlay, Qt::Key_I);
    QVERIFY(m_overlay->facts()->isVisible());
    QTRY_VERIFY(m_overlay->facts()->isReady());
    QCOMPARE(m_overlay->facts()->valueOf(QStringLiteral("File")), QStringLiteral("a.pgm"));
    QCOMPARE(m_overlay->facts()->valueOf(QStringLiteral("Folder")), displayText(*m_image.folder));
    QVERIFY(m_overlay->facts()->valueOf(QStringLiteral("Camera")).isEmpty());
    QTest::keyClick(m_overlay, Qt::Key_I);
    QVERIFY(!m_overlay->facts()->isVisible());
}

void PictureOverlayTest::aPictureThatCannotBeReadSaysWhy()
{
    QWidget page;
    const auto broken = [](const std::filesystem::path &file) -> Result<RgbImage> { return fail(ErrorCode::Unreadable, "It does not decode.", file); };
    PictureOverlay overlay(broken, broken, &page);
    overlay.showPicture(m_image, {});
    QTRY_COMPARE(overlay.view()->accessibleDescription(), QStringLiteral("It does not decode."));
    overlay.view()->zoomBy(2);
    QVERIFY(overlay.view()->isFitted());
}

void PictureOverlayTest::goesAwayWhileItReads()
{
    m_overlay->showPicture(m_image, {});
    QTest::keyClick(m_overlay, Qt::Key_I);
    QTest::keyClick(m_overlay, Qt::Key_Z);
    m_page.reset();
}

QTEST_MAIN(PictureOverlayTest)
#include "picture_overlay_test.moc"
