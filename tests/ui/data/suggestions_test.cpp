#include "tests/ui/drawn_pictures.h"
#include "tests/ui/fake_guesser.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_view.h"
#include "ui/data/order_button.h"
#include "widgets/chip_row.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/selection_bar.h"

#include <QAction>
#include <QMenu>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// The Data page with 3 cats, 3 dogs and 4 pictures without label, of which the fake model says "dog", of new3 the least surely.
class SuggestionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    void init()
    {
        QSettings().remove(QStringLiteral("data/order"));
        m_root = std::make_unique<TestFolder>();
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
        m_session = std::make_unique<ProjectSession>();
        m_suggestions = std::make_unique<SuggestionController>(*m_session, fakeGuessers());
        m_page = std::make_unique<DataPage>(*m_session);
        m_page->followSuggestions(*m_suggestions);
        m_page->resize(1100, 700);
        m_page->show();
        QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 3), drawPictures(*m_root, "dog", 3)}));
        QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
        m_session->importPaths({drawPictures(*m_root, "new", 4)}, {}, {.meaning = FolderMeaning::Unlabelled});
        QVERIFY(finished.wait());
    }

    void cleanup()
    {
        m_page.reset();
        m_suggestions.reset();
        m_session.reset();
    }

    void withoutAModelThereIsNoChip()
    {
        QTRY_VERIFY(m_page->chips()->chip(QStringLiteral("unlabelled")));
        QVERIFY(!m_page->chips()->chip(QStringLiteral("suggestions")));
        QVERIFY(!m_page->chips()->chip(QStringLiteral("disagrees")));
    }

    void suggestionsComeInTeachingOrderWithTheirGuess()
    {
        openSuggestions();
        QCOMPARE(m_page->chips()->chip(QStringLiteral("suggestions"))->count(), 4);
        QCOMPARE(names(), (QStringList{"new3.png", "new2.png", "new1.png", "new0.png"}));
        const QModelIndex first = m_page->model()->index(0);
        QCOMPARE(first.data(BadgeRole).toString(), QStringLiteral("dog 81 %"));
        QVERIFY(first.data(DottedBadgeRole).toBool());
        QCOMPARE(first.data(ClassIndexRole).toInt(), -1);
        QCOMPARE(m_page->grid()->selectedRows(), QList<int>{0});
        QTRY_VERIFY(confirmButton());
        QCOMPARE(confirmButton()->text(), QStringLiteral("Yes, dog"));
        QVERIFY(m_page->minimumSizeHint().width() <= 880); // what a window of 960 leaves
    }

    void theOrderThatTheModelGivesIsNamedAndCanBeLeft()
    {
        auto *order = m_page->orderButton();
        const auto lines = [order] {
            QStringList texts;
            for (const QAction *action : order->orders()->actions()) {
                if (action->isVisible() && !action->isSeparator())
                    texts.append(action->text());
            }
            return texts;
        };
        QCOMPARE(order->text(), QStringLiteral("In order of arrival"));
        QCOMPARE(lines().size(), 7);
        openSuggestions();
        QCOMPARE(order->text(), QStringLiteral("Most useful first"));
        QVERIFY2(order->toolTip().contains(QStringLiteral("teach the model most")), qPrintable(order->toolTip()));
        QCOMPARE(lines().size(), 8);
        QCOMPARE(lines().first(), QStringLiteral("Most useful first"));
        order->orders()->actions().at(3)->trigger();
        QCOMPARE(order->text(), QStringLiteral("Sorted by name"));
        QTRY_COMPARE(names(), (QStringList{"new0.png", "new1.png", "new2.png", "new3.png"}));
        m_page->grid()->setCurrentIndex(m_page->model()->index(0));
        QTest::keyClick(m_page->grid(), Qt::Key_Return); // a label changes the pictures, not the order
        QTRY_COMPARE(names(), (QStringList{"new1.png", "new2.png", "new3.png"}));
        order->orders()->actions().first()->trigger();
        QTRY_COMPARE(names(), (QStringList{"new3.png", "new2.png", "new1.png"}));
        QCOMPARE(order->text(), QStringLiteral("Most useful first"));
        m_page->chips()->setCurrentId(QStringLiteral("all"));
        QCOMPARE(order->text(), QStringLiteral("Sorted by name"));
        QCOMPARE(lines().size(), 7);
    }

    void theOrderIsReadInWholeInTheSmallestWindow()
    {
        m_page->resize(960 - 88, 640 - 28);
        openSuggestions();
        const auto *order = m_page->orderButton();
        QTRY_VERIFY(order->width() >= order->sizeHint().width());
        QVERIFY(m_page->rect().contains(QRect(order->mapTo(m_page.get(), QPoint()), order->size())));
    }

    void enterConfirmsAndGoesOn()
    {
        openSuggestions();
        const ImageId first = m_page->model()->idAt(0);
        QTest::keyClick(m_page->grid(), Qt::Key_Return);
        QTRY_COMPARE(names(), (QStringList{"new2.png", "new1.png", "new0.png"}));
        QCOMPARE(labelOf(first), QStringLiteral("dog"));
        QCOMPARE(m_page->grid()->selectedRows(), QList<int>{0});
        QTest::keyClick(m_page->grid(), Qt::Key_1); // the model was wrong
        QTRY_COMPARE(names(), (QStringList{"new1.png", "new0.png"}));
        m_session->undo();
        m_session->undo();
        QTRY_COMPARE(names(), (QStringList{"new3.png", "new2.png", "new1.png", "new0.png"}));
    }

    void severalAreConfirmedInOneChange()
    {
        openSuggestions();
        m_page->grid()->selectAll();
        QTest::keyClick(m_page->grid(), Qt::Key_Return);
        QTRY_COMPARE(m_page->model()->rowCount(), 0);
        QCOMPARE(m_page->chips()->currentId(), QStringLiteral("suggestions"));
        m_session->undo();
        QTRY_COMPARE(m_page->model()->rowCount(), 4);
    }

    void aLabelThatTheModelDoubtsIsFoundAndMended()
    {
        const ImageId wrong = idsOf(*m_session).front(); // cat0
        m_session->setLabel({wrong}, QStringLiteral("dog"));
        m_session->announceModel(*m_root / "model");
        QTRY_VERIFY(m_page->chips()->chip(QStringLiteral("disagrees")));
        m_page->chips()->setCurrentId(QStringLiteral("disagrees"));
        QCOMPARE(names(), QStringList{"cat0.png"});
        QCOMPARE(m_page->model()->index(0).data(BadgeRole).toString(), QStringLiteral("cat 90 %"));
        QCOMPARE(m_page->orderButton()->text(), QStringLiteral("Surest first"));
        QTest::keyClick(m_page->grid(), Qt::Key_Return);
        QTRY_COMPARE(m_page->model()->rowCount(), 0);
        QCOMPARE(labelOf(wrong), QStringLiteral("cat"));
    }

    void enterConfirmsInTheLabellingView()
    {
        openSuggestions();
        const ImageId first = m_page->model()->idAt(0);
        QTest::keyClick(m_page.get(), Qt::Key_L);
        QTRY_VERIFY(m_page->labelling()->isActive());
        QTest::keyClick(m_page->labelling(), Qt::Key_Return);
        QTRY_COMPARE(labelOf(first), QStringLiteral("dog"));
    }

private:
    void openSuggestions()
    {
        m_session->announceModel(*m_root / "model");
        QTRY_VERIFY(m_page->chips()->chip(QStringLiteral("suggestions")));
        m_page->chips()->setCurrentId(QStringLiteral("suggestions"));
    }
    /// The first button of the selection's bar, while it is on show.
    Button *confirmButton() const
    {
        auto *button = m_page->findChild<SelectionBar *>()->findChild<Button *>();
        return button && button->isVisible() ? button : nullptr;
    }
    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < m_page->model()->rowCount(); ++row)
            names.append(m_page->model()->index(row).data(NameRole).toString());
        return names;
    }
    QString labelOf(ImageId id) const
    {
        const auto *image = m_session->image(id);
        const auto *record = image && image->label ? m_session->classRecord(*image->label) : nullptr;
        return record ? QString::fromStdString(record->name) : QString();
    }

    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<SuggestionController> m_suggestions;
    std::unique_ptr<DataPage> m_page;
};

QTEST_MAIN(SuggestionsTest)
#include "suggestions_test.moc"
