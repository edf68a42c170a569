#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"
#include "widgets/buttons.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>
#include <QWheelEvent>

using namespace whisker;
using namespace whisker::test;

namespace {

void type(RecipePanel &panel, const char *field, const char *text)
{
    auto *edit = qobject_cast<NumberEdit *>(panel.settings()->field(field)->control());
    edit->selectAll();
    QTest::keyClicks(edit, text);
}

} // namespace

class RecipePanelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void beginsWithWhatIsRightForABeginner()
    {
        RecipePanel panel(nullptr, instantly());
        QCOMPARE(panel.config(), recommendedConfig(TrainMode::Quick));
        QVERIFY(panel.problem().isEmpty());
        QVERIFY(card(panel, "Quick")->isChecked());
    }

    void eachWayKeepsItsSettingsWhileOneLooksAtTheOthers()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        QCOMPARE(panel.config().mode, TrainMode::Scratch);
        type(panel, "epochs", "7");
        card(panel, "Fine-tune")->click();
        QCOMPARE(panel.config(), recommendedConfig(TrainMode::FineTune));
        card(panel, "From scratch")->click();
        QCOMPARE(panel.config().epochs, 7);
    }

    void aRefusedTextIsNoSettingOfTheWayThatOneComesBackTo()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        type(panel, "learningRate", "1,000");
        QVERIFY(panel.problem().contains("unclear"));
        QCOMPARE(panel.configOf(TrainMode::Scratch), recommendedConfig(TrainMode::Scratch));
        card(panel, "Fine-tune")->click();
        card(panel, "From scratch")->click();
        QCOMPARE(qobject_cast<NumberEdit *>(panel.settings()->field("learningRate")->control())->text(), QString());
        QVERIFY(panel.problem().isEmpty());
        QCOMPARE(panel.config(), recommendedConfig(TrainMode::Scratch));
    }

    void theSameConfigSetOnceMoreIsNewsWhereATextWasRefused()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        type(panel, "epochs", "many");
        QVERIFY(!panel.problem().isEmpty());
        QSignalSpy changes(&panel, &RecipePanel::configChanged);
        panel.setConfig(panel.config());
        QCOMPARE(changes.count(), 1);
        QVERIFY(panel.problem().isEmpty());
        panel.setConfig(panel.config());
        QCOMPARE(changes.count(), 1);
    }

    void whateverConfigIsSetComesBackUnchanged()
    {
        TrainConfig config;
        config.mode = TrainMode::Scratch;
        config.architecture = "mobilenet_v2";
        config.epochs = 33;
        config.sizePx = 160;
        config.batch = 17;
        config.precision = Precision::BFloat16;
        config.device = "cuda:1";
        config.seed = (std::uint64_t(1) << 53) - 1;
        config.optimizer = OptimizerKind::Sgd;
        config.momentum = 0.85;
        config.schedule = ScheduleKind::Step;
        config.learningRate = 0.0123;
        config.weightDecay = 0.0;
        config.labelSmoothing = 0.1;
        config.mixup = 0.2;
        config.cutmix = 0.3;
        config.balance = ClassBalance::Sampling;
        config.averageDecay = 0.999;
        config.patience = 4;
        config.fit = Fit::Letterbox;
        config.augmentation.contrast = 0.0;
        RecipePanel panel(nullptr, instantly());
        panel.setConfig(config);
        QCOMPARE(panel.config(), config);
        TrainConfig written;
        written.mode = config.mode;
        panel.settings()->writeTo(written);
        written.architecture = config.architecture;
        written.augmentation = config.augmentation;
        QCOMPARE(written, config); // every field shows what it stands for
    }

    void aRefusedCombinationShowsItsSentenceBesideTheField()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        QSignalSpy changes(&panel, &RecipePanel::configChanged);
        type(panel, "mixup", "3");
        QVERIFY(changes.count() > 0);
        QVERIFY(panel.problem().contains("mixup"));
        QCOMPARE(panel.settings()->field("mixup")->problem(), panel.problem());
        QVERIFY(panel.settings()->field("cutmix")->problem().isEmpty());
        QVERIFY(panel.settings()->isUnfolded()); // the reason does not hide
        type(panel, "mixup", "0.3");
        QVERIFY(panel.problem().isEmpty());
        QVERIFY(panel.settings()->field("mixup")->problem().isEmpty());
        QCOMPARE(panel.config().mixup, 0.3);
    }

    void aWordWhereANumberBelongsIsRefused()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        type(panel, "epochs", "many");
        QVERIFY(panel.problem().contains("\"many\" is no number"));
        QVERIFY(panel.settings()->field("epochs")->problem().contains("\"many\""));
        type(panel, "epochs", "3");
        QVERIFY(panel.problem().isEmpty());
    }

    void anEmptyLearningRateTellsWhatItStandsFor()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        auto *edit = qobject_cast<NumberEdit *>(panel.settings()->field("learningRate")->control());
        QCOMPARE(edit->text(), QString());
        QVERIFY(edit->placeholderText().contains("0.001"));
        qobject_cast<QComboBox *>(panel.settings()->field("optimizer")->control())->setCurrentIndex(1);
        QVERIFY(edit->placeholderText().contains("0.02"));
        QCOMPARE(panel.config().optimizer, OptimizerKind::Sgd);
        type(panel, "learningRate", "0,01");
        QCOMPARE(panel.config().learningRate, 0.01);
    }

    void settingsThatAWayDoesNotHaveAreHidden()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        panel.settings()->setUnfolded(true);
        QVERIFY(!panel.settings()->field("learningRate")->isVisible());
        QVERIFY(panel.settings()->field("precision")->isVisible());
        card(panel, "From scratch")->click();
        QVERIFY(panel.settings()->field("learningRate")->isVisible());
        QVERIFY(!panel.settings()->field("momentum")->isVisible()); // AdamW has its own
        qobject_cast<QComboBox *>(panel.settings()->field("optimizer")->control())->setCurrentIndex(1);
        QVERIFY(panel.settings()->field("momentum")->isVisible());
        panel.settings()->setUnfolded(false);
    }

    void backToDefaultsKeepsTheWayAndTheNetwork()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        TrainConfig config = recommendedConfig(TrainMode::Scratch);
        config.architecture = "resnet34";
        config.batch = 5;
        config.mixup = 0.2;
        panel.setConfig(config);
        for (Button *button : panel.findChildren<Button *>())
            if (button->text() == "Back to defaults")
                button->click();
        config.batch = TrainConfig().batch;
        config.mixup = 0.0;
        QCOMPARE(panel.config(), config);
    }

    void isLedByKeysAlone()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        QTest::keyClick(&panel, Qt::Key_3, Qt::AltModifier);
        QTRY_COMPARE(panel.config().mode, TrainMode::Scratch);
        QTest::keyClick(&panel, Qt::Key_A, Qt::AltModifier);
        QTRY_VERIFY(panel.settings()->isUnfolded());
        QTest::keyClick(&panel, Qt::Key_A, Qt::AltModifier);
        QTRY_VERIFY(!panel.settings()->isUnfolded());
        QTest::keyClick(&panel, Qt::Key_K, Qt::AltModifier);
        QTRY_VERIFY(panel.network()->list()->hasFocus());
        QTest::keyClick(&panel, Qt::Key_K, Qt::AltModifier);
        QTRY_VERIFY(!panel.network()->isUnfolded());
        QTest::keyClick(&panel, Qt::Key_1, Qt::AltModifier);
        QTRY_COMPARE(panel.config().mode, TrainMode::Quick);
    }

    void theWheelScrollsThePageAndChangesNoSetting()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        panel.settings()->setUnfolded(true);
        auto *box = qobject_cast<QComboBox *>(panel.settings()->field("precision")->control());
        QWheelEvent wheel({5, 5}, box->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(box, &wheel);
        QCOMPARE(box->currentIndex(), 0);
        panel.settings()->setUnfolded(false);
    }

    void everyFieldHasANameAndASentence()
    {
        RecipePanel panel(nullptr, instantly());
        const auto fields = panel.findChildren<SetupField *>();
        QVERIFY(fields.size() > 15);
        for (const SetupField *field : fields) {
            QVERIFY(!field->control()->accessibleName().isEmpty());
            QVERIFY2(field->control()->toolTip().endsWith('.'), qPrintable(field->name()));
        }
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(RecipePanelTest)
#include "recipe_panel_test.moc"
