#include "engine/train/internal/training_loss.h"
#include "engine/train/internal/weight_average.h"

#include <QTest>

#include <ATen/ATen.h>

#include <cmath>

namespace whisker {

using namespace internal;

namespace {

at::Tensor twoLogits() { return at::tensor({2.0f, 0.0f, -1.0f, 0.5f, 0.25f, 1.0f}).view({2, 3}); }
at::Tensor twoLabels() { return at::tensor({std::int64_t(0), std::int64_t(1)}); }

double value(const TrainingLoss &loss, const at::Tensor &partners = {}, const at::Tensor &shares = {})
{
    return loss(twoLogits(), twoLabels(), partners, shares).item<double>();
}

/// -log p(label) of each of the two pictures.
double surprise(int picture, int label)
{
    return -at::log_softmax(twoLogits(), 1)[picture][label].item<double>();
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-5;
}

} // namespace

class TrainingLossTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asItStandsItIsTheMeanCrossEntropy();
    void smoothingGivesEachClassItsPart();
    void mixedPicturesAnswerForBothLabels();
    void classesCountWhatTheyWeigh();
    void theAverageBeginsQuicklyAndThenFollowsSlowly();
    void theAverageIsSavedAndGoesOn();
};

void TrainingLossTest::asItStandsItIsTheMeanCrossEntropy()
{
    QVERIFY(near(value({0.0, {}}), (surprise(0, 0) + surprise(1, 1)) / 2));
}

void TrainingLossTest::smoothingGivesEachClassItsPart()
{
    const at::Tensor torch = at::cross_entropy_loss(twoLogits(), twoLabels(), {}, at::Reduction::Mean, -100, 0.3);
    QVERIFY(near(value({0.3, {}}), torch.item<double>()));
    QVERIFY(!near(value({0.3, {}}), value({0.0, {}})));
}

void TrainingLossTest::mixedPicturesAnswerForBothLabels()
{
    const at::Tensor partners = at::tensor({std::int64_t(2), std::int64_t(0)}), shares = at::tensor({0.75f, 0.5f});
    const double expected = 0.75 * surprise(0, 0) + 0.25 * surprise(0, 2) + 0.5 * surprise(1, 1) + 0.5 * surprise(1, 0);
    QVERIFY(near(value({0.0, {}}, partners, shares), expected / 2));
}

void TrainingLossTest::classesCountWhatTheyWeigh()
{
    QVERIFY(near(value({0.0, {4.0f, 0.5f, 1.0f}}), (4 * surprise(0, 0) + 0.5 * surprise(1, 1)) / 2));
    const double even = (surprise(1, 0) + surprise(1, 1) + surprise(1, 2)) / 3, all = (surprise(0, 0) + surprise(0, 1) + surprise(0, 2)) / 3;
    const double smoothed = 4 * (0.9 * surprise(0, 0) + 0.1 * all) + 0.5 * (0.9 * surprise(1, 1) + 0.1 * even);
    QVERIFY(near(value({0.1, {4.0f, 0.5f, 1.0f}}), smoothed / 2));
}

void TrainingLossTest::theAverageBeginsQuicklyAndThenFollowsSlowly()
{
    at::Tensor weight = at::zeros({2});
    WeightAverage average({{"weight", weight}}, 0.5);
    const auto first = [&] {
        Weights weights;
        average.putInto(weights);
        return weights.find("weight")->floats()[0];
    };
    weight.fill_(10.0);
    average.follow(0); // decay 1/10
    QVERIFY(near(first(), 9.0));
    average.follow(1000); // decay 0.5
    QVERIFY(near(first(), 9.5));
    average.restart();
    QVERIFY(near(first(), 10.0));
}

void TrainingLossTest::theAverageIsSavedAndGoesOn()
{
    at::Tensor weight = at::ones({3});
    WeightAverage average({{"weight", weight}}, 0.9);
    weight.fill_(4.0);
    average.follow(2);
    Weights saved, once, again;
    average.save(saved);
    average.putInto(once);
    WeightAverage other({{"weight", weight}}, 0.9);
    QVERIFY(other.load(saved).has_value());
    other.putInto(again);
    QVERIFY(once == again);
    QVERIFY(!other.load({}));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TrainingLossTest)
#include "training_loss_test.moc"
