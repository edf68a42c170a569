#include "ui/main_window.h"

#include "engine/base/process_memory.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/own_settings.h"
#include "ui/data/data_page.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"
#include "widgets/rail.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QMenu>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

class PlainPage : public Page {
public:
    using Page::Page;
    QString pageId() const override { return QStringLiteral("plain"); }
    QString title() const override { return QStringLiteral("Plain"); }
    Icon icon() const override { return Icon::Train; }
};

std::vector<PageEntry> pages(ProjectSession &session)
{
    return {{QStringLiteral("data"), Icon::Data, QStringLiteral("Data"), [&](QWidget *parent) { return new DataPage(session, parent); }},
            {QStringLiteral("plain"), Icon::Train, QStringLiteral("Plain"), [](QWidget *parent) { return new PlainPage(parent); }}};
}

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void makesTheOtherPagesAfterItsFirstPainting();
    void keysBringPagesToTheFront();
    void fitsIntoItsSmallestSize();
    void aProjectThatIsNoDatabaseGivesANoticeWithAnActionAndAllGoesOn();
    void aProjectInAnotherWindowIsOfferedForReading();
    void aProjectThatAnotherWindowLetsGoOfOpensByItself();
    void namesTheProjectInItsTitle();
    void theMenuAtTheFootNamesTheProjectAndOpensByItsKey();
    void whatRunsOnAPageMarksItInTheRail();
    void closesWhileAnImportGoesOn();
    void knowsTheMemoryOfTheProcess();

private:
    TestFolder m_home;
};

void MainWindowTest::initTestCase()
{
    useOwnSettings(m_home);
}

void MainWindowTest::makesTheOtherPagesAfterItsFirstPainting()
{
    ProjectSession session;
    MainWindow window(session, pages(session));
    QVERIFY(window.page(QStringLiteral("data")));
    QVERIFY(!window.page(QStringLiteral("plain")));
    QSignalSpy painted(&window, &MainWindow::firstPainted);
    window.show();
    QVERIFY(painted.wait());
    QTRY_VERIFY(window.page(QStringLiteral("plain")));
    QCOMPARE(window.currentPage(), window.page(QStringLiteral("data")));
}

void MainWindowTest::keysBringPagesToTheFront()
{
    ProjectSession session;
    MainWindow window(session, pages(session));
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(window.currentPage(), window.page(QStringLiteral("plain")));
    QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(window.currentPage(), window.page(QStringLiteral("data")));
}

void MainWindowTest::fitsIntoItsSmallestSize()
{
    const TestFolder root;
    ProjectSession session;
    MainWindow window(session, pages(session));
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 30), drawPictures(root, "dog", 30)}));
    window.resize(100, 100);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCOMPARE(window.size(), QSize(960, 640));
    QVERIFY(window.centralWidget()->minimumSizeHint().width() <= 960);
    QVERIFY(window.centralWidget()->minimumSizeHint().height() <= 640);
}

void MainWindowTest::aProjectThatIsNoDatabaseGivesANoticeWithAnActionAndAllGoesOn()
{
    const TestFolder root;
    ProjectSession session;
    MainWindow window(session, pages(session));
    window.show();
    session.open(root.write("broken.whisker", "Not a database, whatever its name says, and long enough to be looked at."));
    QTRY_VERIFY(window.notice()->isVisible());
    QVERIFY(window.notice()->text().contains(QStringLiteral("broken.whisker")));
    QCOMPARE(window.notice()->kind(), NoticeBar::Kind::Error);
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    QVERIFY(!window.notice()->isVisible());
}

void MainWindowTest::aProjectInAnotherWindowIsOfferedForReading()
{
    const TestFolder root;
    ProjectSession first, second;
    QVERIFY(openWith(first, root, {drawPictures(root, "cat", 2), drawPictures(root, "dog", 2)}));
    MainWindow window(second, pages(second));
    window.show();
    QSignalSpy inUse(&second, &ProjectSession::inUse), opened(&second, &ProjectSession::opened);
    second.open(root / "project");
    QVERIFY(inUse.wait());
    QVERIFY(window.notice()->text().contains(QStringLiteral("another window")));
    QCOMPARE(window.notice()->actionButton()->text(), QStringLiteral("Open for reading"));
    window.notice()->actionButton()->click();
    QVERIFY(opened.wait());
    QVERIFY(second.isReadOnly());
    QCOMPARE(second.state().images.size(), 4u);
    QCOMPARE(window.notice()->kind(), NoticeBar::Kind::Information);
    QVERIFY(window.notice()->actionButton()->isHidden());
    QVERIFY(window.notice()->text().contains(QStringLiteral("open in another window")));
}

void MainWindowTest::aProjectThatAnotherWindowLetsGoOfOpensByItself()
{
    const TestFolder root;
    auto first = std::make_unique<ProjectSession>();
    ProjectSession second;
    QVERIFY(openWith(*first, root, {drawPictures(root, "cat", 2)}));
    MainWindow window(second, pages(second));
    window.show();
    QSignalSpy inUse(&second, &ProjectSession::inUse), opened(&second, &ProjectSession::opened);
    second.open(root / "project");
    QVERIFY(inUse.wait());
    first.reset();
    QVERIFY(opened.wait());
    QVERIFY(!second.isReadOnly());
    QVERIFY(!window.notice()->isVisible());
}

void MainWindowTest::namesTheProjectInItsTitle()
{
    const TestFolder root;
    ProjectSession session;
    MainWindow window(session, pages(session));
    QVERIFY(openWith(session, root, {}));
    QVERIFY(window.windowTitle().contains(QStringLiteral("project")));
}

void MainWindowTest::theMenuAtTheFootNamesTheProjectAndOpensByItsKey()
{
    const TestFolder root;
    ProjectSession session;
    MainWindow window(session, pages(session));
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const auto buttons = window.findChild<Rail *>()->findChildren<QAbstractButton *>();
    QAbstractButton *button = buttons.last();
    QCOMPARE(button->text(), QStringLiteral("Projects"));
    QVERIFY(openWith(session, root, {}));
    QCOMPARE(button->text(), QStringLiteral("project"));
    QVERIFY(button->toolTip().contains(QStringLiteral("F10")));
    QTest::keyClick(&window, Qt::Key_F10);
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QVERIFY(menu->activeAction());
    QVERIFY(QRect(window.mapToGlobal(QPoint()), window.size()).contains(menu->geometry()));
    menu->close();
}

void MainWindowTest::whatRunsOnAPageMarksItInTheRail()
{
    const TestFolder root;
    ProjectSession session;
    MainWindow window(session, pages(session));
    QVERIFY(openWith(session, root, {}));
    QSignalSpy activity(window.currentPage(), &Page::activityChanged);
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    session.importPaths({drawPictures(root, "cat", 20)});
    QVERIFY(!activity.isEmpty());
    QVERIFY(finished.wait());
    QTRY_VERIFY(!activity.last()[0].value<std::optional<PageActivity>>()); // the data doctor looks at what came in
}

void MainWindowTest::closesWhileAnImportGoesOn()
{
    const TestFolder root;
    const auto cat = manyPictures(root, "cat", 3000);
    QElapsedTimer timer;
    {
        ProjectSession session;
        MainWindow window(session, pages(session));
        window.show();
        QVERIFY(openWith(session, root, {}));
        session.importPaths({cat});
        timer.start();
        QVERIFY(window.close());
    }
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void MainWindowTest::knowsTheMemoryOfTheProcess()
{
    const auto bytes = processMemoryBytes();
    QVERIFY(bytes);
    QVERIFY(*bytes > 1'000'000);
    QVERIFY(*bytes < machineMemoryBytes().value_or(0));
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
