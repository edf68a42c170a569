#include "engine/train/rate_finder.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

class RateFinderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSuggestionLetsTheSmallNetLearn();
    void theRateGrowsByAConstantFactor();
    void aTenthOfTheRateWithTheLeastLossIsSuggested();
    void nothingIsSuggestedWhereNoRateHelps();
    void quickHasNoLearningRate();
    void aWrongRangeIsRefused();
    void aBatchThatDoesNotFitIsComputedInParts();
    void aStopEndsTheSearch();
};

void RateFinderTest::theSuggestionLetsTheSmallNetLearn()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(6);
    const auto curve = findLearningRate(pictures, config);
    QVERIFY2(curve, errorText(curve));
    QVERIFY(curve->suggestion.has_value());
    config.learningRate = *curve->suggestion;
    const auto report = train(pictures, config, test::outputIn(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY2(report->test->correct >= 6, qPrintable(QString::number(report->test->correct)));
}

void RateFinderTest::theRateGrowsByAConstantFactor()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    const RateRange range{1e-5, 1e-3, 11};
    int told = 0;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &progress) { told = progress.step; };
    const auto curve = findLearningRate(pictures, scratchConfig(), range, events);
    QVERIFY2(curve, errorText(curve));
    QCOMPARE(curve->points.size(), 11u);
    QCOMPARE(curve->points.front().learningRate, 1e-5);
    QCOMPARE(curve->points[5].learningRate, 1e-4);
    QCOMPARE(curve->points.back().learningRate, 1e-3);
    QCOMPARE(told, 11);
    QVERIFY(findLearningRate(pictures, scratchConfig(), range)->points == curve->points);
}

void RateFinderTest::aTenthOfTheRateWithTheLeastLossIsSuggested()
{
    const std::vector<RatePoint> points = {{1e-4, 1, 1.0}, {1e-3, 1, 0.9}, {1e-2, 1, 0.5}, {1e-1, 1, 2.5}};
    QCOMPARE(*suggestedRate(points), 1e-3);
}

void RateFinderTest::nothingIsSuggestedWhereNoRateHelps()
{
    QVERIFY(!suggestedRate({}));
    QVERIFY(!suggestedRate({{1e-4, 1, 1.0}, {1e-3, 1, 0.99}, {1e-2, 1, 3.0}}));
}

void RateFinderTest::quickHasNoLearningRate()
{
    const TestFolder folder;
    QCOMPARE(findLearningRate(shared(drawnSnapshot(folder)), test::quickConfig()).error().code, ErrorCode::InvalidArgument);
}

void RateFinderTest::aWrongRangeIsRefused()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    for (const RateRange &range : {RateRange{0, 1, 100}, RateRange{1, 1, 100}, RateRange{1e-5, 1, 2}})
        QCOMPARE(findLearningRate(pictures, scratchConfig(), range).error().code, ErrorCode::InvalidArgument);
}

void RateFinderTest::aBatchThatDoesNotFitIsComputedInParts()
{
    const TestFolder folder;
    TrainConfig config = scratchConfig();
    config.batch = 16;
    std::vector<std::string> notes;
    TrainEvents events;
    events.onNote = [&](const std::string &note) { notes.push_back(note); };
    const auto pictures = shared(drawnSnapshot(folder));
    const auto curve = internal::findLearningRateWithin(1'000, pictures, config, {1e-5, 1e-3, 11}, events, {});
    QVERIFY2(curve, errorText(curve));
    QCOMPARE(curve->points.size(), 11u);
    QCOMPARE(notes.size(), 1u);
    QVERIFY2(notes[0].find("16 pictures at once, so 2 are computed at a time") != std::string::npos, notes[0].c_str());
}

void RateFinderTest::aStopEndsTheSearch()
{
    const TestFolder folder;
    std::stop_source source;
    TrainEvents events;
    events.onProgress = [&](const TrainProgress &) { source.request_stop(); };
    const auto curve = findLearningRate(shared(drawnSnapshot(folder)), scratchConfig(), {}, events, source.get_token());
    QVERIFY(!curve);
    QCOMPARE(curve.error().code, ErrorCode::Cancelled);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::RateFinderTest)
#include "rate_finder_test.moc"
