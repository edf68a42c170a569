#include "engine/train/internal/sample_order.h"

#include <QTest>

#include <algorithm>
#include <map>

namespace whisker {

using namespace internal;

class SampleOrderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyClassComesAsOftenAsAnyOther();
    void withinAClassEveryPictureComesAlikeOften();
    void theOrderDependsOnTheCounterAlone();
    void weightsMakeClassesCountTheSame();
};

namespace {

/// Two of class 0, nine of class 1, four of class 2.
const std::vector<int> kLabels = {1, 0, 1, 2, 1, 1, 2, 1, 0, 1, 2, 1, 1, 2, 1};

} // namespace

void SampleOrderTest::everyClassComesAsOftenAsAnyOther()
{
    const auto order = balancedOrder(kLabels, 3, CounterRandom(1));
    QCOMPARE(order.size(), kLabels.size());
    std::map<int, int> counts;
    for (const std::size_t place : order)
        ++counts[kLabels[place]];
    QVERIFY((counts == std::map<int, int>{{0, 5}, {1, 5}, {2, 5}}));
}

void SampleOrderTest::withinAClassEveryPictureComesAlikeOften()
{
    const auto order = balancedOrder(kLabels, 3, CounterRandom(2));
    for (std::size_t i = 0; i < kLabels.size(); ++i) {
        const auto times = std::ranges::count(order, i);
        QVERIFY(kLabels[i] == 0 ? times == 2 || times == 3 : kLabels[i] == 1 ? times <= 1 : times == 1 || times == 2);
    }
}

void SampleOrderTest::theOrderDependsOnTheCounterAlone()
{
    QVERIFY(balancedOrder(kLabels, 3, CounterRandom(3, 1)) == balancedOrder(kLabels, 3, CounterRandom(3, 1)));
    QVERIFY(balancedOrder(kLabels, 3, CounterRandom(3, 1)) != balancedOrder(kLabels, 3, CounterRandom(3, 2)));
}

void SampleOrderTest::weightsMakeClassesCountTheSame()
{
    const auto weights = balancingWeights(kLabels, 4);
    QCOMPARE(weights.size(), 4u);
    QCOMPARE(weights[0] * 2, 5.0f);
    QCOMPARE(weights[1] * 9, 5.0f);
    QCOMPARE(weights[2] * 4, 5.0f);
    QCOMPARE(weights[3], 0.0f);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::SampleOrderTest)
#include "sample_order_test.moc"
