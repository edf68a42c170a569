#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/pinned_card.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"

#include <QCoreApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>
#include <cmath>

using namespace whisker;
using namespace whisker::test;

namespace {

NumberEdit *edit(RecipePanel &panel, const QString &field)
{
    return qobject_cast<NumberEdit *>(panel.settings()->field(field)->control());
}

/// As a person does who comes from another field.
void type(RecipePanel &panel, const QString &field, const QString &text)
{
    NumberEdit *edit = ::edit(panel, field);
    edit->clearFocus();
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
}

void choose(RecipePanel &panel, const QString &architecture)
{
    QTreeWidget &list = *panel.network()->list();
    for (int i = 0; i < list.topLevelItemCount(); ++i) {
        if (list.topLevelItem(i)->data(0, Qt::UserRole).toString() == architecture)
            list.setCurrentItem(list.topLevelItem(i));
    }
}

} // namespace

/// What is typed into the settings of a run.
class SetupNumbersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void aRefusedNumberIsNamedAsItWasTyped_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("below zero") << "epochs" << "-5" << "The number of epochs is -5, but must lie between 1 and 100000.";
        QTest::newRow("too many for a count") << "epochs" << "1e99" << "The number of epochs is 1e99, but must lie between 1 and 100000.";
        QTest::newRow("too few for a count") << "batch" << "-1e99" << "The batch is -1e99, but must lie between 1 and 4096.";
        QTest::newRow("a batch of none") << "batch" << "0" << "The batch is 0, but must lie between 1 and 4096.";
        QTest::newRow("a seed below zero") << "seed" << "-5" << "The seed is -5, but must lie between 0 and 9007199254740991.";
        QTest::newRow("a comma") << "momentum" << "1,5" << "The momentum is 1,5, but must lie between 0 and 0.999.";
        QTest::newRow("a rate below zero") << "learningRate" << "-0.1" << "The learning rate is -0.1, but must lie between 0 and 1000000.";
    }

    void aRefusedNumberIsNamedAsItWasTyped()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, said);
        RecipePanel panel(nullptr, instantly());
        TrainConfig config = recommendedConfig(TrainMode::Scratch);
        config.optimizer = OptimizerKind::Sgd; // it alone has a momentum
        panel.setConfig(config);
        showActive(panel);
        panel.settings()->setUnfolded(true);
        type(panel, field, text);
        QCOMPARE(panel.problem(), said);
        QCOMPARE(panel.settings()->field(field)->problem(), said);
    }

    void whatIsNoWholeNumberIsSaidToBeNone()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        type(panel, "epochs", "2.5");
        QCOMPARE(panel.settings()->field("epochs")->problem(), "\"2.5\" is no whole number.");
        type(panel, "epochs", "2.0");
        QVERIFY(panel.problem().isEmpty());
        QCOMPARE(panel.config().epochs, 2);
    }

    void aNumberIsReadAsPeopleTypeIt_data()
    {
        QTest::addColumn<bool>("whole");
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("number"); // NaN: refused
        QTest::addColumn<QString>("said");
        const double none = std::nan("");
        const auto row = [&](bool whole, const char *text, double number, const char *said = "") {
            QTest::addRow("%s, %s", text, whole ? "whole" : "decimal") << whole << QString::fromUtf8(text) << number << QString(said);
        };
        row(true, "1000", 1000);
        row(true, "1,000", 1000);
        row(true, "1 000", 1000);
        row(true, "1\u00A0000", 1000);
        row(true, "1\u202F000", 1000);
        row(true, "12,345,678", 12345678);
        row(true, "-1,000", -1000);
        row(true, " 100 000 ", 100000);
        row(true, "1e3", 1000);
        row(true, "2.0", 2);
        row(true, "1,5", none, "\"1,5\" is no whole number.");
        row(true, "1,00,000", none, "\"1,00,000\" is no number.");
        row(true, "1,000 000", none, "\"1,000 000\" is no number.");
        row(true, "1 00", none, "\"1 00\" is no number.");
        row(true, "1,000,00", none, "\"1,000,00\" is no number.");
        row(true, "1,0000", none, "\"1,0000\" is unclear: type 10000 or 1.");
        row(true, "10,00", none, "\"10,00\" is unclear: type 1000 or 10.");
        row(true, "-10,00", none, "\"-10,00\" is unclear: type -1000 or -10.");
        row(true, "0,0", 0);
        row(true, "1.000.000", 1000000);
        row(true, "1.000.00", none, "\"1.000.00\" is no number.");
        row(true, "1.000,000", none, "\"1.000,000\" is no number.");
        row(true, "1.000", none, "\"1.000\" is unclear: type 1000 or 1.");
        row(true, "1.500", none, "\"1.500\" is no whole number.");
        row(false, "0.001", 0.001);
        row(false, "0,001", 0.001);
        row(false, "0,5", 0.5);
        row(false, "1,25", 1.25);
        row(false, "1.250", 1.25);
        row(false, "1,2500", 1.25);
        row(false, "1 000", 1000);
        row(false, "1,000,000", 1000000);
        row(false, "1.000.000", 1000000);
        row(false, "1,000", none, "\"1,000\" is unclear: type 1000 or 1.");
        row(false, "12,500", none, "\"12,500\" is unclear: type 12500 or 12.5.");
        row(false, "-1,250", none, "\"-1,250\" is unclear: type -1250 or -1.25.");
        row(false, "1,000.5", none, "\"1,000.5\" is no number.");
    }

    void aNumberIsReadAsPeopleTypeIt()
    {
        QFETCH(bool, whole);
        QFETCH(QString, text);
        QFETCH(double, number);
        QFETCH(QString, said);
        NumberEdit edit;
        edit.setWhole(whole);
        edit.setText(text);
        QCOMPARE(edit.problem(), said);
        QCOMPARE(edit.number(), std::isnan(number) ? std::nullopt : std::optional(number));
    }

    void aThousandEpochsAreAThousand()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, "epochs", "1,000");
        QVERIFY2(panel.problem().isEmpty(), qPrintable(panel.problem()));
        QCOMPARE(panel.config().epochs, 1000);
        type(panel, "learningRate", "0,001");
        QVERIFY2(panel.problem().isEmpty(), qPrintable(panel.problem()));
        QCOMPARE(panel.config().learningRate, 0.001);
        type(panel, "learningRate", "1,000");
        QCOMPARE(panel.problem(), "Learning rate: \"1,000\" is unclear: type 1000 or 1.");
        QCOMPARE(panel.config().learningRate, 0.001); // and not that of "1", on the way there
    }

    void aRefusedTextLeavesItsSettingAsItWasBefore_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("sound");
        QTest::addColumn<QString>("refused");
        QTest::newRow("unclear") << "learningRate" << "0.002" << "1,000";
        QTest::newRow("no whole number") << "epochs" << "7" << "12.5";
        QTest::newRow("no number") << "weightDecay" << "0.02" << "0.1.1";
        QTest::newRow("zero") << "sizePx" << "96" << "0";
        QTest::newRow("too large") << "epochs" << "7" << "1000000";
        QTest::newRow("below zero") << "seed" << "7" << "-5";
    }

    void aRefusedTextLeavesItsSettingAsItWasBefore()
    {
        QFETCH(QString, field);
        QFETCH(QString, sound);
        QFETCH(QString, refused);
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, field, sound);
        const TrainConfig before = panel.config();
        QVERIFY(before != recommendedConfig(TrainMode::Scratch));
        type(panel, field, refused);
        QVERIFY(!panel.problem().isEmpty());
        QCOMPARE(panel.config(), before);
        QCOMPARE(edit(panel, field)->text(), refused);
        type(panel, "batch", "16"); // of another field nothing is lost
        QCOMPARE(panel.config().batch, 16);
        QVERIFY(!panel.problem().isEmpty());
        QCOMPARE(edit(panel, field)->text(), refused);
    }

    void ofTwoRefusedNumbersBothStayAsTheyWere()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, "mixup", "3");
        type(panel, "cutmix", "4");
        QCOMPARE(panel.config(), recommendedConfig(TrainMode::Scratch));
        type(panel, "mixup", "0.3");
        QVERIFY(!panel.problem().isEmpty());
        QCOMPARE(panel.config().mixup, 0.3);
        QCOMPARE(panel.config().cutmix, 0.0);
    }

    void anEditGoesOnWhenOneComesBackToTheWindow()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, "learningRate", "1");
        NumberEdit *rate = edit(panel, "learningRate");
        for (const QEvent::Type type : {QEvent::FocusOut, QEvent::FocusIn}) {
            QFocusEvent event(type, Qt::ActiveWindowFocusReason);
            QCoreApplication::sendEvent(rate, &event);
        }
        rate->deselect();
        QTest::keyClicks(rate, ",000");
        QCOMPARE(rate->text(), "1,000");
        QCOMPARE(panel.config().learningRate, 0.0);
    }

    void aPictureThatIsDroppedOnAFieldIsPinned()
    {
        QWidget page;
        auto *column = new QVBoxLayout(&page);
        auto *panel = new RecipePanel(nullptr, instantly());
        PinBoard board;
        auto *pinned = new PinnedCard(board, [](const auto &) -> Result<RgbImage> { return RgbImage{8, 8, std::vector<std::uint8_t>(8 * 8 * 3)}; });
        column->addWidget(panel);
        column->addWidget(pinned);
        pinned->takeDropsOn(page);
        showActive(page);
        card(*panel, "From scratch")->click();
        QMimeData data; // as a file manager gives it
        data.setUrls({QUrl::fromLocalFile("/pictures/cat.jpg")});
        data.setText("/pictures/cat.jpg");
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        enter.ignore();
        QCoreApplication::sendEvent(edit(*panel, "epochs"), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(edit(*panel, "epochs"), &drop);
        QCOMPARE(edit(*panel, "epochs")->text(), QString());
        QCOMPARE(board.files(), std::vector<std::filesystem::path>{"/pictures/cat.jpg"});
    }

    void zeroIsRefusedWhereItWouldBeTakenForAutomatic_data()
    {
        QTest::addColumn<QString>("field");
        for (const char *field : {"epochs", "sizePx", "learningRate"})
            QTest::newRow(field) << field;
    }

    void zeroIsRefusedWhereItWouldBeTakenForAutomatic()
    {
        QFETCH(QString, field);
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, field, "0");
        QVERIFY(!panel.problem().isEmpty());
        QCOMPARE(panel.settings()->field(field)->problem(), "\"0\" can't be: leave the field empty for what suits.");
        edit(panel, field)->selectAll();
        QTest::keyClick(edit(panel, field), Qt::Key_Delete);
        QVERIFY(panel.problem().isEmpty());
    }

    void zeroIsTakenWhereItMeansNever()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        for (const char *field : {"patience", "weightDecay", "mixup", "seed"})
            type(panel, field, "0");
        QVERIFY2(panel.problem().isEmpty(), qPrintable(panel.problem()));
        QCOMPARE(panel.config().weightDecay, std::optional(0.0));
    }

    void anotherNetworkKeepsThePictureSizeThatWasTyped()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        type(panel, "sizePx", "96");
        choose(panel, "small");
        QCOMPARE(panel.config().architecture, "small");
        QCOMPARE(panel.config().sizePx, 96);
        choose(panel, "resnet34");
        QCOMPARE(panel.config().sizePx, 96);
    }

    void anotherNetworkLeavesARefusedTextInItsField()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        panel.settings()->setUnfolded(true);
        type(panel, "learningRate", "1,000");
        type(panel, "sizePx", "96 px");
        choose(panel, "small");
        QCOMPARE(panel.config().architecture, "small");
        QCOMPARE(edit(panel, "learningRate")->text(), "1,000");
        QCOMPARE(edit(panel, "sizePx")->text(), "96 px");
        QVERIFY(!panel.problem().isEmpty());
        QCOMPARE(panel.config().learningRate, 0.0);
        QCOMPARE(panel.config().sizePx, 0); // what suits this network
    }

    void anotherNetworkBringsItsOwnPictureSizeWhereNoneWasTyped()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        QCOMPARE(panel.config().sizePx, 128);
        choose(panel, "small");
        QCOMPARE(panel.config().sizePx, 0);
        QCOMPARE(edit(panel, "sizePx")->text(), QString());
        choose(panel, "resnet34");
        QCOMPARE(edit(panel, "sizePx")->text(), "128");
        QCOMPARE(panel.config().sizePx, 128);
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(SetupNumbersTest)
#include "setup_numbers_test.moc"
