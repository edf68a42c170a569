#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/setup_networks.h"

#include <QCoreApplication>
#include <QTest>
#include <QTreeWidget>
#include <atomic>

using namespace whisker;
using namespace whisker::test;

namespace {

QTreeWidgetItem *network(RecipePanel &panel, const QString &name)
{
    return panel.network()->list()->findItems(name, Qt::MatchExactly).value(0);
}

/// Answers at once, and counts.
SetupFunctions counting(std::atomic<int> &measured)
{
    SetupFunctions functions;
    functions.measure = [&measured](std::string_view, std::stop_token) -> Result<NetworkSpeed> {
        ++measured;
        return NetworkSpeed{50, 400};
    };
    return functions;
}

} // namespace

/// The networks to choose from, and how fast they are here.
class SetupNetworksTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void networksWithoutPretrainedWeightsAreForScratchAlone()
    {
        RecipePanel panel(nullptr, instantly());
        showActive(panel);
        panel.network()->setUnfolded(true);
        QVERIFY(network(panel, "ResNet-18")->isDisabled());
        QVERIFY(network(panel, "ResNet-18")->toolTip(0).contains("pretrained"));
        panel.network()->list()->setCurrentItem(network(panel, "EfficientNet-Lite2"));
        QCOMPARE(panel.config().architecture, "lite2");
        card(panel, "From scratch")->click();
        QVERIFY(!network(panel, "ResNet-18")->isDisabled());
        QCOMPARE(panel.network()->list()->currentItem(), network(panel, "ResNet-18")); // what scratch takes by itself
        QTest::keyClick(panel.network()->list(), Qt::Key_Down);
        QCOMPARE(panel.config().architecture, "resnet34");
    }

    void speedsAreMeasuredOnceWhenSomebodyLooks()
    {
        const TestFolder home;
        useAsHome(home);
        std::atomic<int> measured = 0;
        const SetupFunctions functions = counting(measured);
        RecipePanel panel(nullptr, functions);
        showActive(panel);
        QCOMPARE(measured, 0);
        QVERIFY(!panel.network()->summary().contains("a second"));
        panel.network()->setUnfolded(true);
        QCOMPARE(network(panel, "EfficientNet-Lite0")->text(2), "measuring...");
        QTRY_COMPARE(network(panel, "EfficientNet-Lite0")->text(2), "about 400");
        QTRY_VERIFY(panel.network()->summary().contains("about 400 pictures a second"));
        QTRY_COMPARE(measured, 8);
        RecipePanel other(nullptr, functions);
        showActive(other);
        other.network()->setUnfolded(true);
        QTRY_COMPARE(network(other, "EfficientNet-Lite0")->text(2), "about 400");
        QCOMPARE(measured, 8); // from the cache
    }

    void nothingIsMeasuredWhileARunGoesOn()
    {
        const TestFolder home;
        useAsHome(home);
        std::atomic<int> measured = 0;
        const SetupFunctions functions = counting(measured);
        RecipePanel panel(nullptr, functions);
        showActive(panel);
        panel.setTraining(true);
        panel.network()->setUnfolded(true);
        QCOMPARE(network(panel, "EfficientNet-Lite0")->text(2), "not measured");
        QCOMPARE(measured, 0);
        panel.setTraining(false);
        QTRY_COMPARE(measured, 8);
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(SetupNetworksTest)
#include "setup_networks_test.moc"
