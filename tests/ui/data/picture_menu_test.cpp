#include "tests/ui/data/page_on_show.h"
#include "ui/data/data_page.h"
#include "ui/data/group_menu.h"
#include "ui/data/image_list_model.h"
#include "ui/data/picture_menu.h"
#include "widgets/image_grid.h"
#include "widgets/selection_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// The menu of the second and third of three cats and two dogs.
class PictureMenuTest : public QObject, private PageOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init()
    {
        m_page.reset();
        m_session.reset();
        open();
        QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 3), drawPictures(*m_root, "dog", 2)}));
        QTRY_COMPARE(m_page->model()->rowCount(), 5);
        select(1, 2);
    }

    void theMenuHasWhatCanBeDone()
    {
        std::unique_ptr<QMenu> menu(m_page->pictureMenu()->make());
        QCOMPARE(texts(*menu), (QStringList{"Open", "Label by keyboard", "Label", "Not sure", "Exclude", "Group", "Split", "Most alike to the selected picture", "Open the folder",
                                            "Copy the paths", "Remove"}));
        QCOMPARE(entry(*menu, "Group")->shortcut(), QKeySequence(Qt::Key_G));
    }

    void itLabelsAndTakesLabelsAway()
    {
        const std::vector<ImageId> images = m_page->selectedImages();
        std::unique_ptr<QMenu> menu(m_page->pictureMenu()->make());
        const auto *labels = entry(*menu, "Label")->menu();
        QVERIFY(!labels->actions()[0]->isEnabled()); // all are cats
        labels->actions()[1]->trigger();
        QTRY_COMPARE(m_session->image(images[1])->label, std::optional(m_session->classNamed("dog")->id));
        select(3, 4);
        menu.reset(m_page->pictureMenu()->make());
        entry(*entry(*menu, "Label")->menu(), "No label")->trigger();
        QTRY_VERIFY(!m_session->image(m_page->model()->idAt(3))->label);
    }

    void itPutsIntoASplit()
    {
        const std::vector<ImageId> images = m_page->selectedImages();
        std::unique_ptr<QMenu> menu(m_page->pictureMenu()->make());
        entry(*entry(*menu, "Split")->menu(), "Use for the test")->trigger();
        QTRY_VERIFY(std::ranges::all_of(images, [this](ImageId id) { return m_session->image(id)->split == Split::Test; }));
        menu.reset(m_page->pictureMenu()->make());
        QVERIFY(entry(*entry(*menu, "Split")->menu(), "Use for the test")->isChecked());
    }

    void theGroupIsTypedAndTakenAway()
    {
        const std::vector<ImageId> images = m_page->selectedImages();
        QTest::keyClick(m_page->grid(), Qt::Key_G);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        auto *name = menu->findChild<QLineEdit *>();
        QVERIFY(name->text().isEmpty());
        QTRY_VERIFY(name->hasFocus());
        QTest::keyClicks(name, QStringLiteral("Minka"));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(m_session->image(images[1])->group);
        QCOMPARE(*m_session->image(images[0])->group, std::string("Minka"));
        QTRY_VERIFY(!QApplication::activePopupWidget());
        std::unique_ptr<QMenu> again(makeGroupMenu(*m_session, images, m_page.get()));
        QCOMPARE(again->findChild<QLineEdit *>()->text(), QStringLiteral("Minka"));
        entry(*again, "Out of the group")->trigger();
        QTRY_VERIFY(!m_session->image(images[0])->group);
    }

    void pathsAreCopiedAndTheFolderIsOpened()
    {
        QTest::keyClick(m_page->grid(), Qt::Key_C, Qt::ControlModifier);
        const QString folder = displayText(*m_root / "cat");
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("%1/cat1.png\n%1/cat2.png").arg(folder));
        PictureMenu &pictures = *m_page->pictureMenu();
        pictures.disconnect(SIGNAL(folderWanted(QString))); // no file manager in a test
        QSignalSpy wanted(&pictures, &PictureMenu::folderWanted);
        std::unique_ptr<QMenu> menu(pictures.make());
        entry(*menu, "Open the folder")->trigger();
        QCOMPARE(wanted.value(0).value(0).toString(), folder);
    }

    void theRightButtonAndTheMenuKeyOpenIt()
    {
        auto *grid = m_page->grid();
        const QPoint place = grid->visualRect(m_page->model()->index(1)).center();
        QContextMenuEvent byMouse(QContextMenuEvent::Mouse, place, grid->viewport()->mapToGlobal(place));
        QApplication::sendEvent(grid->viewport(), &byMouse);
        QVERIFY(QApplication::activePopupWidget());
        QApplication::activePopupWidget()->close();
        grid->clearSelection();
        QContextMenuEvent byKey(QContextMenuEvent::Keyboard, QPoint(2, 2), grid->viewport()->mapToGlobal(QPoint(2, 2)));
        QApplication::sendEvent(grid->viewport(), &byKey);
        QVERIFY(!QApplication::activePopupWidget()); // nothing is selected
    }

private:
    void select(int first, int last)
    {
        const auto *model = m_page->model();
        m_page->grid()->setFocus();
        m_page->grid()->setCurrentIndex(model->index(first));
        m_page->grid()->selectionModel()->select(QItemSelection(model->index(first), model->index(last)), QItemSelectionModel::ClearAndSelect);
    }
    static QStringList texts(const QMenu &menu)
    {
        QStringList texts;
        for (const QAction *action : menu.actions()) {
            if (!action->isSeparator())
                texts.append(action->text());
        }
        return texts;
    }
    static QAction *entry(const QMenu &menu, const char *text)
    {
        const auto actions = menu.actions();
        const auto found = std::ranges::find(actions, QLatin1String(text), &QAction::text);
        return found == actions.end() ? nullptr : *found;
    }
};

QTEST_MAIN(PictureMenuTest)
#include "picture_menu_test.moc"
