#include "tests/ui/active_window.h"
#include "tests/ui/train/page_button.h"
#include "tests/ui/train/shown_recipe.h"
#include "tests/ui/train/told_runs.h"
#include "ui/train/result_card.h"
#include "ui/train/setup_settings.h"
#include "ui/train/train_page.h"

#include <QApplication>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

TrainConfig scratch()
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    return config;
}

/// A page in front, set up to train.
struct Set {
    explicit Set(TrainFunction train, const TrainConfig &config = scratch()) : page(std::move(train))
    {
        showActive(page);
        page.setMaterial(materialIn(folder));
        page.recipe()->setConfig(config);
    }
    QString focused() const
    {
        const auto *on = qobject_cast<const QAbstractButton *>(QApplication::focusWidget());
        return on && page.isAncestorOf(on) ? on->text() : QString();
    }
    bool endsAs(TrainingController::State state)
    {
        return QTest::qWaitFor([&] { return page.controller()->state() == state; }, 20'000);
    }

    const TestFolder folder;
    TrainPage page;
};

} // namespace

/// Where the keyboard is on the Train page.
class TrainPageFocusTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void startLeadsToPause()
    {
        Set set(&endlessRun);
        button(set.page, "Start")->setFocus(Qt::TabFocusReason);
        QTest::keyClick(button(set.page, "Start"), Qt::Key_Space);
        QCOMPARE(set.focused(), "Pause");
        QVERIFY(set.endsAs(TrainingController::State::Training));
        QCOMPARE(set.focused(), "Pause");
    }

    void theKeyOfStartLeadsFromAFieldToPause()
    {
        Set set(&endlessRun);
        QWidget *field = set.page.recipe()->settings()->field("epochs")->control();
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(set.focused(), "Pause");
    }

    void aQuickRunCanOnlyBeStopped()
    {
        Set set(&endlessRun, TrainConfig());
        set.page.start();
        QCOMPARE(set.focused(), "Stop");
    }

    void aPausedRunLeadsToGoingOn()
    {
        Set set([](auto snapshot, const TrainConfig &config, const TrainOutput &output, const TrainEvents &events, std::stop_token stop) {
            const auto report = endlessRun(snapshot, config, output, events, stop);
            RunReceipt receipt;
            receipt.started = "2025-03-09T14:05:59Z";
            receipt.status = RunStatus::Stopped;
            receipt.config = config;
            receipt.epochs = 20;
            std::filesystem::create_directories(output.runFolder);
            std::ofstream(output.runFolder / kReceiptFile) << toJson(receipt);
            std::ofstream(output.runFolder / kCheckpointFile) << "weights";
            return report;
        });
        set.page.start();
        QVERIFY(set.endsAs(TrainingController::State::Training));
        button(set.page, "Pause")->clearFocus();
        button(set.page, "Pause")->setFocus(Qt::TabFocusReason); // else it might be Start's key, pressed twice
        QTest::keyClick(button(set.page, "Pause"), Qt::Key_Space);
        QVERIFY(set.endsAs(TrainingController::State::Finished));
        QTRY_COMPARE(set.focused(), "Go on");
    }

    void aFinishedRunLeadsToItsModel()
    {
        Set set(&goodRun);
        set.page.start();
        QVERIFY(set.endsAs(TrainingController::State::Finished));
        QTRY_COMPARE(QApplication::focusWidget(), set.page.findChild<ResultCard *>()->tryButton());
    }

    void aRunThatEndsTakesNoFocusFromWhoReads()
    {
        Set set(&endlessRun);
        set.page.start();
        QVERIFY(set.endsAs(TrainingController::State::Training));
        button(set.page, "All runs")->setFocus();
        set.page.stop();
        QVERIFY(set.endsAs(TrainingController::State::Finished));
        QCOMPARE(set.focused(), "All runs");
    }

    void aRunThatIsRefusedLeadsBackToStart()
    {
        Set set([](auto &&...) -> Result<TrainReport> { return fail(ErrorCode::InvalidArgument, "There are no pictures."); });
        set.page.start();
        QVERIFY(set.endsAs(TrainingController::State::Failed));
        QTRY_COMPARE(set.focused(), "Start");
    }

    void newTrainingLeadsToTheFirstFieldOfTheSetUp()
    {
        Set set(&goodRun);
        set.page.start();
        QVERIFY(set.endsAs(TrainingController::State::Finished));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(QApplication::focusWidget(), card(*set.page.recipe(), "From scratch"));
    }

    void whereNothingCanBeginTheSetUpComesFirst()
    {
        Set set(&goodRun);
        QCOMPARE(set.page.focusTarget(), button(set.page, "Start"));
        set.page.setMaterial(materialIn(set.folder, "There is only one class."));
        QCOMPARE(set.page.focusTarget(), card(*set.page.recipe(), "From scratch"));
    }

    void aPageThatIsNotInFrontTakesNoFocus()
    {
        QWidget window;
        QLineEdit elsewhere(&window);
        TrainPage page(&endlessRun, &window);
        page.hide();
        showActive(window);
        elsewhere.setFocus();
        const TestFolder folder;
        page.setMaterial(materialIn(folder));
        page.recipe()->setConfig(scratch());
        page.start();
        QCOMPARE(QApplication::focusWidget(), &elsewhere);
    }
};

QTEST_MAIN(TrainPageFocusTest)
#include "train_page_focus_test.moc"
