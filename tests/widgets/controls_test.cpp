#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/figure_row.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/rail.h"
#include "widgets/selection_bar.h"
#include "widgets/sentence_label.h"
#include "widgets/status_line.h"
#include "widgets/text_label.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QProgressBar>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace whisker;

class ControlsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void theRailChoosesPagesByKey();
    void theRailIsReachableByTab();
    void choosingAPageFromCodeIsNoChoiceOfTheUser();
    void aButtonShowsItsKeyAndFollowsItsAction();
    void aNarrowButtonKeepsItsMinimumAndElides();
    void aButtonThatMovesAwayFromTheMouseLooksAsBefore();
    void theSelectionBarIsHiddenWithoutASelection();
    void aSelectionBarsButtonMayClearTheBar();
    void aNarrowSelectionBarKeepsWhatHasToBeThere();
    void whatHasNoRoomInTheSelectionBarStandsInAMenu();
    void aCardsLinkStandsInLineWithItsTitle();
    void aNoticeOffersItsActionAndIsClosedByEscape();
    void aNoticeCanOfferASecondAction();
    void theStatusLineShowsWhatRunsInsteadOfTheSummary();
    void figuresKeepTheirWidthWhileDigitsRun();
    void figuresGiveWayWhereThereIsNoRoom();
    void aSentenceKnowsItsHeightAfterItsTextOrFontChanges();
    void aSentenceNeverBreaksBeforeItsPerCentSign();
    void theSecondOfTwoClicksCountsOnlyForWhatTheFirstWasMeantFor();
    void aKeyPressedTwiceDoesNotPressWhatItLedTo();
    void everythingFitsTheSmallestWindow();
};

void ControlsTest::theRailChoosesPagesByKey()
{
    QWidget window;
    QVBoxLayout column(&window);
    auto *rail = new Rail;
    column.addWidget(rail);
    rail->addPage(Icon::Data, "Data");
    rail->addPage(Icon::Train, "Train");
    QSignalSpy chosen(rail, &Rail::pageChosen);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toInt(), 1);
    QCOMPARE(rail->currentPage(), 1);
}

void ControlsTest::theRailIsReachableByTab()
{
    QWidget window;
    QVBoxLayout column(&window);
    auto *first = new Button("first");
    auto *rail = new Rail;
    column.addWidget(first);
    column.addWidget(rail);
    rail->addPage(Icon::Data, "Data");
    rail->addPage(Icon::Train, "Train");
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    first->setFocus();
    QTest::keyClick(&window, Qt::Key_Tab);
    QVERIFY(rail->isAncestorOf(QApplication::focusWidget()));
    QCOMPARE(QApplication::focusWidget()->accessibleName(), "Data");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
    QCOMPARE(rail->currentPage(), 1);
}

void ControlsTest::choosingAPageFromCodeIsNoChoiceOfTheUser()
{
    Rail rail;
    rail.addPage(Icon::Data, "Data");
    rail.addPage(Icon::Train, "Train");
    QSignalSpy chosen(&rail, &Rail::pageChosen);
    rail.setCurrentPage(1);
    rail.setCurrentPage(7);
    QCOMPARE(rail.currentPage(), 1);
    QCOMPARE(chosen.size(), 0);
}

void ControlsTest::aButtonShowsItsKeyAndFollowsItsAction()
{
    QAction undo("&Undo");
    undo.setShortcut(QKeySequence("Ctrl+Z"));
    undo.setEnabled(false);
    Button button({});
    button.followAction(&undo);
    QCOMPARE(button.text(), "Undo");
    QCOMPARE(button.keyHint(), "Ctrl Z");
    QCOMPARE(button.toolTip(), "Undo (Ctrl+Z)"); // in words as everywhere
    QCOMPARE(withKeys("Larger", QKeySequence("Ctrl++")), "Larger (Ctrl++)");
    QCOMPARE(withKeys("Larger", QKeySequence()), "Larger");
    Button larger("Larger");
    larger.setKeyHint(QKeySequence("Ctrl++"));
    QCOMPARE(larger.keyHint(), "Ctrl +");
    QCOMPARE(larger.toolTip(), "Larger (Ctrl++)");
    QVERIFY(!button.isEnabled());
    undo.setEnabled(true);
    QSignalSpy triggered(&undo, &QAction::triggered);
    button.click();
    QCOMPARE(triggered.size(), 1);
}

void ControlsTest::aNarrowButtonKeepsItsMinimumAndElides()
{
    Button button("Train again with the corrections", Button::Kind::Primary);
    QVERIFY(button.minimumSizeHint().width() < button.sizeHint().width() / 2);
    QCOMPARE(button.sizeHint().height(), 32);
    button.resize(80, 32);
    QVERIFY(!button.grab().isNull());
}

void ControlsTest::aButtonThatMovesAwayFromTheMouseLooksAsBefore()
{
    QWidget window;
    window.resize(400, 100);
    Button button("Stop", Button::Kind::Danger, &window);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCursor::setPos(window.mapToGlobal(QPoint(390, 90)));
    const QImage before = button.grab().toImage();
    const QPoint inside = button.rect().center();
    QCursor::setPos(button.mapToGlobal(inside));
    QEnterEvent enter(inside, button.mapTo(&window, inside), button.mapToGlobal(inside));
    QApplication::sendEvent(&button, &enter);
    QTRY_VERIFY(button.grab().toImage() != before);
    button.move(200, 0); // nothing tells it that the mouse is elsewhere
    QCOMPARE(button.grab().toImage(), before);
}

void ControlsTest::theSelectionBarIsHiddenWithoutASelection()
{
    QWidget window;
    QVBoxLayout column(&window);
    auto *bar = new SelectionBar;
    column.addWidget(bar);
    window.show();
    QVERIFY(!bar->isVisible());
    bar->setSelectedCount(3);
    QVERIFY(bar->isVisible());
    QVERIFY(bar->accessibleName().contains('3'));
    bar->setSelectedCount(0);
    QVERIFY(!bar->isVisible());
}

void ControlsTest::aNarrowSelectionBarKeepsWhatHasToBeThere()
{
    SelectionBar bar;
    bar.setSelectedCount(3);
    const QList<Button *> spare{bar.addSpareButton("Fuchs", QKeySequence("1")), bar.addSpareButton("Eule", QKeySequence("2"))};
    Button *remove = bar.addButton("Remove", QKeySequence("Del"));
    bar.resize(600, 44);
    bar.show();
    QTRY_VERIFY(spare[0]->isVisible() && spare[1]->isVisible());
    int width = 600;
    while (width > 100 && spare[1]->isVisible())
        bar.resize(width -= 4, 44);
    QVERIFY(spare[0]->isVisible());
    QTRY_COMPARE(remove->width(), remove->sizeHint().width());
    while (width > 100 && spare[0]->isVisible())
        bar.resize(width -= 4, 44);
    QVERIFY(width > 100 && remove->isVisible());
    bar.resize(600, 44);
    QTRY_VERIFY(spare[1]->isVisible());
}

void ControlsTest::whatHasNoRoomInTheSelectionBarStandsInAMenu()
{
    SelectionBar bar;
    bar.setSelectedCount(1);
    QAction show("Show curves"), lay("Lay over"), open("Open folder"), remove("Delete");
    bar.addActionButton(&show);
    const QList<Button *> spare{bar.addSpareActionButton(&lay), bar.addSpareActionButton(&open)};
    bar.addActionButton(&remove);
    bar.resize(700, 44);
    bar.show();
    QTRY_VERIFY(spare[1]->isVisible() && !bar.more()->isVisible());
    bar.resize(380, 44);
    QTRY_VERIFY(bar.more()->isVisible() && !spare[0]->isVisible());
    QCOMPARE(bar.more()->width(), bar.more()->sizeHint().width());
    QVERIFY(bar.more()->x() > bar.buttons().back()->x());
    QMenu *menu = bar.more()->menu();
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions(), (QList<QAction *>{&lay, &open}));
}

void ControlsTest::aCardsLinkStandsInLineWithItsTitle()
{
    Card card("Splits");
    auto *link = new Button("Divide...", Button::Kind::Link);
    card.addHeaderWidget(link);
    auto *body = new QWidget;
    body->setMinimumHeight(40);
    card.addWidget(body);
    card.show();
    for (const int height : {300, 0}) { // 0: as low as it can be
        card.resize(240, std::max(height, card.minimumSizeHint().height()));
        QTRY_COMPARE(link->height(), link->sizeHint().height());
        QVERIFY(link->parentWidget()->rect().contains(link->geometry()));
    }
}

void ControlsTest::aSelectionBarsButtonMayClearTheBar()
{
    SelectionBar bar;
    Button *button = bar.addButton("cat", QKeySequence("1"));
    connect(button, &Button::clicked, &bar, &SelectionBar::clearButtons);
    button->click();
    QVERIFY(bar.buttons().isEmpty());
}

void ControlsTest::aNoticeOffersItsActionAndIsClosedByEscape()
{
    QWidget window;
    QVBoxLayout column(&window);
    auto *notice = new NoticeBar;
    column.addWidget(notice);
    window.show();
    QVERIFY(!notice->isVisible());
    notice->showNotice(NoticeBar::Kind::Error, "The disk is full.", "Try again");
    QVERIFY(notice->isVisible());
    QSignalSpy action(notice, &NoticeBar::actionTriggered);
    QSignalSpy closed(notice, &NoticeBar::closed);
    notice->actionButton()->click();
    QCOMPARE(action.size(), 1);
    QTest::keyClick(notice->actionButton(), Qt::Key_Escape);
    QCOMPARE(closed.size(), 1);
    QVERIFY(!notice->isVisible());
    notice->showNotice(NoticeBar::Kind::Information, "Imported 370 pictures.");
    QVERIFY(!notice->actionButton()->isVisible());
}

void ControlsTest::aNoticeCanOfferASecondAction()
{
    NoticeBar notice;
    notice.showNotice(NoticeBar::Kind::Warning, "3 pictures are missing.", "Find them", "Show them");
    QSignalSpy action(&notice, &NoticeBar::actionTriggered), second(&notice, &NoticeBar::secondTriggered);
    notice.secondButton()->click();
    QCOMPARE(second.size(), 1);
    QVERIFY(action.isEmpty());
    notice.showNotice(NoticeBar::Kind::Error, "The disk is full.", "Try again");
    QVERIFY(!notice.secondButton()->isVisible());
}

void ControlsTest::theStatusLineShowsWhatRunsInsteadOfTheSummary()
{
    StatusLine line;
    line.resize(900, 28);
    line.setSummary("370 pictures, 2 classes");
    line.show();
    auto *progress = line.findChild<QProgressBar *>();
    QVERIFY(!progress->isVisible());
    line.setActivity("Training: epoch 7 of 20", 0.35, "about 2 min left");
    QVERIFY(progress->isVisible());
    QCOMPARE(progress->value(), 350);
    line.setActivity("Preparing");
    QCOMPARE(progress->maximum(), 0);
    line.clearActivity();
    QVERIFY(!progress->isVisible());
}

void ControlsTest::figuresKeepTheirWidthWhileDigitsRun()
{
    TextLabel label("1.111");
    label.setTabular(true);
    const int width = label.sizeHint().width();
    label.setText("8.888");
    QCOMPARE(label.sizeHint().width(), width);
    FigureRow row;
    row.addFigure("speed", "Speed");
    row.setValue("speed", "67 img/s");
    QCOMPARE(row.value("speed"), "67 img/s");
    row.setValue("unknown", "1");
    QCOMPARE(row.value("unknown"), QString());
}

void ControlsTest::figuresGiveWayWhereThereIsNoRoom()
{
    QWidget window;
    FigureRow row(&window);
    row.addFigure("accuracy", "Validation accuracy");
    row.addFigure("memory", "Memory in use", 1);
    row.addFigure("waited", "Waited for pictures", 2);
    row.addFigure("step", "Step");
    row.setFigureVisible("step", false);
    const auto visible = [&](const char *label) {
        for (const TextLabel *text : row.findChildren<TextLabel *>())
            if (text->text() == label)
                return text->isVisible();
        return false;
    };
    window.resize(640, 80);
    row.resize(600, 60);
    window.show();
    QVERIFY(visible("Validation accuracy") && visible("Memory in use") && visible("Waited for pictures"));
    QVERIFY(!visible("Step"));
    row.resize(270, 60);
    QVERIFY(visible("Validation accuracy") && visible("Memory in use") && !visible("Waited for pictures"));
    row.resize(row.minimumSizeHint().width(), 60);
    QVERIFY(visible("Validation accuracy") && !visible("Memory in use"));
    row.setFigureVisible("step", true);
    QVERIFY(visible("Step")); // it never gives way
    row.resize(600, 60);
    QVERIFY(visible("Memory in use") && visible("Waited for pictures"));
}

void ControlsTest::aSentenceNeverBreaksBeforeItsPerCentSign()
{
    SentenceLabel label("right on 50.0 % of them, 100 % sure");
    QCOMPARE(label.text(), "right on 50.0\u00A0% of them, 100\u00A0% sure");
    label.setText("a % b, 7%, 12.5 %");
    QCOMPARE(label.text(), "a % b, 7%, 12.5\u00A0%");
}

void ControlsTest::theSecondOfTwoClicksCountsOnlyForWhatTheFirstWasMeantFor()
{
    QWidget window;
    window.resize(300, 100);
    Button one("Next", Button::Kind::Plain, &window), two("Stop", Button::Kind::Plain, &window);
    for (Button *button : {&one, &two})
        button->setGeometry(20, 20, 120, 32);
    two.hide();
    QSignalSpy first(&one, &Button::clicked), second(&two, &Button::clicked);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const auto doubleClick = [&] { QTest::mouseDClick(window.windowHandle(), Qt::LeftButton, {}, QPoint(60, 36)); };
    doubleClick();
    QCOMPARE(first.count(), 2);
    const auto changing = connect(&one, &Button::clicked, &one, [&] { one.setText("Start"); });
    doubleClick();
    QCOMPARE(first.count(), 3);
    disconnect(changing);
    connect(&one, &Button::clicked, &two, [&] {
        one.hide();
        two.show();
    });
    doubleClick();
    QCOMPARE(first.count(), 4);
    QVERIFY(two.isVisible());
    QCOMPARE(second.count(), 0);
    QTest::mouseClick(window.windowHandle(), Qt::LeftButton, {}, QPoint(60, 36));
    QCOMPARE(second.count(), 1);
}

void ControlsTest::aKeyPressedTwiceDoesNotPressWhatItLedTo()
{
    const int usual = QApplication::doubleClickInterval();
    const auto asItWas = qScopeGuard([&] { QApplication::setDoubleClickInterval(usual); });
    QApplication::setDoubleClickInterval(600'000); // however slow the machine is
    QWidget window;
    Button start("Start", Button::Kind::Plain, &window), stop("Stop", Button::Kind::Plain, &window);
    connect(&start, &Button::clicked, &stop, [&] { stop.setFocus(); });
    QSignalSpy stopped(&stop, &Button::clicked);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    start.setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 2; ++i)
        QTest::keyClick(window.focusWidget(), Qt::Key_Space);
    QVERIFY(stop.hasFocus());
    QCOMPARE(stopped.count(), 0);
    start.setFocus(Qt::TabFocusReason);
    stop.setFocus(Qt::TabFocusReason); // by a person
    QTest::keyClick(&stop, Qt::Key_Space);
    QCOMPARE(stopped.count(), 1);
}

void ControlsTest::aSentenceKnowsItsHeightAfterItsTextOrFontChanges()
{
    constexpr int width = 100;
    SentenceLabel label("One word");
    const int one = label.heightForWidth(width);
    QCOMPARE(label.heightForWidth(width), one);
    label.setText("So many words that they need more than one line of this width");
    const int many = label.heightForWidth(width);
    QVERIFY(many > one);
    QVERIFY(label.heightForWidth(4 * width) < many);
    label.setFont(themeFont(28));
    QVERIFY(label.heightForWidth(width) > many);
}

void ControlsTest::everythingFitsTheSmallestWindow()
{
    PageHeader header("Fine-tuning EfficientNet-Lite0 on a very long project name that goes on");
    header.setDetail("370 pictures, some of them with names that nobody can read");
    header.addButton(new Button("Label by keyboard"));
    header.addButton(new Button("Add pictures", Button::Kind::Primary));
    StatusLine line;
    line.setProject("A project");
    line.setActivity("Training: epoch 7 of 20", 0.35, "about 2 min left");
    line.setDevice("CPU, 2 threads, bf16");
    line.setMemory("1.1 GB");
    QVERIFY(header.minimumSizeHint().width() <= 960 - 88 - 40);
    QVERIFY(line.minimumSizeHint().width() <= 960);
}

QTEST_MAIN(ControlsTest)
#include "controls_test.moc"
