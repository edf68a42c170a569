#include "engine/base/counter_random.h"
#include "engine/train/internal/softmax_head.h"

#include <QTest>

#include <cmath>

namespace whisker::internal {

namespace {

constexpr int kStillFeatures = 200;

/// One feature tells the two classes apart; all others are noise of `noise` times its spread.
LabelledFeatures pictures(int eachClass, double noise, std::uint64_t seed)
{
    LabelledFeatures table;
    table.featureCount = 1 + kStillFeatures;
    CounterRandom random(seed);
    for (int i = 0; i < 2 * eachClass; ++i) {
        const int label = i % 2;
        std::vector<float> row = {static_cast<float>((label == 0 ? -1.0 : 1.0) + random.uniform(-0.2, 0.2))};
        for (int feature = 0; feature < kStillFeatures; ++feature)
            row.push_back(static_cast<float>(5.0 + random.uniform(-noise, noise)));
        table.append(row, label);
    }
    return table;
}

} // namespace

class SoftmaxHeadTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void featuresThatAreStillInFewPicturesAreNotBlownUp();
    void featuresThatNeverChangeGiveAFiniteHead();
    void aStopEndsTheFitWithWhatItHas();
    void theTemperatureMakesAnswersAsSureAsTheyAreRight();
    void fewPicturesThatAllComeOutRightMakeItOnlyALittleSurer();
};

void SoftmaxHeadTest::featuresThatAreStillInFewPicturesAreNotBlownUp()
{
    const LabelledFeatures unseen = pictures(100, 0.1, 2); // ten times as noisy as what was learnt from
    const HeadFit fit = fitBestHead(pictures(5, 0.01, 1), {}, 2, 100, {});
    QVERIFY(fit.finite);
    const HeadScore score = scoreHead(fit.head, unseen);
    QCOMPARE(score.correct, unseen.rows());
    QVERIFY2(score.loss < 0.2, qPrintable(QString::number(score.loss)));
}

void SoftmaxHeadTest::featuresThatNeverChangeGiveAFiniteHead()
{
    LabelledFeatures same;
    same.featureCount = 3;
    for (int i = 0; i < 4; ++i)
        same.append(std::vector{1.0F, 2.0F, 3.0F}, i % 2);
    const HeadFit fit = fitBestHead(same, {}, 2, 100, {});
    QVERIFY(fit.finite);
    QVERIFY(std::abs(scoreHead(fit.head, same).loss - std::log(2.0)) < 1e-3); // it can't know
}

void SoftmaxHeadTest::aStopEndsTheFitWithWhatItHas()
{
    std::stop_source stop;
    stop.request_stop();
    const HeadFit fit = fitBestHead(pictures(5, 0.1, 1), pictures(5, 0.1, 2), 2, 100, stop.get_token());
    QVERIFY(fit.iterations.empty());
    QCOMPARE(fit.head.bias.size(), 2u);
}

void SoftmaxHeadTest::theTemperatureMakesAnswersAsSureAsTheyAreRight()
{
    const LabelledFeatures training = pictures(20, 3.0, 1), validation = pictures(100, 3.0, 2), unseen = pictures(400, 3.0, 3);
    const HeadFit fit = fitBestHead(training, validation, 2, 100, {});
    const double asSolved = scoreHead(fitHead(training, nullptr, 2, {fit.choice.l2}, 100, {}).head, unseen).loss;
    const HeadScore score = scoreHead(fit.head, unseen);
    QVERIFY(fit.choice.temperature > 0.05 && fit.choice.temperature < 20.0);
    QVERIFY2(score.loss < asSolved, qPrintable(QString("%1, as solved %2, temperature %3").arg(score.loss).arg(asSolved).arg(fit.choice.temperature)));
    const double last = fit.iterations.back().validation->loss;
    QVERIFY2(std::abs(last - scoreHead(fit.head, validation).loss) < 1e-3, "the curve ends where the head is");
}

void SoftmaxHeadTest::fewPicturesThatAllComeOutRightMakeItOnlyALittleSurer()
{
    const HeadFit fit = fitBestHead(pictures(10, 0.1, 1), pictures(2, 0.1, 2), 2, 100, {});
    QVERIFY(fit.choice.temperature <= 1.0);
    QVERIFY2(fit.choice.temperature > 0.5, qPrintable(QString::number(fit.choice.temperature)));
}

} // namespace whisker::internal

QTEST_GUILESS_MAIN(whisker::internal::SoftmaxHeadTest)
#include "softmax_head_test.moc"
