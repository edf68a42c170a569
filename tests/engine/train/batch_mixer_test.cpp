#include "engine/train/internal/batch_mixer.h"

#include <QTest>

#include <algorithm>
#include <set>

namespace whisker {

using namespace internal;

namespace {

constexpr int kSizePx = 32;

/// Pictures of one colour each: 0, 40, 80, ... with labels 0, 1, 2, ...
TrainingBatch plainBatch(int count)
{
    TrainingBatch batch;
    for (int i = 0; i < count; ++i) {
        batch.pixels.insert(batch.pixels.end(), 3 * kSizePx * kSizePx, static_cast<std::uint8_t>(40 * i));
        batch.labels.push_back(i);
    }
    return batch;
}

TrainConfig mixing(double mixup, double cutmix, std::uint64_t seed = 5)
{
    TrainConfig config;
    config.mixup = mixup;
    config.cutmix = cutmix;
    config.seed = seed;
    config.sizePx = kSizePx;
    return config;
}

std::set<int> coloursOf(const TrainingBatch &batch, int picture)
{
    const auto begin = batch.pixels.begin() + static_cast<std::ptrdiff_t>(picture) * 3 * kSizePx * kSizePx;
    return {begin, begin + 3 * kSizePx * kSizePx};
}

double meanOf(const TrainingBatch &batch, int picture)
{
    const auto begin = batch.pixels.begin() + static_cast<std::ptrdiff_t>(picture) * 3 * kSizePx * kSizePx;
    double sum = 0;
    std::for_each(begin, begin + 3 * kSizePx * kSizePx, [&](std::uint8_t value) { sum += value; });
    return sum / (3 * kSizePx * kSizePx);
}

} // namespace

class BatchMixerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsMixedUnasked();
    void mixupBlendsByTheShareOfTheLabel();
    void cutmixPastesARectangleOfTheShareOfTheLabel();
    void whatIsMixedDependsOnSeedAndStepAlone();
    void aSinglePictureStaysAsItIs();
};

void BatchMixerTest::nothingIsMixedUnasked()
{
    TrainingBatch batch = plainBatch(4);
    const auto labels = BatchMixer(mixing(0, 0)).mix(batch, 3);
    QVERIFY(labels.partners.empty() && labels.shares.empty());
    QVERIFY(batch.pixels == plainBatch(4).pixels);
}

void BatchMixerTest::mixupBlendsByTheShareOfTheLabel()
{
    int changed = 0;
    for (int step = 0; step < 10; ++step) {
        TrainingBatch batch = plainBatch(6);
        const auto labels = BatchMixer(mixing(1.0, 0)).mix(batch, step);
        QCOMPARE(labels.shares.size(), 6u);
        for (int i = 0; i < 6; ++i) {
            const auto at = static_cast<std::size_t>(i);
            QVERIFY(labels.shares[at] >= 0.5f && labels.shares[at] <= 1.0f);
            const double expected = 40.0 * i * labels.shares[at] + 40.0 * static_cast<double>(labels.partners[at]) * (1 - labels.shares[at]);
            QVERIFY(coloursOf(batch, i).size() == 1 && std::abs(meanOf(batch, i) - expected) < 1.0);
            changed += coloursOf(batch, i) != std::set<int>{40 * i} ? 1 : 0;
        }
    }
    QVERIFY(changed > 30);
}

void BatchMixerTest::cutmixPastesARectangleOfTheShareOfTheLabel()
{
    int changed = 0;
    for (int step = 0; step < 10; ++step) {
        TrainingBatch batch = plainBatch(6);
        const auto labels = BatchMixer(mixing(0, 1.0)).mix(batch, step);
        for (int i = 0; i < 6; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const int partner = 40 * static_cast<int>(labels.partners[at]);
            for (const int colour : coloursOf(batch, i))
                QVERIFY(colour == 40 * i || colour == partner);
            const double expected = 40.0 * i * labels.shares[at] + partner * (1.0 - labels.shares[at]);
            QVERIFY(std::abs(meanOf(batch, i) - expected) < 1e-3 * 255);
            changed += coloursOf(batch, i).size() == 2 ? 1 : 0;
        }
    }
    QVERIFY(changed > 20);
}

void BatchMixerTest::whatIsMixedDependsOnSeedAndStepAlone()
{
    const auto mixed = [](std::uint64_t seed, std::int64_t step) {
        TrainingBatch batch = plainBatch(6);
        BatchMixer(mixing(0.4, 0.8, seed)).mix(batch, step);
        return batch.pixels;
    };
    QVERIFY(mixed(5, 7) == mixed(5, 7));
    QVERIFY(mixed(5, 7) != mixed(5, 8));
    QVERIFY(mixed(5, 7) != mixed(6, 7));
}

void BatchMixerTest::aSinglePictureStaysAsItIs()
{
    TrainingBatch batch = plainBatch(1);
    QVERIFY(BatchMixer(mixing(1, 1)).mix(batch, 0).partners.empty());
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::BatchMixerTest)
#include "batch_mixer_test.moc"
