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

} // namespace whisker::internal

QTEST_GUILESS_MAIN(whisker::internal::SoftmaxHeadTest)
#include "softmax_head_test.moc"
