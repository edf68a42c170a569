#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/setup_networks.h"
#include "ui/train/setup_settings.h"

#include <QCoreApplication>
#include <QTest>
#include <QTreeWidget>

using namespace whisker;
using namespace whisker::test;

namespace {

void type(RecipePanel &panel, const QString &field, const QString &text)
{
    auto *edit = qobject_cast<NumberEdit *>(panel.settings()->field(field)->control());
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
        auto *edit = qobject_cast<NumberEdit *>(panel.settings()->field(field)->control());
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Delete);
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

    void anotherNetworkBringsItsOwnPictureSizeWhereNoneWasTyped()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        card(panel, "From scratch")->click();
        QCOMPARE(panel.config().sizePx, 128);
        choose(panel, "small");
        QCOMPARE(panel.config().sizePx, 0);
        choose(panel, "resnet34");
        QCOMPARE(panel.config().sizePx, 128);
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(SetupNumbersTest)
#include "setup_numbers_test.moc"
