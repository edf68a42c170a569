#include "engine/predict/predictor.h"
#include "engine/predict/teaching_order.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>
#include <numeric>

namespace whisker {

using test::errorText;
using test::TestFolder;

class TeachingOrderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheModelIsSureOfTeachesNothing();
    void theMostUncertainComesFirst();
    void nearCopiesDoNotStandTogether();
    void whatIsLikeALabelledPictureComesLater();
    void whatIsNotSpreadFollowsByUncertainty();
    void everyPictureComesOnce();
    void equalOnesKeepTheirOrder();
    void aSketchKeepsTheAngleBetweenFeatures();
    void noFeaturesAreNoSketch();
    void photographsTellTheirFeaturesWithTheirAnswers();
};

namespace {

/// A unit vector along one axis, turned a little towards the next.
Sketch along(std::size_t axis, float turn = 0.0F)
{
    Sketch sketch{};
    sketch[axis] = std::sqrt(1.0F - turn * turn);
    sketch[axis + 1] = turn;
    return sketch;
}

double cosine(const Sketch &left, const Sketch &right)
{
    return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

} // namespace

void TeachingOrderTest::whatTheModelIsSureOfTeachesNothing()
{
    QCOMPARE(uncertainty(std::vector{1.0F, 0.0F, 0.0F}), 0.0);
    QCOMPARE(uncertainty(std::vector{0.5F, 0.5F}), 1.0);
    QVERIFY(std::abs(uncertainty(std::vector{0.2F, 0.7F, 0.1F}) - 0.5) < 1e-6);
    QCOMPARE(uncertainty(std::vector{1.0F}), 0.0);
    QCOMPARE(uncertainty({}), 0.0);
}

void TeachingOrderTest::theMostUncertainComesFirst()
{
    const std::vector<TeachingCandidate> candidates{{0.1, along(0)}, {0.9, along(2)}, {0.5, along(4)}};
    QCOMPARE(teachingOrder(candidates), (std::vector<std::size_t>{1, 2, 0}));
}

void TeachingOrderTest::nearCopiesDoNotStandTogether()
{
    const std::vector<TeachingCandidate> candidates{{0.9, along(0)}, {0.9, along(0, 0.1F)}, {0.9, along(0, 0.05F)}, {0.4, along(2)}, {0.3, along(4)}};
    const auto order = teachingOrder(candidates);
    QCOMPARE(std::vector(order.begin(), order.begin() + 3), (std::vector<std::size_t>{0, 3, 4}));
}

void TeachingOrderTest::whatIsLikeALabelledPictureComesLater()
{
    const std::vector<TeachingCandidate> candidates{{0.9, along(0, 0.1F)}, {0.5, along(2)}};
    const std::vector<Sketch> known{along(0)};
    QCOMPARE(teachingOrder(candidates, known), (std::vector<std::size_t>{1, 0}));
}

void TeachingOrderTest::whatIsNotSpreadFollowsByUncertainty()
{
    const std::vector<TeachingCandidate> candidates{{0.9, along(0)}, {0.2, along(2)}, {0.8, along(0)}, {0.7, along(0)}};
    QCOMPARE(teachingOrder(candidates, {}, 2), (std::vector<std::size_t>{0, 1, 2, 3}));
    QCOMPARE(teachingOrder(candidates, {}, 0), (std::vector<std::size_t>{0, 2, 3, 1}));
}

void TeachingOrderTest::everyPictureComesOnce()
{
    CounterRandom random(1);
    std::vector<TeachingCandidate> candidates(500);
    for (auto &candidate : candidates)
        candidate = {random.uniform(), along(random.below(60))};
    auto order = teachingOrder(candidates);
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i)
        QCOMPARE(order[i], i);
    QVERIFY(teachingOrder({}).empty());
}

void TeachingOrderTest::equalOnesKeepTheirOrder()
{
    const std::vector<TeachingCandidate> candidates(4);
    QCOMPARE(teachingOrder(candidates), (std::vector<std::size_t>{0, 1, 2, 3}));
}

void TeachingOrderTest::aSketchKeepsTheAngleBetweenFeatures()
{
    CounterRandom random(2);
    std::vector<float> first(1280), second(1280), near;
    for (std::size_t i = 0; i < first.size(); ++i) {
        first[i] = static_cast<float>(random.uniform(-1.0, 1.0));
        second[i] = static_cast<float>(random.uniform(-1.0, 1.0));
        near.push_back(first[i] + 0.1F * second[i]);
    }
    QVERIFY(cosine(sketchOf(first), sketchOf(near)) > 0.95);
    QVERIFY(std::abs(cosine(sketchOf(first), sketchOf(second))) < 0.4);
    QVERIFY(std::abs(cosine(sketchOf(first), sketchOf(first)) - 1.0) < 1e-5);
}

void TeachingOrderTest::noFeaturesAreNoSketch()
{
    QCOMPARE(sketchOf({}), Sketch{});
    QCOMPARE(sketchOf(std::vector<float>(1280, 0.0F)), Sketch{});
    QCOMPARE(sketchOf(std::vector<float>(8, std::numeric_limits<float>::quiet_NaN())), Sketch{});
}

void TeachingOrderTest::photographsTellTheirFeaturesWithTheirAnswers()
{
    const TestFolder folder;
    const auto snapshot = test::photographSnapshot({.train = 3, .validation = 0, .test = 0});
    const auto report = train(test::shared(snapshot), test::quickConfig(), test::outputIn(folder));
    QVERIFY2(report, errorText(report));
    PredictorOptions options;
    options.featuresToo = true;
    const auto predictor = Predictor::load(report->model, options);
    const auto plain = Predictor::load(report->model);
    QVERIFY2(predictor && plain, errorText(predictor));
    std::vector<std::filesystem::path> files{folder.write("broken.jpg", "no picture")};
    for (const auto &entry : snapshot.entries)
        files.push_back(entry.file);
    const auto answers = predictor->predictFiles(files);
    const auto without = plain->predictFiles(files);
    QVERIFY(!answers[0]);
    for (std::size_t i = 1; i < files.size(); ++i) {
        QVERIFY2(answers[i] && without[i], errorText(answers[i]));
        QCOMPARE(answers[i]->features.size(), 1280u);
        QVERIFY(without[i]->features.empty());
        QCOMPARE(answers[i]->probabilities, without[i]->probabilities);
    }
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TeachingOrderTest)
#include "teaching_order_test.moc"
