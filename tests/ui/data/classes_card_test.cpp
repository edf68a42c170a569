#include "ui/data/classes_card.h"

#include "ui/data/class_row.h"
#include "widgets/image_grid.h"

#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;

class ClassesCardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void menuOffersAllThatCanBeDone();
    void keysRenameMoveAndRemove();
    void theKeyboardGoesWithAMovedClass();
    void theNextKeyBecomesTheClassesKey();
    void picturesCanBeDropped();
    void filesAreNotTaken();
    void aRefusedNameComesBack();
    void classesForReadingCanNotBeChanged();
    void fortyClassesScroll();

private:
    std::vector<ClassRecord> m_classes;
    std::unique_ptr<ClassesCard> m_card;
};

void ClassesCardTest::init()
{
    m_classes = {{1, "cat", 0, "1"}, {2, "dog", 1, "2"}, {3, "owl / \"barn\" & co", 2, "a"}};
    m_card = std::make_unique<ClassesCard>();
    m_card->setClasses(m_classes, {{1, 5}, {2, 1}});
    m_card->show();
    QVERIFY(QTest::qWaitForWindowActive(m_card.get()));
}

void ClassesCardTest::menuOffersAllThatCanBeDone()
{
    QSignalSpy merged(m_card.get(), &ClassesCard::mergeWanted);
    QSignalSpy coloured(m_card.get(), &ClassesCard::colourWanted);
    QMenu *menu = m_card->makeMenu(1);
    QStringList texts;
    for (const QAction *action : menu->actions()) {
        texts.append(action->text());
        if (action->menu() && action->text().contains(QStringLiteral("Merge")))
            action->menu()->actions().at(1)->trigger();
        if (action->menu() && action->text().contains(QStringLiteral("Colour")))
            action->menu()->actions().at(6)->trigger();
    }
    QVERIFY(texts.filter(QStringLiteral("its 5 pictures stay, without a label")).size() == 1);
    QCOMPARE(merged.first().at(0).toLongLong(), 1);
    QCOMPARE(merged.first().at(1).toLongLong(), 3);
    QCOMPARE(coloured.first().at(1).toInt(), 6);
    delete menu;
}

void ClassesCardTest::keysRenameMoveAndRemove()
{
    QSignalSpy moved(m_card.get(), &ClassesCard::moveWanted);
    QSignalSpy removed(m_card.get(), &ClassesCard::removeWanted);
    QSignalSpy renamed(m_card.get(), &ClassesCard::renameWanted);
    m_card->rowOf(1)->setFocus();
    QTest::keyClick(m_card->rowOf(1), Qt::Key_Up, Qt::AltModifier); // it is the first
    QTest::keyClick(m_card->rowOf(1), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.first().at(1).toULongLong(), 1u);
    QTest::keyClick(m_card->rowOf(1), Qt::Key_Down);
    QVERIFY(m_card->rowOf(2)->hasFocus());
    QTest::keyClick(m_card->rowOf(2), Qt::Key_Delete);
    QCOMPARE(removed.first().at(0).toLongLong(), 2);
    QTest::keyClick(m_card->rowOf(2), Qt::Key_F2);
    auto *edit = m_card->findChild<QLineEdit *>();
    QTest::keyClicks(edit, QStringLiteral("wolf"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(renamed.first().at(1).toString(), QStringLiteral("wolf"));
}

void ClassesCardTest::theKeyboardGoesWithAMovedClass()
{
    m_card->rowOf(1)->setFocus();
    std::swap(m_classes[0], m_classes[1]);
    m_card->setClasses(m_classes, {});
    QVERIFY(m_card->rowOf(1)->hasFocus());
}

void ClassesCardTest::theNextKeyBecomesTheClassesKey()
{
    QSignalSpy keys(m_card.get(), &ClassesCard::keyWanted);
    auto *row = m_card->rowOf(2);
    row->askForKey();
    QTest::keyClick(row, Qt::Key_Shift);
    QVERIFY(row->isAskingForKey());
    QTest::keyClick(row, Qt::Key_Escape);
    QVERIFY(!row->isAskingForKey());
    QCOMPARE(keys.size(), 0);
    row->askForKey();
    QTest::keyClick(row, Qt::Key_W);
    QCOMPARE(keys.takeFirst().at(1).toString(), QStringLiteral("w"));
    row->askForKey();
    QTest::keyClick(row, Qt::Key_Delete);
    QCOMPARE(keys.takeFirst().at(1).toString(), QString());
}

void ClassesCardTest::picturesCanBeDropped()
{
    QSignalSpy dropped(m_card.get(), &ClassesCard::picturesDropped);
    QMimeData data;
    data.setData(ImageGrid::selectionFormat(), {});
    const QPoint place(10, 10);
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_card->rowOf(3), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_card->rowOf(3), &drop);
    QCOMPARE(dropped.first().at(0).toLongLong(), 3);
}

void ClassesCardTest::filesAreNotTaken()
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/a.jpg"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QCoreApplication::sendEvent(m_card->rowOf(3), &enter);
    QVERIFY(!enter.isAccepted());
}

void ClassesCardTest::aRefusedNameComesBack()
{
    auto *edit = m_card->findChild<QLineEdit *>();
    m_card->reopenEdit();
    QVERIFY(!edit->isVisible()); // nothing was asked
    m_card->startAdding();
    const QString name(300, QLatin1Char('x'));
    edit->setText(name);
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(!edit->isVisible());
    m_card->reopenEdit();
    QVERIFY(edit->isVisible());
    QCOMPARE(edit->text(), name);
}

void ClassesCardTest::classesForReadingCanNotBeChanged()
{
    QSignalSpy removed(m_card.get(), &ClassesCard::removeWanted);
    QSignalSpy moved(m_card.get(), &ClassesCard::moveWanted);
    m_card->setReadOnly(true);
    ClassRow *row = m_card->rowOf(2);
    row->setFocus();
    QTest::keyClick(row, Qt::Key_Delete);
    QTest::keyClick(row, Qt::Key_Up, Qt::AltModifier);
    QTest::keyClick(row, Qt::Key_F2);
    QVERIFY(!m_card->findChild<QLineEdit *>()->isVisible());
    const std::unique_ptr<QMenu> menu(m_card->makeMenu(2));
    for (const QAction *action : menu->actions())
        QVERIFY2(action->isSeparator() || !action->isEnabled(), qPrintable(action->text()));
    QVERIFY(removed.isEmpty() && moved.isEmpty());
    m_card->setReadOnly(false);
    QTest::keyClick(row, Qt::Key_Delete);
    QCOMPARE(removed.size(), 1);
}

void ClassesCardTest::fortyClassesScroll()
{
    QScrollArea area;
    area.setWidgetResizable(true);
    area.setWidget(m_card.release());
    auto *card = static_cast<ClassesCard *>(area.widget());
    for (int k = 4; k <= 40; ++k)
        m_classes.push_back({k, "class " + std::to_string(k), k, ""});
    card->setClasses(m_classes, {});
    area.resize(264, 400);
    area.show();
    QVERIFY(QTest::qWaitForWindowActive(&area));
    card->rowOf(1)->setFocus();
    for (int k = 0; k < 39; ++k)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
    auto *last = card->rowOf(40);
    QVERIFY(last->hasFocus());
    QVERIFY(area.viewport()->rect().contains(last->mapTo(area.viewport(), QPoint(4, 4))));
    card->startAdding();
    auto *edit = card->findChild<QLineEdit *>();
    QTRY_VERIFY(area.viewport()->rect().contains(edit->mapTo(area.viewport(), QPoint(4, 4))));
}

QTEST_MAIN(ClassesCardTest)
#include "classes_card_test.moc"
