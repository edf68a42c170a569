#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "tests/ui/own_settings.h"
#include "tests/ui/train/endless_run.h"
#include "tests/ui/train/shown_recipe.h"
#include "ui/train/setup_settings.h"
#include "widgets/buttons.h"

#include <QCoreApplication>
#include <QTest>
#include <cmath>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A curve as a search finds it: the loss falls up to a rate of 0.03.
RateCurve fallingCurve()
{
    RateCurve curve;
    for (int i = 0; i < 100; ++i) {
        const double rate = std::pow(10.0, -6.0 + 7.0 * i / 99.0);
        const double loss = rate < 0.03 ? 1.0 - 6.0 * rate : 0.8 + rate;
        curve.points.push_back({rate, loss, loss});
    }
    curve.suggestion = suggestedRate(curve.points);
    return curve;
}

std::shared_ptr<const Snapshot> twoPictures()
{
    Snapshot snapshot{{"cat", "dog"}, {}};
    for (int i = 0; i < 2; ++i)
        snapshot.entries.push_back({"pet.jpg", i, Split::Train, {std::uint64_t(i), 0}});
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

/// Searches until it is stopped.
SetupFunctions endlessly()
{
    SetupFunctions functions = instantly();
    functions.find = [](std::shared_ptr<const Snapshot>, const TrainConfig &, const RateRange &, const TrainEvents &events, std::stop_token stop) -> Result<RateCurve> {
        TrainProgress progress;
        progress.step = 10;
        progress.stepsPerEpoch = 100;
        events.onProgress(progress);
        waitUntilStopped(std::move(stop));
        return fail(ErrorCode::Cancelled, "The search for a learning rate was stopped.");
    };
    return functions;
}

void beginSearch(RecipePanel &panel)
{
    showActive(panel);
    card(panel, "From scratch")->click();
    panel.setSnapshot(twoPictures());
    panel.findButton()->click();
}

} // namespace

/// The search for a learning rate, beside the settings of a run.
class SetupRateFinderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void aLearningRateIsFoundAndUsed()
    {
        SetupFunctions functions = instantly();
        functions.find = [](auto &&...) -> Result<RateCurve> { return fallingCurve(); };
        RecipePanel panel(nullptr, functions);
        showActive(panel);
        panel.settings()->setUnfolded(true);
        card(panel, "From scratch")->click();
        QVERIFY(!panel.findButton()->isEnabled()); // there is nothing to try it on yet
        panel.setSnapshot(twoPictures());
        panel.findButton()->click();
        QTRY_VERIFY(panel.rateFinder()->useButton()->isVisible());
        QVERIFY(panel.rateFinder()->sentence().contains("0.0028"));
        panel.rateFinder()->useButton()->click();
        QCOMPARE(panel.config().learningRate, 0.0028);
        QCOMPARE(qobject_cast<NumberEdit *>(panel.settings()->field("learningRate")->control())->text(), "0.0028");
        QVERIFY(!panel.rateFinder()->isVisible());
    }

    void aCancelledSearchLeavesTheRateAsItWas()
    {
        RecipePanel panel(nullptr, endlessly());
        beginSearch(panel);
        QVERIFY(panel.rateFinder()->isRunning());
        panel.rateFinder()->cancelButton()->click();
        QVERIFY(!panel.rateFinder()->isRunning());
        QVERIFY(panel.rateFinder()->sentence().startsWith("Cancelled"));
        QCOMPARE(panel.config().learningRate, 0.0);
    }

    void aRunThatBeginsEndsTheSearch()
    {
        RecipePanel panel(nullptr, endlessly());
        beginSearch(panel);
        panel.setTraining(true);
        QVERIFY(!panel.rateFinder()->isRunning());
        QVERIFY(!panel.findButton()->isEnabled());
    }

    void aSearchThatFailsSaysWhy()
    {
        SetupFunctions functions = instantly();
        functions.find = [](auto &&...) -> Result<RateCurve> { return fail(ErrorCode::InvalidArgument, "There is only one class: add a second one."); };
        RecipePanel panel(nullptr, functions);
        beginSearch(panel);
        QTRY_COMPARE(panel.rateFinder()->sentence(), "There is only one class: add a second one.");
        QVERIFY(!panel.rateFinder()->useButton()->isVisible());
    }

    void canBeDestroyedWhileASearchGoesOn()
    {
        RecipePanel panel(nullptr, endlessly());
        beginSearch(panel);
        QVERIFY(panel.rateFinder()->isRunning());
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(SetupRateFinderTest)
#include "setup_rate_finder_test.moc"
