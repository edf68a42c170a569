#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/endless_run.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"
#include "widgets/buttons.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QShortcut>
#include <QSignalSpy>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Tells the time left and searches until it is stopped.
SetupFunctions endlessly()
{
    SetupFunctions functions = instantly();
    functions.find = [](std::shared_ptr<const Snapshot>, const TrainConfig &, const RateRange &, const TrainEvents &events, std::stop_token stop) -> Result<RateCurve> {
        TrainProgress progress;
        progress.step = 10;
        progress.stepsPerEpoch = 100;
        progress.left = TimeLeft{120, 120, 120};
        events.onProgress(progress);
        waitUntilStopped(std::move(stop));
        return fail(ErrorCode::Cancelled, "The search for a learning rate was stopped.");
    };
    return functions;
}

void search(RecipePanel &panel)
{
    Snapshot snapshot{{"cat", "dog"}, {}};
    for (int i = 0; i < 2; ++i)
        snapshot.entries.push_back({"pet.jpg", i, Split::Train, {std::uint64_t(i), 0}});
    showActive(panel);
    card(panel, "From scratch")->click();
    panel.settings()->setUnfolded(true);
    panel.setSnapshot(std::make_shared<const Snapshot>(std::move(snapshot)));
    panel.findButton()->click();
    QVERIFY(panel.rateFinder()->isRunning());
}

QString nameOf(const QWidget *widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return button ? button->text() : widget ? widget->accessibleName() : QString();
}

} // namespace

/// The set-up of a run by keys alone.
class SetupKeysTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        useOwnSettings(m_home);
        applyTheme(*qApp, Scheme::Light);
    }

    void tabGoesFromFieldToFieldAsTheyAreRead()
    {
        RecipePanel panel(nullptr, instantly());
        panel.settings()->setUnfolded(false);
        showActive(panel);
        card(panel, "Quick")->setFocus();
        QStringList order;
        for (int i = 0; i < 5; ++i) {
            order.append(nameOf(QApplication::focusWidget()));
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        QCOMPARE(order, (QStringList{"Quick", "Change", "Picture size", "Advanced settings", "Back to defaults"}));
    }

    void tabOfAnotherWayGoesAsItIsReadToo()
    {
        RecipePanel panel(nullptr, instantly());
        panel.settings()->setUnfolded(false);
        showActive(panel);
        card(panel, "From scratch")->click();
        card(panel, "From scratch")->setFocus();
        QStringList order;
        for (int i = 0; i < 7; ++i) {
            order.append(nameOf(QApplication::focusWidget()));
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        QCOMPARE(order, (QStringList{"From scratch", "Change", "Epochs", "Picture size", "Advanced settings", "Back to defaults", "Another picture"}));
    }

    void theCardWithTheFocusLooksUnlikeOneThatIsChosen()
    {
        RecipePanel panel(nullptr, instantly());
        panel.settings()->setUnfolded(false);
        showActive(panel);
        RecipeCard &chosen = *card(panel, "Quick");
        panel.findChild<Button *>()->setFocus(Qt::TabFocusReason);
        const QImage plain = chosen.grab().toImage();
        chosen.setFocus(Qt::TabFocusReason);
        panel.window()->setAttribute(Qt::WA_KeyboardFocusChange); // as Tab does
        QVERIFY(chosen.hasFocus());
        QVERIFY(chosen.grab().toImage() != plain);
        QCOMPARE(chosen.grab().toImage().pixelColor(1, chosen.height() / 2), plain.pixelColor(1, chosen.height() / 2)); // its border still tells that it is chosen
    }

    void aSearchTellsTheTimeLeft()
    {
        RecipePanel panel(nullptr, endlessly());
        search(panel);
        QTRY_VERIFY2(panel.rateFinder()->sentence().endsWith("Time left: about 2 min."), qPrintable(panel.rateFinder()->sentence()));
        QVERIFY(panel.findButton()->toolTip().contains("minutes"));
    }

    void escapeEndsASearchThatHasTheFocusAndNothingElse()
    {
        QWidget page;
        RecipePanel panel(&page, endlessly());
        QShortcut stop(QKeySequence(Qt::Key_Escape), &page);
        stop.setContext(Qt::WidgetWithChildrenShortcut);
        QSignalSpy stopped(&stop, &QShortcut::activated);
        page.resize(800, 1200);
        panel.resize(page.size());
        showActive(page);
        search(panel);
        QVERIFY(panel.rateFinder()->isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!panel.rateFinder()->isRunning());
        QVERIFY(panel.rateFinder()->sentence().startsWith("Cancelled"));
        QCOMPARE(stopped.count(), 0);
        QVERIFY(panel.rateFinder()->isAncestorOf(QApplication::focusWidget())); // it does not jump away
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape); // there is nothing to cancel any more
        QCOMPARE(stopped.count(), 1);
    }

    void escapeElsewhereLeavesASearchAlone()
    {
        RecipePanel panel(nullptr, endlessly());
        search(panel);
        card(panel, "From scratch")->setFocus();
        QTest::keyClick(card(panel, "From scratch"), Qt::Key_Escape);
        QVERIFY(panel.rateFinder()->isRunning());
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(SetupKeysTest)
#include "setup_keys_test.moc"
